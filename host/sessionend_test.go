//go:build linux

package host_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// MSG-4: a second answer is found out in the end at the latest, and what came
// of the first one should not be used.
func TestSecondAnswerOfAKeptRunningPlugin(t *testing.T) {
	k := keep(t)
	_, err := k.do(t.Context(), "answer twice")
	require.NoError(t, err)
	_, err = k.Close()
	require.ErrorContains(t, err, "plugin zorb: serve: expected one answer to a request")
	k.nothingLeft(t)
}

// A broken rule is not forgotten when no process can be started after that one.
func TestSecondAnswerOfAPluginThatIsGone(t *testing.T) {
	k := keep(t)
	k.program.Path = filepath.Join(t.TempDir(), "pathvector-plugin-zorb")
	require.NoError(t, os.Symlink(os.Args[0], k.program.Path))
	k.again()
	_, err := k.do(t.Context(), "answer twice")
	require.NoError(t, err)
	require.NoError(t, os.Remove(k.program.Path))
	k.nothingLeft(t) // or the next call may be told
	_, err = k.do(t.Context(), "pid")
	require.ErrorContains(t, err, "it cannot be started")
	_, err = k.Close()
	require.ErrorContains(t, err, "plugin zorb: serve: expected one answer to a request")
}

// Who closes a host that is at work gets to know that, and not that the plugin
// did something wrong.
func TestCloseDuringACall(t *testing.T) {
	k := keep(t)
	k.SetGraces(10*time.Millisecond, patience)
	k.again()
	_, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	waiting := make(chan error)
	go func() {
		_, err := k.do(t.Context(), "wait")
		waiting <- err
	}()
	time.Sleep(10 * time.Millisecond) // whether it has begun makes no difference
	_, err = k.Close()
	require.NoError(t, err)
	assert.EqualError(t, <-waiting, "plugin zorb: modify: the host has ended its plugins")
	k.nothingLeft(t)
}

// Closing waits for no restart (INV-22).
func TestCloseWhileARestartWaits(t *testing.T) {
	k := keep(t)
	k.SetRestarts(time.Hour, time.Hour, 3, time.Hour)
	k.again()
	_, err := k.do(t.Context(), "exit")
	require.Error(t, err)
	waiting := make(chan error)
	for range 2 {
		go func() {
			_, err := k.do(t.Context(), "pid")
			waiting <- err
		}()
	}
	time.Sleep(10 * time.Millisecond) // whether they wait already makes no difference
	k.close(t)
	for range 2 {
		assert.EqualError(t, <-waiting, "plugin zorb: modify: the host has ended its plugins")
	}
}

// A call that is stopped because another one hung was not itself interrupted,
// nor is a later one that is not tried for that reason (INV-21, INV-22).
func TestCallsBesideOneThatHangs(t *testing.T) {
	t.Parallel()
	k := keep(t)
	k.SetGraces(100*time.Millisecond, 100*time.Millisecond)
	k.SetRestarts(time.Millisecond, time.Millisecond, 1, time.Hour)
	k.again()
	other := make(chan error)
	go func() {
		_, err := k.do(t.Context(), "hang")
		other <- err
	}()
	require.Eventually(t, func() bool { return len(k.shown()) == 1 }, patience, time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := k.do(ctx, "hang")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	err = <-other
	require.ErrorContains(t, err, "it was stopped, as another call hung: interrupted before it answered, nor one to cancel after that")
	assert.NotErrorIs(t, err, context.DeadlineExceeded)

	_, err = k.do(t.Context(), "pid")
	require.ErrorContains(t, err, "it ended 1 times in a row without an answer")
	assert.NotErrorIs(t, err, context.DeadlineExceeded)
	_, err = k.Close()
	require.NoError(t, err)
	k.nothingLeft(t)
}

// INV-14: a plugin that describes kept-running and does not know serve is told
// what it lacks, however it ends; one that a signal ended is not.
func TestAPluginThatCannotServeIsToldSo(t *testing.T) {
	for end, want := range map[string]string{
		"echo what? >&2; exit 2": "is started with serve",
		"exit 0":                 "is started with serve",
		"no-such-command; exit":  "a command that it runs was not found",
		"kill -ABRT $$":          "--trace FILE call zorb modify",
	} {
		_, err := tryModify(t, newHost(), edge, pluginStep(t, "zorb", `[ $1 = describe ] || { `+end+`; }
echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"mode":"kept-running"}}'`))
		var failed *host.PluginError
		require.ErrorAs(t, err, &failed, end)
		assert.Contains(t, failed.Hint(), want, end)
	}
}
