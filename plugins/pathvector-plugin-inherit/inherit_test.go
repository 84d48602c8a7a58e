package inherit_test

import (
	"encoding/json"
	"os/exec"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
)

const (
	name     = "pathvector-plugin-inherit"
	edge     = "../../testdata/edge/pathvector.yml"
	settings = "../../testdata/edge/settings.yml"
)

// answer starts the plugin and reads its one answer.
func answer(t *testing.T, argument, method, stdin string) plugintest.Answer {
	t.Helper()
	plugintest.Tool(t, "python3")
	argv := []string{plugintest.Abs(t, name)}
	if argument != "" {
		argv = append(argv, argument)
	}
	out, _ := plugintest.Run(t, plugintest.Command{Argv: argv, Stdin: stdin})
	return plugintest.ReadAnswer(t, method, out)
}

func modify(t *testing.T, config, options string) plugintest.Answer {
	t.Helper()
	return answer(t, "modify", "modify", plugintest.Request("1", "modify", config, options))
}

// answers starts the plugin once for all of the requests.
func answers(t *testing.T, requests []string) []plugintest.Answer {
	t.Helper()
	plugintest.Tool(t, "python3")
	return plugintest.ReadAnswers(t, "modify", name, requests)
}

// patched applies the patch of an answer to the config.
func patched(t *testing.T, config string, a plugintest.Answer) string {
	t.Helper()
	require.Nil(t, a.Error, "%s", a.Error)
	result := plugintest.Unmarshal[struct{ Patch any }](t, string(a.Result))
	patch, err := jsonpatch.DecodePatch([]byte(plugintest.Marshal(t, result.Patch)))
	require.NoError(t, err)
	after, err := patch.Apply([]byte(config))
	require.NoError(t, err)
	return string(after)
}

func describe(t *testing.T) plugintest.Describe {
	t.Helper()
	plugintest.Tool(t, "python3")
	out, errs := plugintest.Run(t, plugintest.Command{
		Argv:  []string{plugintest.Abs(t, name), "describe"},
		Stdin: plugintest.Request("1", "describe", "", ""),
	})
	assert.Empty(t, errs)
	return plugintest.ReadDescribe(t, out)
}

// DSC-1, NAM-2, INV-3, INV-4: with the argument, without it, without a request.
func TestDescribe(t *testing.T) {
	assert.Equal(t, "inherit", describe(t).Name)
	request := plugintest.Request("1", "describe", "", "")
	want := answer(t, "describe", "describe", request)
	assert.JSONEq(t, string(want.Result), string(answer(t, "", "describe", request).Result))
	assert.Equal(t, want, answer(t, "describe", "describe", ""))
}

// Everything outside of a modify that succeeds: ids, methods, versions, bad lines.
func TestAnswers(t *testing.T) {
	ok := `,"params":{"protocol":1}}`
	for _, c := range []struct{ rule, argument, line, want string }{
		{"MSG-3", "", `{"jsonrpc":"2.0","id":"a\"b","method":"nope"` + ok, `{"id":"a\"b","code":-32601}`},
		{"MSG-9", "", `{"x":1,"method" : "nope", "id":12345678901234567890` + ok, `{"id":12345678901234567890,"code":-32601}`},
		{"INV-5", "check", `{"jsonrpc":"2.0","id":1,"method":"check"` + ok, `{"id":1,"code":-32601}`},
		{"FRM-2", "", `{"jsonrpc":"2.0","id":1,"method":"nope"` + ok + "\r", `{"id":1,"code":-32601}`},
		{"VER-2", "", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":2}}`, `{"id":1,"code":-32001,"data":{"supported":[1]}}`},
		{"VER-2", "describe", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{}}`, `{"id":1,"code":-32001,"data":{"supported":[1]}}`},
		{"ERR-2", "", `{"jsonrpc":"2.0","id":1,"method":"describe"}`, `{"id":1,"code":-32602}`},
		{"ERR-2", "", `{"jsonrpc":"2.0","id":1,"method":"modify"` + ok, `{"id":1,"code":-32602}`},
		{"MSG-10", "", `hello`, `{"id":null,"code":-32700}`},
		{"MSG-10", "", ``, `{"id":null,"code":-32700}`},
		{"MSG-10", "", "\"\xff\"", `{"id":null,"code":-32700}`},
		{"MSG-10", "modify", `[]`, `{"id":null,"code":-32600}`},
	} {
		a := answer(t, c.argument, "modify", c.line+"\n")
		got := plugintest.Unmarshal[map[string]any](t, string(a.Error))
		assert.NotEmpty(t, got["message"])
		delete(got, "message")
		got["id"] = a.ID
		assert.JSONEq(t, c.want, plugintest.Marshal(t, got), "%s: %s", c.rule, c.line)
	}
}

// A configuration of a shape that Pathvector refuses too: an error, and the
// traceback on stderr (FRM-11).
func TestUnexpectedShape(t *testing.T) {
	plugintest.Tool(t, "python3")
	out, errs := plugintest.Run(t, plugintest.Command{
		Argv:  []string{plugintest.Abs(t, name), "modify"},
		Stdin: plugintest.Request("1", "modify", `{"templates":{"a":5}}`, `{"merge-lists":["tags"]}`),
	})
	assert.Contains(t, string(plugintest.ReadAnswer(t, "modify", out).Error), `"code":-32603`)
	assert.Contains(t, errs, "Traceback")
}

// Without an argument every line is answered; a notification is not (NTF-5).
func TestSeveralLines(t *testing.T) {
	plugintest.Tool(t, "python3")
	lines := plugintest.Request("1", "describe", "", "") + `{"jsonrpc":"2.0","method":"x"}` + "\n" + plugintest.Request("2", "x", "", "")
	out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name)}, Stdin: lines})
	assert.Regexp(t, `\A{"jsonrpc":"2.0","id":1,"result".*}\n{"jsonrpc":"2.0","id":2,"error".*}\n\z`, out)
}

// demoOptions returns what the demonstration settings give the plugin.
func demoOptions(t *testing.T) string {
	t.Helper()
	type entry struct {
		Name    string
		Options json.RawMessage
	}
	for _, e := range plugintest.Unmarshal[struct{ Plugins []entry }](t, plugintest.YAML(t, settings)).Plugins {
		if e.Name == "inherit" {
			return string(e.Options)
		}
	}
	require.Fail(t, "inherit is not among the plugins", settings)
	return ""
}

// The plugin does with its declared reads what it does with everything, writes
// what it declares, and a second run changes nothing (SCP-5, SCP-8, MOD-9).
func TestScopesAndSecondRun(t *testing.T) {
	d := describe(t)
	config := plugintest.YAML(t, edge)
	for _, options := range []string{
		demoOptions(t),
		`{"everywhere":{"announce":["64500:3:1"],"tags":["ams"]}}`,
		`{"extends":{"customer":"transit","customer-default":"customer","transit":"ebgp"},` +
			`"merge-lists":["announce","add-on-import","tags","prefixes"],"everywhere":{"announce":["64500:1:40","64500,3,1"]}}`,
	} {
		a := modify(t, config, options)
		assert.JSONEq(t, string(a.Result), string(modify(t, plugintest.View(t, config, d.Reads), options).Result), options)

		after := patched(t, config, a)
		changes := tree.Diff(parse(t, config), parse(t, after))
		assert.NotEmpty(t, changes, options)
		for _, change := range changes {
			assert.True(t, plugintest.Covered(change.Path.String(), d.Writes), change.Path.String())
		}
		assert.JSONEq(t, `{"patch":[]}`, string(modify(t, after, options).Result), options)
	}
}

// A peer with neither template nor lists is in the view too, for everywhere.
func TestPeerOfItsOwnIsInView(t *testing.T) {
	config := `{"peers":{"N":{"asn":64501,"neighbors":["192.0.2.1"]}}}`
	a := modify(t, plugintest.View(t, config, describe(t).Reads), `{"everywhere":{"tags":["ams"]}}`)
	assert.JSONEq(t, `{"patch":[{"op":"add","path":"/peers/N/tags","value":["ams"]}]}`, string(a.Result))
}

func parse(t *testing.T, text string) tree.Value {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	require.NoError(t, err)
	return v
}

func TestREADME(t *testing.T) {
	plugintest.Tool(t, "python3")
	plugintest.Tool(t, "jq")
	plugintest.README(t, "README.md")
}

// The functions by themselves, in the language they are written in.
func TestPython(t *testing.T) {
	cmd := exec.Command(plugintest.Tool(t, "python3"), "-B", "-m", "unittest", "-v", "inherit_test.py")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Regexp(t, `Ran [1-9]\d* tests`, string(out))
}
