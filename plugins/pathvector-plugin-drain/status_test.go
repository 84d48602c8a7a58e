package drain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
	"github.com/natesales/pathvector-plugin/spec"
)

// statusRequest asks for the command of that name; arguments is a JSON text.
func statusRequest(t *testing.T, command, arguments, options string) string {
	t.Helper()
	request := strings.Replace(plugintest.Request("1", "command", config, options),
		`"protocol":1,`, `"protocol":1,"name":"`+command+`","arguments":`+arguments+`,`, 1)
	return request
}

type commandResult struct {
	ExitCode int
	Output   string
}

func status(t *testing.T, arguments, options string) commandResult {
	t.Helper()
	plugintest.Tool(t, "jq")
	request := statusRequest(t, "status", arguments, options)
	require.NoError(t, spec.Validate("command-request", []byte(request)))
	out, errs := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name), "command"}, Stdin: request})
	assert.Empty(t, errs)
	a := plugintest.ReadAnswer(t, "command", out)
	require.Nil(t, a.Error, "%s", a.Error)
	return plugintest.Unmarshal[commandResult](t, string(a.Result))
}

// CMD-5: which peers are drained and why, in the order of the configuration.
func TestStatus(t *testing.T) {
	for _, c := range []struct{ arguments, options, output string }{
		{`[]`, `{}`, "no peer is drained; the options peers, tags and all select them\n"},
		{`[]`, `{"peers":["Southgate"],"tags":["ix","maintenance","inside"]}`, `Nordhaven  will be drained  it has the tag "maintenance"
Southgate  drained          the option peers names it
IX/1~a     will be drained  it has the tag "ix"
RR         left alone       it has the tag "inside", but it is an iBGP peer
`},
		{`["--all"]`, `{"peers":["RR"],"action":"withdraw"}`, `Nordhaven  not selected
Southgate  not selected
IX/1~a     not selected
IX 2       not selected
Collector  not selected
RR         will be drained  the option peers names it
Lab        not selected
`},
		{`["--json"]`, `{"tags":["other"]}`, `[{"name":"IX 2","state":"will be drained","why":"it has the tag \"other\""}]` + "\n"},
		{`["--json"]`, `{}`, "[]\n"},
	} {
		got := status(t, c.arguments, c.options)
		assert.Equal(t, commandResult{Output: c.output}, got, "%s %s", c.arguments, c.options)
	}
	all := status(t, `["--json","--all"]`, `{"all":true}`)
	assert.Len(t, plugintest.Unmarshal[[]any](t, all.Output), 7)
	assert.Contains(t, all.Output, `{"name":"Lab","state":"left alone","why":"the option all drains every eBGP peer, but it is an iBGP peer"}`)
}

// What status says will be drained is what modify drains.
func TestStatusAgreesWithModify(t *testing.T) {
	for _, options := range []string{`{}`, `{"all":true}`, `{"tags":["ix","transit"]}`, `{"peers":["RR","Collector"],"action":"withdraw"}`, `{"all":true,"prepends":20}`} {
		var said []string
		for _, p := range plugintest.Unmarshal[[]struct{ Name, State string }](t, status(t, `["--json"]`, options).Output) {
			if p.State == "will be drained" {
				said = append(said, p.Name)
			}
		}
		var done []string
		merge := plugintest.Unmarshal[struct {
			Merge struct{ Peers map[string]any }
		}](t, string(modify(t, config, options).Result))
		for peer := range merge.Merge.Peers {
			done = append(done, peer)
		}
		assert.ElementsMatch(t, done, said, options)
	}
}

// A name cannot act on a terminal, nor break the table.
func TestStatusOfOddNames(t *testing.T) {
	plugintest.Tool(t, "jq")
	request := strings.Replace(statusRequest(t, "status", `[]`, `{"all":true}`), `"Nordhaven":`, `"a\u001b[2Jb\nc":`, 1)
	out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name), "command"}, Stdin: request})
	got := plugintest.Unmarshal[commandResult](t, string(plugintest.ReadAnswer(t, "command", out).Result))
	assert.True(t, strings.HasPrefix(got.Output, `"a\u001b[2Jb\nc"  will be drained`), got.Output)
}

// CMD-7, CMD-8: a flag that it does not know ends the command, with a line on
// stderr before the answer.
func TestStatusWithAnUnknownFlag(t *testing.T) {
	plugintest.Tool(t, "jq")
	out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name)}, Stdin: statusRequest(t, "status", `["--jsno"]`, `{}`)})
	notification, answer, ok := strings.Cut(out, "\n")
	require.True(t, ok)
	assert.NoError(t, spec.Validate("output", []byte(notification)))
	assert.Contains(t, notification, `"request":1,"stream":"stderr"`)
	assert.Contains(t, notification, `not \"--jsno\"\n`)
	assert.JSONEq(t, `{"exitCode":2}`, string(plugintest.ReadAnswer(t, "command", answer).Result))
}

func TestStatusErrors(t *testing.T) {
	plugintest.Tool(t, "jq")
	for request, want := range map[string]string{
		statusRequest(t, "stats", `[]`, `{}`):               `there is no command \"stats\"`,
		statusRequest(t, "status", `"--all"`, `{}`):         `arguments must be a list`,
		statusRequest(t, "status", `[]`, `{"peers":["X"]}`): `there is no peer \"X\"`,
	} {
		out, _ := plugintest.Run(t, plugintest.Command{Argv: []string{plugintest.Abs(t, name), "command"}, Stdin: request})
		assert.Contains(t, string(plugintest.ReadAnswer(t, "command", out).Error), want)
	}
}
