//go:build linux

package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// commanding is a plugin that has the commands status and show.
func commanding(t *testing.T, more, script string) host.Step {
	return pluginStep(t, "zorb", fmt.Sprintf(`say() { printf '{"jsonrpc":"2.0","method":"output","params":{"stream":"%%s","text":"%%s"}}\n' "$1" "$2"; }
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"methods":["command"],"commands":[{"name":"status"},{"name":"show"}]%s}}' ;;
command) %s ;;
esac`, more, script))
}

// ran is what running a command came to.
type ran struct {
	outcome *host.CommandOutcome
	printed []string
	err     error
}

func command(t *testing.T, h *host.Host, step host.Step, name string, arguments ...string) ran {
	t.Helper()
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	p, err := h.Prepare(context.Background(), step)
	require.NoError(t, err)
	var r ran
	r.outcome, r.err = h.Command(context.Background(), p, doc, name, arguments, func(stream, text string) error {
		r.printed = append(r.printed, stream+": "+text)
		return nil
	})
	return r
}

// CMD-6, CMD-9: what comes is passed on in order, also in parts of lines, and
// the result's output after it; the exit code is the plugin's.
func TestCommandPassesOn(t *testing.T) {
	h, said := newTalkingHost()
	r := command(t, h, commanding(t, "", `say stdout 'one\ntw'; say stderr careful
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"halfway"}}'
	echo '{"jsonrpc":"2.0","method":"output","params":{"stream":["stdout"],"text":"lost"}}'
	say stdout 'o\n'; say stdout ''; say neither odd
	echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":3,"output":"three\\n"}}'`), "show")
	require.NoError(t, r.err)
	assert.Equal(t, &host.CommandOutcome{ExitCode: 3}, r.outcome)
	assert.Equal(t, []string{"stdout: one\ntw", "stderr: careful", "stdout: o\n", "stderr: odd", "stdout: three\n"}, r.printed)
	assert.Equal(t, []host.Message{{Plugin: "zorb", Level: "info", Text: "halfway"}}, *said)
}

// CMD-3: the request has the view of what the plugin reads, and the arguments
// word for word. A command has longer than other calls, unless told otherwise
// (INV-12).
func TestCommandRequest(t *testing.T) {
	dir := t.TempDir()
	step := commanding(t, `,"reads":["/asn","/peers/*/password"],"options":{"properties":{"level":{"default":7}}}`, `tee "`+dir+`/sent" >/dev/null
	echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":0}}'`)
	h := newHost()
	h.StateDir = t.TempDir()
	arguments := []string{"--json", "", "--", "a b", "ä<>&"}
	require.NoError(t, command(t, h, step, "status", arguments...).err)
	sent := readFile(t, dir, "sent")
	require.NoError(t, spec.Validate("command-request", []byte(sent)))
	var request struct{ Params protocol.CommandParams }
	require.NoError(t, json.Unmarshal([]byte(sent), &request))
	assert.Equal(t, "status", request.Params.Name)
	assert.Equal(t, arguments, request.Params.Arguments)
	assert.JSONEq(t, `{"asn":65530}`, string(request.Params.Config))
	assert.JSONEq(t, `{"level":7}`, string(request.Params.Options))
	assert.Equal(t, filepath.Join(h.StateDir, "zorb"), request.Params.Context.StateDir)
	assert.Equal(t, host.CommandTimeout.Milliseconds(), request.Params.Context.TimeoutMs)

	step.Timeout = 7 * time.Minute
	require.NoError(t, command(t, h, step, "status").err)
	require.NoError(t, json.Unmarshal([]byte(readFile(t, dir, "sent")), &request))
	assert.Equal(t, int64(420_000), request.Params.Context.TimeoutMs)
	assert.Contains(t, readFile(t, dir, "sent"), `"arguments":[]`)
}

// A plugin that is kept running runs commands too: what it prints is told by
// its request from that of other calls (NTF-4), it may ask, and a command has
// its own deadline.
func TestCommandOfAKeptRunningPlugin(t *testing.T) {
	step := pluginStep(t, "zorb", `
if [ "$1" = describe ]; then
	echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"mode":"kept-running","methods":["command"],"commands":[{"name":"show"},{"name":"hang"}],"reads":["/asn"]}}'
	exit
fi
while read -r line; do
	case $line in *'"name":"hang"'*) exec sleep 600 ;; esac
	id=${line#*'"id":'} id=${id%%,*}
	printf '{"jsonrpc":"2.0","method":"output","params":{"request":%s,"stream":"stdout","text":"call %s"}}\n' $id $id
	printf '{"jsonrpc":"2.0","id":"q","method":"config.get","params":{"request":%s,"pointer":"/asn"}}\n' $id
	read -r answer
	asn=${answer#*'"value":'} asn=${asn%%\}*}
	printf '{"jsonrpc":"2.0","id":%s,"result":{"exitCode":4,"output":"asn %s"}}\n' $id $asn
done`)
	h := newHost()
	for _, id := range []string{"1", "2"} {
		r := command(t, h, step, "show")
		require.NoError(t, r.err)
		assert.Equal(t, 4, r.outcome.ExitCode)
		assert.Equal(t, []string{"stdout: call " + id, "stdout: asn 65530"}, r.printed)
	}
	_, err := h.Close()
	require.NoError(t, err)

	h = &host.Host{Runner: &host.Runner{Environ: []string{"PATH=" + os.Getenv("PATH")}}}
	h.Runner.SetGraces(time.Millisecond, time.Millisecond)
	step.Timeout = 300 * time.Millisecond
	assert.ErrorIs(t, command(t, h, step, "hang").err, context.DeadlineExceeded)
	_, err = h.Close()
	assert.NoError(t, err)
}

// CMD-1, CMD-2: what cannot be called is left out with a warning, and asking
// for it does not reach the plugin.
func TestCommandsThatCannotBeCalled(t *testing.T) {
	describe := func(members string) *host.Described {
		step := fixed(t, "zorb", members, `{}`)
		d, err := newHost().Describe(t.Context(), step)
		require.NoError(t, err)
		return d
	}
	d := describe(`,"commands":[{"name":"status"}]`)
	assert.Equal(t, []string{`describes commands that cannot be run: "command" is missing in its methods`}, d.Warnings)
	_, err := d.Command("status")
	assert.EqualError(t, err, "plugin zorb provides no commands")

	d = describe(`,"methods":["command"],"commands":[{"name":"a b"},{"name":"up","usage":"1"},{"name":"up"},{"name":"-x"}]`)
	require.Len(t, d.Warnings, 3)
	assert.Contains(t, d.Warnings[0], `a command named "a b"`)
	assert.Contains(t, d.Warnings[1], `"up" twice`)
	assert.Contains(t, d.Warnings[2], `"-x"`)
	up, err := d.Command("up")
	require.NoError(t, err)
	assert.Equal(t, "1", up.Usage)

	r := command(t, newHost(), commanding(t, "", "exit 9"), "stat")
	var unknown *host.UnknownCommandError
	require.ErrorAs(t, r.err, &unknown)
	assert.EqualError(t, r.err, `plugin zorb has no command "stat"`)
	assert.Contains(t, unknown.Hint(), "status, show")
	assert.Equal(t, "zorb", unknown.PluginName())
}

// A reader that goes away ends the command at once, and is what is told.
func TestCommandWhoseReaderGoesAway(t *testing.T) {
	step := commanding(t, "", `say stdout one; say stdout two; exec sleep 600`)
	h := newHost()
	h.Runner.SetGraces(0, patience)
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	p, err := h.Prepare(t.Context(), step)
	require.NoError(t, err)
	gone, calls := errors.New("gone"), 0
	_, err = h.Command(t.Context(), p, doc, "show", nil, func(string, string) error { calls++; return gone })
	assert.ErrorIs(t, err, gone)
	assert.Equal(t, 1, calls)
}

// The result's output is the last thing that can fail to be printed.
func TestCommandWhoseLastOutputFails(t *testing.T) {
	step := commanding(t, "", `echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":0,"output":"x"}}'`)
	h := newHost()
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	p, err := h.Prepare(t.Context(), step)
	require.NoError(t, err)
	gone := errors.New("gone")
	_, err = h.Command(t.Context(), p, doc, "show", nil, func(string, string) error { return gone })
	assert.ErrorIs(t, err, gone)
}

// CMD-9: output is never dropped for its size, as other notifications are.
func TestCommandOutputOfAnySize(t *testing.T) {
	r := command(t, newHost(), commanding(t, "", `
	line=$(printf '%01000d' 0)
	i=0; while [ $i -lt 2000 ]; do say stdout "$line"; i=$((i+1)); done
	echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":0}}'`), "show")
	require.NoError(t, r.err)
	assert.Equal(t, 2_000_000, len(strings.Join(r.printed, ""))-len(r.printed)*len("stdout: "))
	assert.Empty(t, r.outcome.Warnings)
}

// CMD-10: output means nothing to any other call.
func TestOutputDuringModify(t *testing.T) {
	h, said := newTalkingHost()
	modify(t, h, edge, pluginStep(t, "zorb", `echo '{"jsonrpc":"2.0","method":"output","params":{"stream":"stdout","text":"x"}}'
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`))
	assert.Empty(t, *said)
}

// A command that could not be carried out, one that dies, and one that does
// not end in time are errors that name the plugin; a slow end is a warning.
func TestCommandsThatFail(t *testing.T) {
	h := newHost()
	for script, want := range map[string]string{
		`echo '{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"no inventory"}}'`: "plugin zorb: command: no inventory",
		`echo oops >&2; exit 3`: `plugin zorb: command: it exited with status 3 before it answered; its stderr ends in "oops"`,
		`echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":300}}'`: "exitCode must be an integer from 0 to 255",
	} {
		r := command(t, h, commanding(t, "", script), "show")
		var failed *host.PluginError
		require.ErrorAs(t, r.err, &failed, script)
		assert.Contains(t, failed.Error(), want)
		assert.Nil(t, r.outcome)
		assert.NotEmpty(t, failed.Hint())
	}
	step := commanding(t, "", `exec sleep 600`)
	h.Runner.SetGraces(0, patience)
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	p, err := h.Prepare(t.Context(), step)
	require.NoError(t, err)
	p.Timeout = 200 * time.Millisecond
	_, err = h.Command(t.Context(), p, doc, "show", nil, nil)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

// A trace masks what a command's plugin may read of secrets.
func TestCommandTraceMasksSecrets(t *testing.T) {
	var traced bytes.Buffer
	h := newHost()
	h.Runner.Trace = func(e host.TraceEntry) { traced.Write(e.Line) }
	step := commanding(t, "", `cat >/dev/null; say stdout open-sesame
	echo '{"jsonrpc":"2.0","id":1,"result":{"exitCode":0}}'`)
	step.Secrets = true
	r := command(t, h, step, "show")
	require.NoError(t, r.err)
	assert.Equal(t, []string{"stdout: open-sesame"}, r.printed)
	assert.NotContains(t, traced.String(), "open-sesame")
	assert.Contains(t, traced.String(), `"password":"`)
}
