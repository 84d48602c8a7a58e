//go:build linux

package host_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// keptRig is a plugin that is kept running, see keepRunning.
type keptRig struct {
	*rig
	*host.Session
	program host.Program
	changes int
}

func keep(t *testing.T) *keptRig {
	p, environ := self("keep")
	k := &keptRig{rig: newRig(t, environ...).patient(), program: p}
	k.SetRestarts(time.Millisecond, 4*time.Millisecond, 3, time.Hour)
	k.again()
	return k
}

// again begins anew, with what has been set meanwhile.
func (k *keptRig) again() { k.Session = k.Keep(k.program, func() { k.changes++ }) }

func (k *keptRig) do(ctx context.Context, what string) (*host.Answer, error) {
	return k.Session.Call(ctx, host.Request{Method: "modify", Params: doing(what, "")})
}

func doing(what, nonce string) json.RawMessage {
	return fmt.Appendf(nil, `{"protocol":1,"do":%q,"nonce":%q}`, what, nonce)
}

// close checks that the plugin ends as it should.
func (k *keptRig) close(t *testing.T) {
	t.Helper()
	warnings, err := k.Close()
	require.NoError(t, err)
	assert.Empty(t, warnings)
	k.nothingLeft(t)
}

// INV-14, INV-18, INV-19: one process answers many calls, many at once, each
// caller gets the answer to its own.
func TestKeptRunning(t *testing.T) {
	k := keep(t)
	var calls sync.WaitGroup
	for i := range 20 {
		calls.Go(func() {
			for j := range 20 {
				nonce := fmt.Sprintf("%d-%d", i, j)
				answer, err := k.Session.Call(t.Context(), host.Request{Method: "modify", Params: doing("", nonce)})
				if assert.NoError(t, err) {
					assert.Equal(t, `"`+nonce+`"`, string(answer.Result))
				}
			}
		})
	}
	calls.Wait()
	first, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	second, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	assert.Equal(t, string(first.Result), string(second.Result))
	assert.Empty(t, k.lines)
	k.close(t)

	_, err = k.do(t.Context(), "pid")
	assert.ErrorContains(t, err, "plugin zorb: modify: the host has ended its plugins")
}

func TestKeptRunningThatIsNeverCalled(t *testing.T) {
	keep(t).close(t)
}

// INV-21, INV-22: a crash fails the call, and the next one has a new process.
func TestCrashDuringACall(t *testing.T) {
	k := keep(t)
	_, err := k.do(t.Context(), "exit")
	assert.EqualError(t, err, `plugin zorb: modify: it exited with status 3 before it answered; its stderr ends in "giving up"`)
	answer, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	assert.Empty(t, answer.Warnings)
	k.close(t)
}

func TestCrashBetweenCalls(t *testing.T) {
	k := keep(t)
	_, err := k.do(t.Context(), "answer, then exit")
	require.NoError(t, err)
	k.nothingLeft(t)
	require.Eventually(t, func() bool {
		answer, err := k.do(t.Context(), "pid")
		return err == nil && len(answer.Warnings) == 1 &&
			answer.Warnings[0] == "ended between two calls, and was started again: it ended with exit status 3"
	}, patience, time.Millisecond)
	k.close(t)
}

// A crash fails every call that waits.
func TestCrashWithManyCalls(t *testing.T) {
	k := keep(t)
	_, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			_, err := k.do(t.Context(), "wait")
			assert.ErrorContains(t, err, "it exited with status 3 before it answered")
		})
	}
	time.Sleep(10 * time.Millisecond) // any number of them may be there
	_, err = k.do(t.Context(), "exit")
	require.Error(t, err)
	calls.Wait()
	k.close(t)
}

// INV-22: a plugin that crashes again and again is given up for a while.
func TestCrashLoop(t *testing.T) {
	k := keep(t)
	for range 3 {
		_, err := k.do(t.Context(), "exit")
		require.ErrorContains(t, err, "it exited with status 3")
	}
	_, err := k.do(t.Context(), "exit")
	require.ErrorContains(t, err, "plugin zorb: modify: it ended 3 times in a row without an answer, and is not started again for 1h0m0s; the last time it ended with exit status 3")
	k.close(t)

	k = keep(t)
	k.SetRestarts(time.Millisecond, time.Millisecond, 3, 0)
	k.again()
	for range 5 {
		_, err := k.do(t.Context(), "exit")
		require.ErrorContains(t, err, "modify: it exited with status 3", "the time is over at once")
	}
	k.close(t)
}

// Nothing is waited for longer than the call may take.
func TestCrashLoopWaitsNoLongerThanTheCall(t *testing.T) {
	k := keep(t)
	k.SetRestarts(time.Hour, time.Hour, 3, time.Hour)
	k.again()
	_, err := k.do(t.Context(), "exit")
	require.Error(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = k.do(ctx, "pid")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	k.close(t)
}

func TestErrorOfAKeptRunningPlugin(t *testing.T) {
	k := keep(t)
	_, err := k.do(t.Context(), "fail")
	assert.EqualError(t, err, "plugin zorb: modify: no site file (code 7)")
	k.close(t)
}

// INV-17, INV-20: a call that is over is cancelled, and a plugin that answers
// that stays.
func TestCancelledCall(t *testing.T) {
	k := keep(t)
	before, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err = k.do(ctx, "wait")
	require.ErrorContains(t, err, "plugin zorb: modify: interrupted before it answered")
	require.ErrorIs(t, err, context.Canceled)
	after, err := k.do(t.Context(), "pid")
	require.NoError(t, err)
	assert.Equal(t, string(before.Result), string(after.Result))
	k.close(t)
}

// INV-20: one that does not is stopped, whatever it ignores, and the other
// calls end with it.
func TestHungPlugin(t *testing.T) {
	t.Parallel()
	k := keep(t)
	k.SetGraces(100*time.Millisecond, 100*time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	show := k.Stderr
	k.Stderr = func(plugin, line string) {
		show(plugin, line)
		cancel() // it hangs now
	}
	k.again()
	waiting, done := context.WithCancel(t.Context())
	defer done()
	other := make(chan error)
	go func() {
		_, err := k.do(waiting, "wait")
		other <- err
	}()
	_, err := k.do(ctx, "hang")
	require.ErrorIs(t, err, context.Canceled)
	assert.EqualError(t, err, `plugin zorb: modify: interrupted before it answered, nor one to cancel after that; it was stopped; its stderr ends in "waiting for the cluster"`)
	done() // it may have come too late to be stopped with the other
	require.Error(t, <-other)
	_, err = k.Close()
	require.NoError(t, err)
	k.nothingLeft(t)
}

// Nothing is told of a call that is over, not even of one that hung while it was
// told.
func TestNoNotificationAfterTheCall(t *testing.T) {
	t.Parallel()
	k := keep(t)
	k.SetGraces(50*time.Millisecond, 50*time.Millisecond)
	k.again()
	ctx, cancel := context.WithCancel(t.Context())
	var told atomic.Bool
	_, err := k.Session.Call(ctx, host.Request{
		Method: "modify", Params: doing("say", ""),
		Notify: func(*protocol.Notification) {
			cancel()
			time.Sleep(time.Second) // far longer than the plugin may take to answer
			told.Store(true)
		},
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, told.Load())
	_, err = k.Close()
	require.NoError(t, err)
}

// NTF-4, NTF-7, ASK-3, ASK-4.
func TestKeptRunningBothWays(t *testing.T) {
	k := keep(t)
	var notes []string
	_, err := k.Session.Call(t.Context(), host.Request{
		Method: "modify", Params: doing("say", ""),
		Notify: func(n *protocol.Notification) { notes = append(notes, n.Method+string(n.Params)) },
	})
	require.NoError(t, err)
	assert.Equal(t, []string{`log{"request":1,"level":"info","message":"hello"}`}, notes)
	assert.Equal(t, 1, k.changes)

	answer, err := k.Session.Call(t.Context(), host.Request{
		Method: "modify", Params: doing("ask", ""),
		Ask: func(r *protocol.Request) (json.RawMessage, error) { return r.Params, nil },
	})
	require.NoError(t, err)
	assert.Equal(t, `{"jsonrpc":"2.0","id":"a","result":{"request":2,"pointer":"/asn"}}`, string(answer.Result))
	answer, err = k.do(t.Context(), "ask")
	require.NoError(t, err)
	assert.Contains(t, string(answer.Result), "-32602")
	k.close(t)
}
