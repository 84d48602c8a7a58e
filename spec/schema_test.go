package spec

import (
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// schemaCases has texts that each schema accepts and rejects. Each rejected
// one differs from an accepted one in a single thing.
var schemaCases = map[string]struct{ good, bad []string }{
	"name": {
		good: []string{`"a"`, `"site"`, `"ix-f2-x"`, `"0"`},
		bad:  []string{`""`, `"A"`, `"-a"`, `"a-"`, `"a--b"`, `"a_b"`, `"a/b"`, `"a\n"`, `7`},
	},
	"pointer": {
		good: []string{`""`, `"/"`, `"/a/b~0~1"`, `"/a b/*"`},
		bad:  []string{`"a"`, `"/~2"`, `"/a~"`, `null`},
	},
	"pattern": {
		good: []string{`""`, `"/peers/*"`, `"/peers/a*b/~2~0~1"`},
		bad:  []string{`"peers"`, `"/~3"`, `"/a~"`, `["/a"]`},
	},
	"level": {good: []string{`"error"`, `"warning"`, `"info"`, `"debug"`}, bad: []string{`"warn"`, `""`, `1`}},
	"id":    {good: []string{`1`, `-1`, `1.5`, `"a"`, `""`}, bad: []string{`null`, `true`, `[1]`}},
	"message": {
		good: []string{`{"level":"info","message":"m"}`, `{"level":"info","message":"m","pointer":"/a","x":1}`},
		bad:  []string{`{"message":"m"}`, `{"level":"info"}`, `{"level":"info","message":""}`, `{"level":"info","message":"m","pointer":"a"}`, `[]`},
	},
	"request": {
		good: []string{`{"jsonrpc":"2.0","id":"a","method":"m","params":{"protocol":2,"x":1},"x":1}`},
		bad: []string{
			`{"id":1,"method":"m","params":{"protocol":1}}`,
			`{"jsonrpc":"1.0","id":1,"method":"m","params":{"protocol":1}}`,
			`{"jsonrpc":"2.0","method":"m","params":{"protocol":1}}`,
			`{"jsonrpc":"2.0","id":null,"method":"m","params":{"protocol":1}}`,
			`{"jsonrpc":"2.0","id":1,"params":{"protocol":1}}`,
			`{"jsonrpc":"2.0","id":1,"method":"","params":{"protocol":1}}`,
			`{"jsonrpc":"2.0","id":1,"method":"m"}`,
			`{"jsonrpc":"2.0","id":1,"method":"m","params":[]}`,
			`{"jsonrpc":"2.0","id":1,"method":"m","params":{}}`,
			`{"jsonrpc":"2.0","id":1,"method":"m","params":{"protocol":"1"}}`,
			`[{"jsonrpc":"2.0","id":1,"method":"m","params":{"protocol":1}}]`,
		},
	},
	"notification": {
		good: []string{`{"jsonrpc":"2.0","method":"m"}`, `{"jsonrpc":"2.0","method":"m","params":{},"x":1}`},
		bad:  []string{`{"method":"m"}`, `{"jsonrpc":"2.0"}`, `{"jsonrpc":"2.0","method":7}`, `{"jsonrpc":"2.0","method":"m","id":1}`, `{"jsonrpc":"2.0","method":"m","params":[]}`},
	},
	"answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"result":null}`, `{"jsonrpc":"2.0","id":1,"result":{},"error":null}`, `{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"m"}}`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}`},
		bad: []string{
			`{"id":1,"result":{}}`,
			`{"jsonrpc":"2.0","result":{}}`,
			`{"jsonrpc":"2.0","id":null,"result":{}}`,
			`{"jsonrpc":"2.0","id":1}`,
			`{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}`,
			`{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"m"}}`,
			`{"jsonrpc":"2.0","id":1,"error":null}`,
			`{"jsonrpc":"2.0","id":1,"method":"m","result":{}}`,
			`{"jsonrpc":"2.0","id":1,"error":"m"}`,
		},
	},
	"error": {
		good: []string{
			`{"code":-32603,"message":"m"}`, `{"code":2147483647,"message":"m","data":[1]}`,
			`{"code":-32001,"message":"m","data":{"supported":[1]}}`,
			`{"code":-32002,"message":"m","data":{"pointer":""}}`,
			`{"code":-32003,"message":"m","data":{"retryAfter":0.5}}`,
		},
		bad: []string{
			`{"message":"m"}`, `{"code":1}`, `{"code":1,"message":""}`, `{"code":"1","message":"m"}`, `{"code":1.5,"message":"m"}`,
			`{"code":0,"message":"m"}`, `{"code":-1,"message":"m"}`, `{"code":2147483648,"message":"m"}`,
			`{"code":-32001,"message":"m"}`, `{"code":-32001,"message":"m","data":{}}`, `{"code":-32001,"message":"m","data":{"supported":[]}}`,
			`{"code":-32002,"message":"m","data":{"pointer":"a"}}`, `{"code":-32002,"message":"m","data":"/a"}`,
			`{"code":-32003,"message":"m","data":{"retryAfter":-1}}`, `{"code":-32003,"message":"m","data":{"retryAfter":"1"}}`,
		},
	},
	"error-answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1}}`},
	},
	"describe-params": {good: []string{`{"protocol":1,"x":1}`}, bad: []string{`{}`, `{"protocol":2}`, `{"protocol":"1"}`, `[1]`}},
	"describe-request": {
		good: []string{`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1}}`, `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":2}}`, `{"id":1,"method":"describe","params":{"protocol":1}}`},
	},
	"describe-result": {
		good: []string{`{"name":"a","version":"1","protocols":[1],"x":1}`},
		bad: append([]string{`[]`, `{"version":"1","protocols":[1]}`, `{"name":"a","protocols":[1]}`, `{"name":"a","version":"1"}`},
			with(`{"name":"a","version":"1","protocols":[1]}`,
				`"name":"A"`, `"version":""`, `"version":1`, `"protocols":[]`, `"protocols":1`, `"protocols":["1"]`, `"description":1`,
				`"methods":"modify"`, `"methods":[1]`, `"mode":"daemon"`, `"reads":"/a"`, `"reads":["a"]`, `"writes":null`, `"writes":["a"]`,
				`"options":true`, `"needs":[]`, `"needs":{"env":"A"}`, `"needs":{"files":[1]}`, `"needs":{"network":1}`,
				`"commands":{}`, `"commands":[{}]`, `"commands":[{"name":"c","flags":[{"name":"f"}]}]`, `"commands":[{"name":"c","flags":[{"type":"string"}]}]`,
				`"requires":"x"`, `"requires":[1]`)...),
	},
	"describe-answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"result":{"name":"a","version":"1","protocols":[1]}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{"name":"a","version":"1"}}`, `{"jsonrpc":"2.0","id":1}`, `{"name":"a","version":"1","protocols":[1]}`},
	},
	"context": {
		good: []string{contextText, strings.Replace(contextText, `"/etc/p.yml"`, `""`, 1)},
		bad: append(with(contextText, `"configFile":"p.yml"`, `"configDir":""`, `"stateDir":"state"`, `"timeoutMs":0`, `"timeoutMs":1.5`, `"hostVersion":""`, `"dryRun":"no"`),
			without(contextText)...),
	},
	"modify-params": {
		good: []string{paramsText},
		bad:  append(with(paramsText, `"protocol":2`, `"config":[]`, `"config":{"plugins":{}}`, `"options":null`, `"context":{}`), without(paramsText)...),
	},
	"modify-request": {
		good: []string{`{"jsonrpc":"2.0","id":1,"method":"modify","params":` + paramsText + `}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"method":"describe","params":` + paramsText + `}`, `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1}}`, `{"jsonrpc":"2.0","method":"modify","params":` + paramsText + `}`},
	},
	"patch": {
		good: []string{`[]`, `[{"op":"add","path":"","value":null},{"op":"remove","path":"/a"},{"op":"move","from":"/a","path":"/b"},{"op":"test","path":"/a","value":1,"x":1}]`},
		bad: []string{
			`{}`, `[1]`, `[{"path":"/a","value":1}]`, `[{"op":"set","path":"/a","value":1}]`, `[{"op":"add","value":1}]`, `[{"op":"add","path":"a","value":1}]`,
			`[{"op":"add","path":"/a"}]`, `[{"op":"replace","path":"/a"}]`, `[{"op":"test","path":"/a"}]`, `[{"op":"move","path":"/a"}]`, `[{"op":"copy","path":"/a","from":"b"}]`,
		},
	},
	"modify-result": {
		good: []string{`{"merge":{}}`, `{"patch":[]}`, `{"config":{},"messages":[],"requires":[],"x":1}`},
		bad: []string{
			`{}`, `[]`, `{"merge":{},"patch":[]}`, `{"patch":[],"config":{}}`, `{"merge":{},"config":null}`, `{"merge":null}`, `{"merge":[]}`, `{"patch":{}}`, `{"patch":[{}]}`,
			`{"config":null}`, `{"config":"a"}`, `{"merge":{},"messages":{}}`, `{"merge":{},"messages":[{"level":"info"}]}`, `{"merge":{},"requires":[1]}`,
		},
	},
	"modify-answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","result":{"merge":{}}}`, `{"merge":{}}`},
	},
	"change": {
		good: []string{`{"pointer":"/a","op":"add","after":null,"plugin":"p","x":1}`, `{"pointer":"","op":"replace","before":1,"after":2,"plugin":"p"}`, `{"pointer":"/a","op":"remove","before":[],"plugin":"p"}`},
		bad: append(append(with(changeText, `"pointer":"a"`, `"op":"move"`, `"plugin":"P"`), without(changeText)...),
			`[]`, `{"pointer":"/a","op":"add","before":1,"plugin":"p"}`, `{"pointer":"/a","op":"remove","after":1,"plugin":"p"}`),
	},
	"check-params": {
		good: []string{checkText, strings.Replace(checkText, `"changes":[]`, `"changes":[`+changeText+`]`, 1)},
		bad:  append(with(checkText, `"protocol":2`, `"config":[]`, `"config":{"plugins":{}}`, `"options":null`, `"context":{}`, `"changes":{}`, `"changes":[{}]`), without(checkText)...),
	},
	"check-request": {
		good: []string{`{"jsonrpc":"2.0","id":1,"method":"check","params":` + checkText + `}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"method":"modify","params":` + checkText + `}`, `{"jsonrpc":"2.0","id":1,"method":"check","params":` + paramsText + `}`, `{"jsonrpc":"2.0","method":"check","params":` + checkText + `}`},
	},
	"finding": {
		good: []string{findingText, `{"severity":"info","pointer":"","message":"m","code":"c","proposed":null,"x":1}`},
		bad:  append(append(with(findingText, `"severity":"fatal"`, `"pointer":"a"`, `"message":""`, `"message":1`, `"code":""`, `"code":1`), without(findingText)...), `[]`),
	},
	"check-result": {
		good: []string{`{"findings":[]}`, `{"findings":[` + findingText + `],"requires":[],"x":1}`},
		bad:  []string{`{}`, `[]`, `{"findings":{}}`, `{"findings":null}`, `{"findings":[{}]}`, `{"findings":["a"]}`, `{"findings":[],"requires":[1]}`},
	},
	"check-answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"result":{"findings":[]}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","result":{"findings":[]}}`, `{"findings":[]}`},
	},
	"command-params": {
		good: []string{commandText, `{"protocol":1,"name":"a","arguments":[],"options":{},"context":` + contextText + `,"config":{}}`},
		bad: append(with(commandText, `"protocol":2`, `"name":"A"`, `"arguments":"a"`, `"arguments":[1]`, `"config":[]`, `"config":{"plugins":{}}`, `"options":null`, `"context":{}`),
			without(commandText)...),
	},
	"command-request": {
		good: []string{`{"jsonrpc":"2.0","id":1,"method":"command","params":` + commandText + `}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"method":"modify","params":` + commandText + `}`, `{"jsonrpc":"2.0","id":1,"method":"command","params":` + paramsText + `}`},
	},
	"command-result": {
		good: []string{`{"exitCode":0}`, `{"exitCode":255,"output":"","requires":[],"x":1}`},
		bad:  append([]string{`{}`, `[]`, `null`, `{"exitcode":0}`}, with(`{"exitCode":0}`, `"exitCode":256`, `"exitCode":-1`, `"exitCode":0.5`, `"exitCode":"0"`, `"output":["a"]`, `"output":null`, `"requires":[1]`)...),
	},
	"command-answer": {
		good: []string{`{"jsonrpc":"2.0","id":1,"result":{"exitCode":1}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{}}`, `{"jsonrpc":"2.0","result":{"exitCode":1}}`, `{"exitCode":1}`},
	},
	"output": {
		good: []string{`{"jsonrpc":"2.0","method":"output","params":{"stream":"stdout","text":""}}`, `{"jsonrpc":"2.0","method":"output","params":{"request":1,"stream":"stderr","text":"a","x":1}}`},
		bad: []string{
			`{"jsonrpc":"2.0","method":"output"}`, `{"jsonrpc":"2.0","method":"log","params":{"stream":"stdout","text":""}}`, `{"jsonrpc":"2.0","method":"output","params":{"text":"a"}}`,
			`{"jsonrpc":"2.0","method":"output","params":{"stream":"stdout"}}`, `{"jsonrpc":"2.0","method":"output","params":{"stream":"stdin","text":"a"}}`,
			`{"jsonrpc":"2.0","method":"output","params":{"stream":"stdout","text":["a"]}}`, `{"jsonrpc":"2.0","method":"output","params":{"request":null,"stream":"stdout","text":"a"}}`,
		},
	},
	"log": {
		good: []string{`{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"m","x":1}}`, `{"jsonrpc":"2.0","method":"log","params":{"request":"a","level":"info","message":"m","fields":{}}}`},
		bad: []string{
			`{"jsonrpc":"2.0","method":"log"}`, `{"jsonrpc":"2.0","method":"progress","params":{"level":"info","message":"m"}}`, `{"jsonrpc":"2.0","id":1,"method":"log","params":{"level":"info","message":"m"}}`,
			`{"jsonrpc":"2.0","method":"log","params":{"message":"m"}}`, `{"jsonrpc":"2.0","method":"log","params":{"level":"info"}}`, `{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"m","fields":[]}}`,
			`{"jsonrpc":"2.0","method":"log","params":{"request":null,"level":"info","message":"m"}}`,
		},
	},
	"progress": {
		good: []string{`{"jsonrpc":"2.0","method":"progress","params":{}}`, `{"jsonrpc":"2.0","method":"progress","params":{"request":1,"message":"m","done":0.5,"total":1}}`},
		bad: []string{
			`{"jsonrpc":"2.0","method":"progress"}`, `{"jsonrpc":"2.0","method":"log","params":{}}`, `{"jsonrpc":"2.0","method":"progress","params":{"done":-1}}`,
			`{"jsonrpc":"2.0","method":"progress","params":{"total":"1"}}`, `{"jsonrpc":"2.0","method":"progress","params":{"message":1}}`,
		},
	},
	"changed": {
		good: []string{`{"jsonrpc":"2.0","method":"changed"}`, `{"jsonrpc":"2.0","method":"changed","params":{"x":1}}`},
		bad:  []string{`{"jsonrpc":"2.0","method":"change"}`, `{"jsonrpc":"2.0","id":1,"method":"changed"}`, `{"jsonrpc":"2.0","method":"changed","params":[]}`},
	},
	"cancel": {
		good: []string{`{"jsonrpc":"2.0","method":"cancel","params":{"id":7}}`, `{"jsonrpc":"2.0","method":"cancel","params":{"id":"a","x":1}}`},
		bad: []string{
			`{"jsonrpc":"2.0","method":"cancel"}`, `{"jsonrpc":"2.0","method":"cancel","params":{}}`, `{"jsonrpc":"2.0","method":"cancel","params":{"id":null}}`,
			`{"jsonrpc":"2.0","id":1,"method":"cancel","params":{"id":7}}`, `{"jsonrpc":"2.0","method":"stop","params":{"id":7}}`,
		},
	},
	"config-get-request": {
		good: []string{`{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1,"pointer":""}}`, `{"jsonrpc":"2.0","id":"","method":"config.get","params":{"request":1,"pointer":"/a","x":1}}`},
		bad: []string{
			`{"jsonrpc":"2.0","id":1,"method":"config.get","params":{"request":1,"pointer":""}}`, `{"jsonrpc":"2.0","method":"config.get","params":{"request":1,"pointer":""}}`,
			`{"jsonrpc":"2.0","id":"a","method":"config.set","params":{"request":1,"pointer":""}}`, `{"jsonrpc":"2.0","id":"a","method":"config.get"}`,
			`{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"pointer":""}}`, `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1}}`,
			`{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1,"pointer":"a"}}`, `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":null,"pointer":""}}`,
		},
	},
	"config-get-result": {
		good: []string{`{"found":false}`, `{"found":true,"value":null}`, `{"found":true,"value":{"a":1},"x":1}`},
		bad:  []string{`{}`, `[]`, `{"found":1}`, `{"found":true}`, `{"found":false,"value":1}`, `{"value":1}`},
	},
	"config-get-answer": {
		good: []string{`{"jsonrpc":"2.0","id":"a","result":{"found":false}}`, `{"jsonrpc":"2.0","id":"a","error":{"code":-32602,"message":"m"}}`},
		bad:  []string{`{"jsonrpc":"2.0","id":1,"result":{"found":false}}`, `{"jsonrpc":"2.0","id":"a","result":{}}`, `{"jsonrpc":"2.0","id":"a"}`},
	},
	"settings": {
		good: []string{`{}`, `{"plugins":[]}`, settingsEntry(`"timeout":"1m30s"`), settingsEntry(`"grants":{"env":["A_1"]}`), settingsEntry(`"writes":[]`), settingsEntry(`"mode":"one-shot"`)},
		bad: []string{
			`[]`, `{"plugin":[]}`, `{"plugins":{}}`, `{"plugins":null}`, `{"plugins":["a"]}`, `{"plugins":[{"enabled":true}]}`, `{"plugins":[{"name":"A"}]}`,
			settingsEntry(`"enable":true`), settingsEntry(`"enabled":"yes"`), settingsEntry(`"options":[]`), settingsEntry(`"timeout":30`), settingsEntry(`"timeout":"30"`), settingsEntry(`"timeout":"-1s"`),
			settingsEntry(`"reads":"/a"`), settingsEntry(`"reads":["a"]`), settingsEntry(`"writes":["a"]`), settingsEntry(`"mode":"serve"`),
			settingsEntry(`"grants":true`), settingsEntry(`"grants":{"secret":true}`), settingsEntry(`"grants":{"secrets":1}`), settingsEntry(`"grants":{"guarded":"no"}`),
			settingsEntry(`"grants":{"env":"A"}`), settingsEntry(`"grants":{"env":["A=b"]}`), settingsEntry(`"grants":{"env":["A","A"]}`),
		},
	},
}

const (
	contextText = `{"configFile":"/etc/p.yml","configDir":"/etc","stateDir":"/s","timeoutMs":1,"hostVersion":"0","dryRun":true}`
	commandText = `{"protocol":1,"name":"status","arguments":["-n","3"],"options":{},"context":` + contextText + `,"config":{"a":1}}`
	paramsText  = `{"protocol":1,"options":{},"context":` + contextText + `,"config":{"a":1}}`
	checkText   = `{"protocol":1,"options":{},"context":` + contextText + `,"changes":[],"config":{"a":1}}`
	changeText  = `{"pointer":"/a","op":"replace","plugin":"p"}`
	findingText = `{"severity":"error","pointer":"/a","message":"m"}`
)

func settingsEntry(member string) string { return `{"plugins":[{"name":"a",` + member + `}]}` }

// with returns object once per member, with that member put in or in place of
// the one it has.
func with(object string, members ...string) []string {
	var out []string
	for _, member := range members {
		all := decoded(object)
		maps.Copy(all, decoded("{"+member+"}"))
		out = append(out, encoded(all))
	}
	return out
}

// without returns object once per key, without that key.
func without(object string) []string {
	var out []string
	for key := range decoded(object) {
		all := decoded(object)
		delete(all, key)
		out = append(out, encoded(all))
	}
	return out
}

func decoded(object string) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &all); err != nil {
		panic(err)
	}
	return all
}

func encoded(all map[string]json.RawMessage) string {
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestSchemas(t *testing.T) {
	names := SchemaNames()
	require.NotEmpty(t, names)
	require.Len(t, schemaCases, len(names), "every schema has its cases")
	for _, name := range names {
		cases := schemaCases[name]
		assert.NotEmpty(t, cases.good, name)
		assert.NotEmpty(t, cases.bad, name)
		for _, text := range cases.good {
			assert.NoError(t, Validate(name, []byte(text)), "%s accepts %s", name, text)
		}
		for _, text := range cases.bad {
			var invalid *MismatchError
			assert.ErrorAs(t, Validate(name, []byte(text)), &invalid, "%s rejects %s", name, text)
		}
	}
}

// Schemas name themselves by URN and refer to nothing but each other (OPT-3).
func TestSchemaReferences(t *testing.T) {
	for _, name := range SchemaNames() {
		text, err := Schema(name)
		require.NoError(t, err)
		assert.Contains(t, string(text), `"$id": "`+URN+name+`"`)
		for _, m := range regexp.MustCompile(`"\$ref": "([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
			target, ok := strings.CutPrefix(m[1], URN)
			assert.True(t, ok, "%s refers to %s", name, m[1])
			assert.Contains(t, SchemaNames(), target)
		}
		assert.Equal(t, 1, strings.Count(string(text), "https://"), "%s has only the address of its dialect", name)
	}
}

// Protocol messages stay open for fields of later versions; the settings file
// is closed.
func TestOnlySettingsAreClosed(t *testing.T) {
	for _, name := range SchemaNames() {
		text, err := Schema(name)
		require.NoError(t, err)
		closed := strings.Contains(string(text), `"additionalProperties": false`)
		assert.Equal(t, name == "settings", closed, name)
	}
}

func TestUnknownSchema(t *testing.T) {
	_, err := Schema("nothing")
	require.ErrorContains(t, err, `"nothing"`)
	require.ErrorContains(t, err, "describe-answer")
	assert.Error(t, Validate("nothing", []byte(`{}`)))
	assert.ErrorContains(t, Validate("log", []byte(`{`)), "schema log")
}
