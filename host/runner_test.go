//go:build linux

package host_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// enoughToExit is for plugins that exit at once, beside others that never do.
const enoughToExit = 4 * time.Second

const printOK = "echo '" + okLine + "'\n"

// good are calls that give an answer; warning is part of the one warning.
// Those that do not end by themselves are stopped after grace.
var good = []struct {
	name, script, warning string
	grace                 time.Duration
}{
	{"ok", printOK, "", 0},
	{"reads its input", "cat >/dev/null; " + printOK, "", 0},
	{"answers by its input", `read -r line; case $line in *'"method":"describe"'*) ` + printOK + ` ;; esac`, "", 0},
	{"notifies before", `echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"x"}}'` + "\n" + printOK, "", 0},
	{"CR before LF (FRM-2)", "printf '" + okLine + `\r\n'`, "", 0},
	{"closes its stdout and goes on for a moment", printOK + "exec >&-; sleep 0.1", "", 0},
	{"fails after its answer (INV-9)", printOK + "exit 3", "answered, and then exit status 3", 0},
	{"dies after its answer (INV-9)", printOK + "kill -KILL $$", "answered, and then signal: killed", 0},
	{"sleeps after its answer (INV-7)", printOK + "sleep 60", "did not exit within 1s of its answer and was stopped", time.Second},
	{"a child holds stdout", "sleep 60 &\n" + printOK, "a process that it started kept its stdout or stderr open", enoughToExit},
	{"a child holds stderr only", "sleep 60 >/dev/null &\n" + printOK, "a process that it started kept its stdout or stderr open", enoughToExit},
	{"a silent child stays behind", "sleep 60 >/dev/null 2>&1 &\n" + printOK, "", 0},
	{"stops itself after its answer", printOK + "kill -STOP $$", "did not exit within 1s", time.Second},
	{"much stderr (INV-11)", "yes 0123456789012345678901234567890123456789 | head -c 2000000 >&2\n" + printOK, "wrote 951426 bytes more to stderr than the 1048576 that are shown", 0},
	{"a flood of notifications", `yes '{"jsonrpc":"2.0","method":"progress","params":{"message":"0123456789012345678901234567890123456789"}}' | head -n 30000` + "\n" + printOK, "notifications more than are passed on", 0},
}

func TestGoodCalls(t *testing.T) {
	t.Parallel()
	for _, c := range good {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).patient()
			if c.grace != 0 {
				r.SetGraces(c.grace, patience)
			}
			answer, err := r.call(t, shell(t, c.script), request)
			require.NoError(t, err)
			assert.JSONEq(t, `{"ok":true}`, string(answer.Result))
			if c.warning == "" {
				assert.Empty(t, answer.Warnings)
			} else {
				require.Len(t, answer.Warnings, 1)
				assert.Contains(t, answer.Warnings[0], c.warning)
			}
			r.nothingLeft(t)
		})
	}
}

// bad are calls that fail, by the kind of violation or another error. Those
// that have a timeout, or that stay, are stopped.
var bad = []struct {
	name, script string
	timeout      time.Duration
	stays        bool
	kind         protocol.Kind
	is           error
	text         string
}{
	{name: "silent until the deadline (INV-12)", script: "echo waiting >&2; sleep 60", timeout: 2 * time.Second, is: context.DeadlineExceeded, text: `no answer within 2s; its stderr ends in "waiting"`},
	{name: "never reads, never answers", script: "exec <&-; sleep 60", timeout: 200 * time.Millisecond, is: context.DeadlineExceeded},
	{name: "ignores SIGTERM (ENV-5)", script: "trap '' TERM; while :; do sleep 1; done", timeout: 100 * time.Millisecond, is: context.DeadlineExceeded},
	{name: "stops itself", script: "kill -STOP $$", timeout: 100 * time.Millisecond, is: context.DeadlineExceeded},
	{name: "endless stderr", script: "yes >&2", timeout: 2 * time.Second, is: context.DeadlineExceeded, text: `its stderr ends in "y\ny`},
	{name: "endless stderr without newline", script: "cat /dev/zero >&2", timeout: 2 * time.Second, is: context.DeadlineExceeded, text: "(cut)"},
	{name: "endless notifications", script: `yes '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"x"}}'`, timeout: 500 * time.Millisecond, is: context.DeadlineExceeded},
	{name: "no answer (MSG-7)", script: "exit 0", kind: protocol.NoAnswer},
	{name: "closes stdout, and stays", script: "exec >&-; sleep 60", stays: true, kind: protocol.NoAnswer},
	{name: "half a line (FRM-8)", script: `printf '{"jsonrpc":"2.0","id":1,"res'`, kind: protocol.Unterminated},
	{name: "rubbish before (FRM-9, FRM-11)", script: "echo loading\n" + printOK, kind: protocol.NotAMessage, text: `"loading"`},
	{name: "rubbish before, and failure", script: "echo 'jq is missing'; exit 1", kind: protocol.NotAMessage, text: `"jq is missing"`},
	{name: "rubbish after (MSG-13)", script: printOK + "echo done", kind: protocol.NotAMessage, text: `"done"`},
	{name: "rubbish a little later", script: printOK + "sleep 0.3; echo done", kind: protocol.NotAMessage, text: `"done"`},
	{name: "half a line after", script: printOK + "printf half", kind: protocol.Unterminated, text: `"half"`},
	{name: "an empty line", script: "echo\n" + printOK, kind: protocol.NotAMessage},
	{name: "endless rubbish", script: "yes", kind: protocol.NotAMessage, text: `"y"`},
	{name: "two answers (MSG-4)", script: printOK + printOK, kind: protocol.TwoAnswers},
	{name: "an error and an answer (MSG-4)", script: `echo '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}'` + "\n" + printOK, kind: protocol.TwoAnswers},
	{name: "wrong id (MSG-3)", script: `echo '{"jsonrpc":"2.0","id":2,"result":{}}'`, kind: protocol.WrongID},
	{name: "a request (MSG-12)", script: `echo '{"jsonrpc":"2.0","id":"a","method":"config.get","params":{}}'; sleep 60`, stays: true, kind: protocol.UnexpectedRequest},
	{name: "an error (ERR-6)", script: `echo '{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"no site file"}}'; exit 1`, is: &protocol.Error{Code: 7}, text: "no site file"},
}

func TestBadCalls(t *testing.T) {
	t.Parallel()
	for _, c := range bad {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if c.timeout == 0 && !c.stays {
				r.patient()
			}
			p := shell(t, c.script)
			p.Timeout = c.timeout
			answer, err := r.call(t, p, request)
			assert.Nil(t, answer)
			failed := checkError(t, err)
			if c.kind != 0 {
				var v *protocol.Violation
				require.ErrorAs(t, err, &v)
				assert.Equal(t, c.kind.String(), v.Kind.String())
			} else {
				require.ErrorIs(t, err, c.is)
			}
			assert.ErrorContains(t, err, c.text)
			assert.LessOrEqual(t, len(failed.Stderr), 10)
			r.nothingLeft(t)
		})
	}
}

// checkError checks what holds for the error of every call.
func checkError(t testing.TB, err error) *host.PluginError {
	t.Helper()
	var failed *host.PluginError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "zorb", failed.Plugin)
	assert.Equal(t, "describe", failed.Method)
	assert.Equal(t, 1, strings.Count(err.Error(), "zorb"), "the plugin's name, once: %s", err)
	assert.True(t, strings.HasPrefix(err.Error(), "plugin zorb: describe: "), err.Error())
	assert.NotContains(t, err.Error(), "\n")
	assert.NotEmpty(t, failed.Hint())
	assert.NotContains(t, err.Error(), failed.Hint())
	return failed
}

// The advice for a call that failed must say more than to make it once more.
func TestHintShowsTheExchange(t *testing.T) {
	err := &host.PluginError{Plugin: "zorb", Method: "modify", Err: &host.ExitError{Code: 1}}
	assert.Contains(t, err.Hint(), "pathvector-plugin --trace FILE call zorb modify")
}

// An answer that stays in the buffer of a plugin looks like none.
func TestHintSpeaksOfFlushing(t *testing.T) {
	for _, kept := range []bool{false, true} {
		err := &host.PluginError{Plugin: "zorb", Method: "modify", Err: host.LateAnswer(kept)}
		assert.Equal(t, kept, strings.Contains(err.Hint(), "flush=True"), err.Hint())
	}
}

// INV-10: the status and the end of stderr are in the error.
func TestExitWithoutAnswer(t *testing.T) {
	cases := []struct {
		name, script, text, hint string
		code                     int
		kind                     protocol.Kind
	}{
		{"status", "echo one >&2; echo two >&2; exit 3", `it exited with status 3 before it answered; its stderr ends in "one\ntwo"`, "by hand: echo '{", 3, protocol.NoAnswer},
		{"status in the middle of a line", "printf '{'; exit 3", "it exited with status 3", "by hand", 3, protocol.Unterminated},
		{"killed", "kill -KILL $$", "it was killed by signal 9 (SIGKILL) before it answered", "memory", -1, protocol.NoAnswer},
		{"terminated", "kill -TERM $$", "by signal 15 (SIGTERM)", "by hand", -1, protocol.NoAnswer},
		{"no such command", "no-such-command-here", "status 127", "a command that it runs was not found", 127, protocol.NoAnswer},
		{"a child in the background", "sleep 60 >/dev/null 2>&1 & exit 4", "status 4", "by hand", 4, protocol.NoAnswer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).patient()
			p := shell(t, c.script)
			_, err := r.call(t, p, request)
			var exit *host.ExitError
			require.ErrorAs(t, err, &exit)
			assert.Equal(t, c.code, exit.Code)
			var v *protocol.Violation
			require.ErrorAs(t, err, &v)
			assert.Equal(t, c.kind, v.Kind)
			if c.code != 127 { // sh names its script
				checkError(t, err)
			}
			assert.ErrorContains(t, err, c.text)
			var failed *host.PluginError
			require.ErrorAs(t, err, &failed)
			assert.Contains(t, failed.Hint(), c.hint)
			r.nothingLeft(t)
		})
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	why := errors.New("the user went away")
	cases := map[string]func() (context.Context, func()){
		"while it runs": func() (context.Context, func()) { return context.WithCancel(context.Background()) },
		"with a cause": func() (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(context.Background())
			return ctx, func() { cancel(why) }
		},
		"before the start": func() (context.Context, func()) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ctx, cancel
		},
	}
	for name, start := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ctx, cancel := start()
			time.AfterFunc(100*time.Millisecond, cancel)
			began := time.Now()
			_, err := r.Call(ctx, shell(t, "sleep 60"), host.Request{Method: "describe", Params: []byte(request)})
			assert.Less(t, time.Since(began), patience)
			checkError(t, err)
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, name == "with a cause", errors.Is(err, why))
			assert.ErrorContains(t, err, "interrupted")
			r.nothingLeft(t)
		})
	}
}

// A deadline of the caller's own counts too.
func TestTheCallersDeadline(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := r.Call(ctx, shell(t, "sleep 60"), host.Request{Method: "describe", Params: []byte(request)})
	checkError(t, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// All cells again, one after another: what they leave must not add up.
func TestNothingLeaks(t *testing.T) {
	scripts := []string{printOK, "exit 3", "sleep 60", "echo rubbish; sleep 60", "sleep 60 >/dev/null 2>&1 &" + printOK, "exec >&-"}
	r := newRig(t)
	r.Timeout = 50 * time.Millisecond
	_, _ = r.call(t, shell(t, printOK), request) // opens what stays open in any case
	before := openFiles(t)
	for _, script := range scripts {
		_, _ = r.call(t, shell(t, script), request)
		_, _ = r.call(t, file(t, "", 0o644), request)
		goleak.VerifyNone(t)
	}
	assert.Equal(t, before, openFiles(t))
	r.nothingLeft(t)
}
