package protocol

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

func TestDecodeDescribe(t *testing.T) {
	text := `{"name":"drain-2","version":"0.3.1","protocols":[3,1],"description":"d","methods":["describe"],"mode":"kept-running",` +
		`"reads":[],"writes":["/a"],"options":{"type": "object"},"needs":{"env":["A"],"files":[],"network":["h:1"],"x":1},` +
		`"commands":[{"name":"c","usage":"u","description":"d","flags":[{"name":"f","type":"t","description":"d","default":[1.0],"x":1}]},{"name":"b"}],` +
		`"requires":[],"write":[],"Reads":["/b"]}`
	got, unknown, err := DecodeDescribe([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, []string{"write", "Reads"}, unknown) // DSC-7
	assert.Equal(t, &Describe{
		Name: "drain-2", Version: "0.3.1", Protocols: []int{3, 1}, Description: "d",
		Methods: []string{"describe"}, Mode: ModeKeptRunning, Reads: []string{}, Writes: []string{"/a"},
		Options: raw(`{"type": "object"}`),
		Needs:   &Needs{Env: []string{"A"}, Files: []string{}, Network: []string{"h:1"}},
		Commands: []CommandSpec{
			{Name: "c", Usage: "u", Description: "d", Flags: []Flag{{Name: "f", Type: "t", Description: "d", Default: raw(`[1.0]`)}}},
			{Name: "b"},
		},
		Requires: []string{},
	}, got)
	assert.NoError(t, spec.Validate("describe-result", []byte(text)))
}

// Absent and empty scopes differ (SCP-3), also when a plugin in Go writes them.
func TestDescribeBothWays(t *testing.T) {
	for _, text := range []string{
		`{"name":"a","version":"1","protocols":[1]}`,
		`{"name":"a","version":"1","protocols":[1],"reads":[],"writes":[]}`,
		`{"name":"a","version":"1","protocols":[1],"methods":[],"reads":["/a"],"options":{}}`,
	} {
		d, unknown, err := DecodeDescribe([]byte(text))
		require.NoError(t, err)
		assert.Empty(t, unknown)
		back, err := EncodeParams(d)
		require.NoError(t, err)
		assert.Equal(t, text, string(back))
	}
}

// Each row differs from an accepted result in one thing. The rows without
// beyond are refused by the JSON Schema too (DSC-2).
func TestDecodeDescribeRefuses(t *testing.T) {
	const ok = `"name":"a","version":"1","protocols":[1]`
	for _, row := range []struct {
		text, rule, want string
		beyond           bool
	}{
		{text: `null`, rule: "DSC-2", want: `the result must be an object, and is "null"`},
		{text: `[]`, rule: "DSC-2", want: "an object"},
		{text: `{}`, rule: "DSC-2", want: "protocols is missing"},
		{text: `{"protocols":[1],"version":"1"}`, rule: "DSC-2", want: "name is missing"},
		{text: `{"protocols":[1],"name":"a"}`, rule: "DSC-2", want: "version is missing"},
		{text: `{"protocols":[1],"name":"a","Version":"1"}`, rule: "DSC-2", want: "version is missing"},
		{text: `{"protocols":[1],"version":"1","name":7}`, rule: "DSC-2", want: `name must be a string, and is "7"`},
		{text: `{"protocols":[1],"version":"1","name":"A"}`, rule: "NAM-2", want: `and is "A"`},
		{text: `{"protocols":[1],"version":"","name":"a"}`, rule: "DSC-2", want: "version must be a string that is not empty"},
		{text: `{"protocols":[1],"version":null,"name":"a"}`, rule: "DSC-2", want: "version must be a string"},
		{text: `{"name":"a","version":"1","protocols":1}`, rule: "DSC-2", want: "protocols must be an array"},
		{text: `{"name":"a","version":"1","protocols":["1"]}`, rule: "DSC-2", want: `protocols[0] must be an integer`},
		{text: `{"name":"a","version":"1","protocols":[1,0]}`, rule: "DSC-2", want: `protocols[1] must be an integer`},
		{text: `{"name":"a","version":"1","protocols":[1.5]}`, rule: "DSC-2", want: `"1.5"`},
		{text: `{"name":"a","version":"1","protocols":[]}`, rule: "VER-4", want: "the plugin speaks [], this host [1]"},
		{text: `{"protocols":[2,3]}`, rule: "VER-4", want: "the plugin speaks [2 3], this host [1]", beyond: true},
		{text: `{"name":7,"protocols":[2]}`, rule: "VER-4", want: "the plugin speaks [2]", beyond: true},
		{text: `{` + ok + `,"requires":["x"]}`, rule: "VER-5", want: `it requires "x"`, beyond: true},
		{text: `{"requires":["x"],"name":7,"protocols":[1]}`, rule: "VER-5", want: `it requires "x"`, beyond: true},
		{text: `{` + ok + `,"requires":"x"}`, rule: "DSC-2", want: "requires must be an array"},
		{text: `{` + ok + `,"requires":[""]}`, rule: "DSC-2", want: "requires[0] must be a string that is not empty"},
		{text: `{` + ok + `,"description":7}`, rule: "DSC-2", want: "description must be a string"},
		{text: `{` + ok + `,"methods":["describe",7]}`, rule: "DSC-2", want: "methods[1] must be a string"},
		{text: `{` + ok + `,"methods":null}`, rule: "DSC-2", want: "methods must be an array"},
		{text: `{` + ok + `,"mode":"daemon"}`, rule: "DSC-2", want: `mode must be "one-shot" or "kept-running"`},
		{text: `{` + ok + `,"mode":1}`, rule: "DSC-2", want: "mode must be a string"},
		{text: `{` + ok + `,"reads":"/a"}`, rule: "DSC-2", want: "reads must be an array"},
		{text: `{` + ok + `,"writes":null}`, rule: "DSC-2", want: "writes must be an array"},
		{text: `{` + ok + `,"writes":[["/a"]]}`, rule: "DSC-2", want: "writes[0] must be a string"},
		{text: `{` + ok + `,"options":[]}`, rule: "OPT-2", want: "options must be an object"},
		{text: `{` + ok + `,"options":true}`, rule: "OPT-2", want: "options must be an object"},
		{text: `{` + ok + `,"needs":[]}`, rule: "DSC-2", want: "needs must be an object"},
		{text: `{` + ok + `,"needs":{"env":"A"}}`, rule: "DSC-2", want: "needs.env must be an array"},
		{text: `{` + ok + `,"needs":{"files":[1]}}`, rule: "DSC-2", want: "needs.files[0] must be a string"},
		{text: `{` + ok + `,"commands":{}}`, rule: "DSC-2", want: "commands must be an array"},
		{text: `{` + ok + `,"commands":[7]}`, rule: "DSC-2", want: "commands[0] must be an object"},
		{text: `{` + ok + `,"commands":[{}]}`, rule: "DSC-2", want: "commands[0].name is missing"},
		{text: `{` + ok + `,"commands":[{"name":"c","usage":1}]}`, rule: "DSC-2", want: "commands[0].usage must be a string"},
		{text: `{` + ok + `,"commands":[{"name":"c","flags":[{"name":"f"}]}]}`, rule: "DSC-2", want: "commands[0].flags[0].type is missing"},
		{text: `{` + ok + `,"commands":[{"name":"c","flags":[1]}]}`, rule: "DSC-2", want: "commands[0].flags[0] must be an object"},
		{text: `{` + ok, rule: "FRM-9", want: "the line ends", beyond: true},
		{text: `{"a":1,"a":1}`, rule: "FRM-5", want: `"a" stands there again`, beyond: true},
	} {
		d, unknown, err := DecodeDescribe([]byte(row.text))
		assert.Nil(t, d)
		assert.Nil(t, unknown)
		checkRefused(t, row.text, row.rule, row.want, err)
		if !row.beyond {
			assert.Error(t, spec.Validate("describe-result", []byte(row.text)), row.text)
		}
	}
}

func checkRefused(t *testing.T, text, rule, want string, err error) {
	t.Helper()
	var v *Violation
	require.ErrorAs(t, err, &v, text)
	assert.Equal(t, rule, v.Rule, "%s: %v", text, v)
	assert.Contains(t, v.Error(), want, text)
	assert.Contains(t, v.Error(), Quote([]byte(text)))
	assert.NotEmpty(t, v.Hint())
}

func TestDecodeModifyResult(t *testing.T) {
	for text, want := range map[string]*ModifyResult{
		`{"merge":{"a":null}}`:                  {Merge: raw(`{"a":null}`)},
		`{"patch":[ ]}`:                         {Patch: raw(`[ ]`)},
		`{"config":{"b":1.0,"a":2},"x":1}`:      {Config: raw(`{"b":1.0,"a":2}`)},
		`{"merge":{},"Config":1,"messages":[]}`: {Merge: raw(`{}`), Messages: []PluginMessage{}},
		`{"messages":[{"level":"debug","message":"m","pointer":"/a","x":1},{"level":"warning","message":"n"}],"merge":{}}`: {
			Merge:    raw(`{}`),
			Messages: []PluginMessage{{LevelDebug, "m", "/a"}, {LevelWarning, "n", ""}},
		},
		`{"merge":{},"requires":[]}`: {Merge: raw(`{}`), Requires: []string{}},
	} {
		got, err := DecodeModifyResult([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
		assert.NoError(t, spec.Validate("modify-result", []byte(text)))
	}
}

// MOD-8.
func TestUnknownLevelIsInfo(t *testing.T) {
	got, err := DecodeModifyResult([]byte(`{"merge":{},"messages":[{"level":"fatal","message":"m"}]}`))
	require.NoError(t, err)
	assert.Equal(t, []PluginMessage{{Level: LevelInfo, Message: "m"}}, got.Messages)
}

func TestDecodeModifyResultRefuses(t *testing.T) {
	for _, row := range []struct {
		text, rule, want string
		beyond           bool
	}{
		{text: `null`, rule: "MOD-2", want: "the result must be an object"},
		{text: `"done"`, rule: "MOD-2", want: "the result must be an object"},
		{text: `{}`, rule: "MOD-2", want: `none of "merge", "patch" and "config"`},
		{text: `{"messages":[]}`, rule: "MOD-2", want: "none of"},
		{text: `{"Merge":{}}`, rule: "MOD-2", want: "none of"},
		{text: `{"merge":{},"patch":[]}`, rule: "MOD-2", want: `merge and patch`},
		{text: `{"config":null,"merge":{}}`, rule: "MOD-2", want: `config and merge`},
		{text: `{"merge":[]}`, rule: "MOD-3", want: "merge must be an object"},
		{text: `{"merge":null}`, rule: "MOD-3", want: `and is "null"`},
		{text: `{"patch":{}}`, rule: "MOD-4", want: "patch must be an array"},
		{text: `{"config":"a"}`, rule: "MOD-5", want: "config must be an object"},
		{text: `{"merge":{},"messages":{}}`, rule: "MOD-7", want: "messages must be an array"},
		{text: `{"merge":{},"messages":["m"]}`, rule: "MOD-7", want: "messages[0] must be an object"},
		{text: `{"merge":{},"messages":[{"level":"info"}]}`, rule: "MOD-7", want: "messages[0].message is missing"},
		{text: `{"merge":{},"messages":[{"message":"m"}]}`, rule: "MOD-7", want: "messages[0].level is missing"},
		{text: `{"merge":{},"messages":[{"level":"info","message":""}]}`, rule: "MOD-7", want: "not empty"},
		{text: `{"merge":{},"messages":[{"level":7,"message":"m"}]}`, rule: "MOD-7", want: "messages[0].level must be a string"},
		{text: `{"merge":{},"messages":[{"level":"info","message":"m","pointer":1}]}`, rule: "MOD-7", want: "pointer must be a string"},
		{text: `{"messages":{},"merge":[]}`, rule: "MOD-7", want: "messages must be an array"},
		{text: `{"requires":["x"]}`, rule: "VER-5", want: `it requires "x"`, beyond: true},
		{text: `{"merge":{},"requires":[7]}`, rule: "MOD-2", want: "requires[0] must be a string"},
		{text: `{`, rule: "FRM-9", want: "the line ends", beyond: true},
	} {
		r, err := DecodeModifyResult([]byte(row.text))
		assert.Nil(t, r)
		checkRefused(t, row.text, row.rule, row.want, err)
		if !row.beyond {
			assert.Error(t, spec.Validate("modify-result", []byte(row.text)), row.text)
		}
	}
	_, err := DecodeModifyResult([]byte(`{}`))
	var v *Violation
	require.ErrorAs(t, err, &v)
	assert.Equal(t, `answer {"merge":{}} when nothing is to change`, v.Hint())
}
