package drain_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
)

const (
	name = "pathvector-plugin-drain"
	edge = "../../testdata/edge/pathvector.yml"
)

// eachShell runs the test with every way to start the plugin: by itself (the
// empty name), and with each shell that it must work in.
func eachShell(t *testing.T, test func(t *testing.T, shell string, start func(...string) []string)) {
	t.Helper()
	for _, shell := range []string{"", "dash", "bash", "busybox sh"} {
		t.Run(shell, func(t *testing.T) {
			argv := strings.Fields(shell)
			if shell != "" {
				argv[0] = plugintest.Tool(t, argv[0])
			}
			argv = append(argv, plugintest.Abs(t, name))
			test(t, shell, func(arguments ...string) []string { return slices.Concat(argv, arguments) })
		})
	}
}

// modify returns the plugin's answer for the config and options.
func modify(t *testing.T, config, options string) plugintest.Answer {
	t.Helper()
	plugintest.Tool(t, "jq")
	out, _ := plugintest.Run(t, plugintest.Command{
		Argv:  []string{plugintest.Abs(t, name), "modify"},
		Stdin: plugintest.Request("1", "modify", config, options),
	})
	return plugintest.ReadAnswer(t, "modify", out)
}

// modifyAll returns the plugin's answers for each of the options.
func modifyAll(t *testing.T, config string, options []string) []plugintest.Answer {
	t.Helper()
	plugintest.Tool(t, "jq")
	requests := make([]string, len(options))
	for i, o := range options {
		requests[i] = plugintest.Request("1", "modify", config, o)
	}
	return plugintest.ReadAnswers(t, "modify", name, requests)
}

type result struct {
	Merge    tree.Value
	Messages []struct{ Level, Message string }
}

// merged applies the merge of an answer to the config.
func merged(t *testing.T, config string, a plugintest.Answer) string {
	t.Helper()
	require.Nil(t, a.Error)
	merge := plugintest.Marshal(t, plugintest.Unmarshal[result](t, string(a.Result)).Merge)
	after, err := jsonpatch.MergePatch([]byte(config), []byte(merge))
	require.NoError(t, err)
	return string(after)
}

// DSC-1, INV-4: with and without the argument, in every shell, also without jq.
func TestDescribe(t *testing.T) {
	request := plugintest.Request("1", "describe", "", "")
	want, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name), "describe"}, Stdin: request})
	assert.Equal(t, "drain", plugintest.ReadDescribe(t, want).Name, "NAM-2")
	eachShell(t, func(t *testing.T, shell string, start func(...string) []string) {
		paths := []string{"", t.TempDir()}
		if shell == "" {
			paths = paths[:1] // the kernel starts /bin/sh: nothing new
		}
		for _, path := range paths {
			for _, argv := range [][]string{start(), start("describe")} {
				out, errs := plugintest.Run(t, plugintest.Command{Argv: argv, Stdin: request, Path: path})
				assert.Empty(t, errs)
				assert.JSONEq(t, want, out, "%q PATH=%q", argv, path)
				plugintest.ReadDescribe(t, out)
			}
		}
	})
}

// A describe call without a request, as from a terminal.
func TestDescribeWithoutInput(t *testing.T) {
	eachShell(t, func(t *testing.T, _ string, start func(...string) []string) {
		out, _ := plugintest.Run(t, plugintest.Command{Argv: start("describe")})
		assert.Equal(t, "1", string(plugintest.ReadAnswer(t, "describe", out).ID))
	})
}

func TestModifyInEveryShell(t *testing.T) {
	plugintest.Tool(t, "jq")
	config := `{"asn":64500,"peers":{"A \"1\" $(x) \\n":{"asn":64501}}}`
	request := plugintest.Request("1", "modify", config, `{"all":true}`)
	eachShell(t, func(t *testing.T, _ string, start func(...string) []string) {
		for _, argv := range [][]string{start(), start("modify")} {
			out, _ := plugintest.Run(t, plugintest.Command{Argv: argv, Stdin: request})
			got := plugintest.Unmarshal[result](t, string(plugintest.ReadAnswer(t, "modify", out).Result))
			assert.JSONEq(t, `{"peers":{"A \"1\" $(x) \\n":{"prepends":3}}}`, plugintest.Marshal(t, got.Merge))
		}
	})
}

// Without jq the answer is an error that says what to do (ERR-5).
func TestWithoutJQ(t *testing.T) {
	request := plugintest.Request("1", "modify", "{}", "{}")
	eachShell(t, func(t *testing.T, shell string, start func(...string) []string) {
		if shell == "" {
			return // the kernel starts /bin/sh: nothing new
		}
		empty := t.TempDir()
		for _, argv := range [][]string{start(), start("modify")} {
			out, _ := plugintest.Run(t, plugintest.Command{Argv: argv, Stdin: request, Path: empty})
			a := plugintest.ReadAnswer(t, "modify", out)
			assert.Equal(t, "1", string(a.ID))
			assert.Contains(t, string(a.Error), "install the package jq")
		}
		out, _ := plugintest.Run(t, plugintest.Command{Argv: start(), Stdin: `{"id":1,"method":"modify"}` + "\n", Path: empty})
		assert.Equal(t, "null", string(plugintest.ReadAnswer(t, "modify", out).ID), "MSG-10")
	})
}

// Everything outside of a modify that succeeds: ids, methods, versions, bad lines.
func TestAnswers(t *testing.T) {
	plugintest.Tool(t, "jq")
	ok := `,"params":{"protocol":1}}`
	for _, c := range []struct{ rule, argument, line, want string }{
		{"MSG-3", "", `{"jsonrpc":"2.0","id":"a\"b","method":"nope"` + ok, `{"id":"a\"b","code":-32601}`},
		{"MSG-9", "", `{"x":1,"method" : "nope", "id":7` + ok, `{"id":7,"code":-32601}`},
		{"INV-5", "check", `{"jsonrpc":"2.0","id":1,"method":"check"` + ok, `{"id":1,"code":-32601}`},
		{"FRM-2", "", `{"jsonrpc":"2.0","id":1,"method":"nope"` + ok + "\r", `{"id":1,"code":-32601}`},
		{"VER-2", "", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":2}}`, `{"id":1,"code":-32001,"data":{"supported":[1]}}`},
		{"VER-2", "describe", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{}}`, `{"id":1,"code":-32001,"data":{"supported":[1]}}`},
		{"ERR-2", "", `{"jsonrpc":"2.0","id":1,"method":"describe"}`, `{"id":1,"code":-32602}`},
		{"ERR-2", "", `{"jsonrpc":"2.0","id":1,"method":"modify"` + ok, `{"id":1,"code":-32602}`},
		{"ERR-2", "", `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,"options":{},"config":{"peers":[1]}}}`, `{"id":1,"code":-32603}`},
		{"MSG-10", "", `hello`, `{"id":null,"code":-32700}`},
		{"MSG-10", "", ``, `{"id":null,"code":-32700}`},
		{"MSG-10", "modify", `[]`, `{"id":null,"code":-32600}`},
	} {
		argv := []string{plugintest.Abs(t, name)}
		if c.argument != "" {
			argv = append(argv, c.argument)
		}
		out, _ := plugintest.Run(t, plugintest.Command{Argv: argv, Stdin: c.line + "\n"})
		a := plugintest.ReadAnswer(t, "modify", out)
		got := plugintest.Unmarshal[map[string]any](t, string(a.Error))
		assert.NotEmpty(t, got["message"])
		delete(got, "message")
		got["id"] = a.ID
		assert.JSONEq(t, c.want, plugintest.Marshal(t, got), "%s: %s", c.rule, c.line)
	}
}

// Without an argument every line is answered; a notification is not (NTF-5).
func TestSeveralLines(t *testing.T) {
	plugintest.Tool(t, "jq")
	lines := plugintest.Request("1", "describe", "", "") + `{"jsonrpc":"2.0","method":"x"}` + "\n" + plugintest.Request("2", "x", "", "")
	out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name)}, Stdin: lines})
	assert.Regexp(t, `\A{"jsonrpc":"2.0","id":1,"result".*}\n{"jsonrpc":"2.0","id":2,"error".*}\n\z`, out)
}

// The plugin does with its declared reads what it does with everything, writes
// what it declares, and a second run changes nothing (SCP-5, SCP-8, MOD-9).
func TestScopesAndSecondRun(t *testing.T) {
	out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name), "describe"}})
	d := plugintest.ReadDescribe(t, out)
	config := plugintest.YAML(t, edge)
	for _, options := range []string{
		`{"tags":["maintenance"]}`,
		`{"tags":["ixp","customer"],"prepends":5}`,
		`{"all":true}`,
		`{"all":true,"action":"withdraw","peers":["RR Amsterdam"]}`,
	} {
		a := modify(t, config, options)
		assert.JSONEq(t, string(a.Result), string(modify(t, plugintest.View(t, config, d.Reads), options).Result), options)

		after := merged(t, config, a)
		changes := tree.Diff(parse(t, config), parse(t, after))
		assert.NotEmpty(t, changes, options)
		for _, change := range changes {
			assert.True(t, plugintest.Covered(change.Path.String(), d.Writes), change.Path.String())
		}
		again := modify(t, after, options)
		assert.JSONEq(t, after, merged(t, after, again), options)
		assert.Contains(t, string(again.Result), "drained already")
	}
}

func parse(t *testing.T, text string) tree.Value {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	require.NoError(t, err)
	return v
}

func TestREADME(t *testing.T) {
	plugintest.Tool(t, "jq")
	plugintest.README(t, "README.md")
}

func TestShellcheck(t *testing.T) {
	out, err := exec.Command(plugintest.Tool(t, "shellcheck"), name).CombinedOutput()
	assert.NoError(t, err, "%s", out)
}
