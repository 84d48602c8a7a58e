package sdk_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
)

// waitFor is a function that waits for the end of its context, or for ever.
func waitFor(started chan<- string) func(context.Context, *keptCall) (sdk.Result, error) {
	return func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		started <- c.Options.Do
		switch c.Options.Do {
		case "wait":
			<-ctx.Done()
			return sdk.Result{}, ctx.Err()
		case "wait, and return a result":
			<-ctx.Done()
		}
		return sdk.Result{}, nil
	}
}

// INV-17: cancel ends one call, whatever its function makes of it, and leaves
// the others alone.
func TestCancelRunning(t *testing.T) {
	started := make(chan string, 3)
	h := served(t, kept(waitFor(started)), "serve")
	for _, do := range []string{"wait", "wait, and return a result"} {
		h.write(t, asking(`"a\u0062"`, do)+asking("2", ""))
		<-started
		<-started
		assert.Equal(t, answered("2"), h.read(t))
		h.write(t, cancelling("2")+cancelling(`"ab"`)+`{"jsonrpc":"2.0","method":"cancel","params":{"ID":"a\u0062"}}`+"\n")
		h.write(t, cancelling(`"a\u0062"`))
		assert.Equal(t, refused(`"a\u0062"`, -32800, "the host cancelled the call"), h.read(t))
	}
	h.write(t, describe)
	assert.Nil(t, h.answer(t).Error)
	assert.Zero(t, h.end(t))
}

// A call that still waits for its turn is answered at once (INV-20).
func TestCancelWaiting(t *testing.T) {
	started := make(chan string, 100)
	h := served(t, kept(waitFor(started)), "serve")
	for i := range sdk.HandlersAtOnce {
		h.write(t, asking(strconv.Itoa(i), "wait"))
		<-started
	}
	h.write(t, asking(`"late"`, "never")+cancelling(`"late"`))
	assert.Equal(t, refused(`"late"`, -32800, "the host cancelled the call"), h.read(t))
	h.stop()
	assert.Zero(t, h.exit(t))
	assert.Len(t, h.rest(t), sdk.HandlersAtOnce)
	assert.Empty(t, started)
}

// stubborn is a plugin whose function does not care for its context. It returns
// when over is closed.
func stubborn(over <-chan struct{}) *sdk.Plugin {
	p := kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
		c.Log().Info("started")
		<-over
		c.Log().Info("nobody hears this")
		return sdk.Result{}, nil
	})
	p.SetPatience(time.Millisecond, time.Millisecond, hang, time.Millisecond)
	return p
}

// Functions that do not return are answered for, when the host cancels, when it
// closes stdin (INV-14), and when the plugin is stopped (ENV-5).
func TestStubbornFunctions(t *testing.T) {
	for name, end := range map[string]func(*peer) int{
		"cancel": func(h *peer) int { h.write(t, cancelling("1")); h.stop(); return h.exit(t) },
		"stdin":  func(h *peer) int { return h.end(t) },
		"stop":   func(h *peer) int { h.stop(); return h.exit(t) },
	} {
		t.Run(name, func(t *testing.T) {
			over := make(chan struct{})
			defer close(over)
			h := served(t, stubborn(over), "serve")
			h.write(t, asking("1", ""))
			assert.Contains(t, h.read(t), `"message":"started"`)
			assert.Zero(t, end(h))
			rest := h.rest(t)
			require.Len(t, rest, 1)
			assert.Contains(t, rest[0], `"id":1,"error":{"code":-32800,`)
		})
	}
}

// A plugin whose functions hang, all of them, ends: it answers for them, so that
// the host would not see it otherwise (INV-20, INV-22).
func TestStuck(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	h := served(t, stubborn(over), "serve")
	for i := range sdk.HandlersAtOnce {
		id := strconv.Itoa(i)
		h.write(t, asking(id, ""))
		assert.Contains(t, h.read(t), `"message":"started"`)
		if i == sdk.HandlersAtOnce-1 {
			h.write(t, asking(`"waits"`, ""))
		}
		h.write(t, cancelling(id))
		assert.Equal(t, refused(id, -32800, "the host cancelled the call"), h.read(t))
	}
	assert.Equal(t, 1, h.exit(t))
	assert.Equal(t, []string{refused(`"waits"`, -32800, "the plugin ends, and its function did not return in time")}, h.rest(t))
	assert.Contains(t, h.stderr.String(), "16 calls were cancelled, and the plugin's function has returned from none of them")
}

// One that returns late gives its place back.
func TestReturnsLate(t *testing.T) {
	over := make(chan struct{}, 1)
	h := served(t, stubborn(over), "serve")
	for i := range 2 * sdk.HandlersAtOnce {
		id := strconv.Itoa(i)
		h.write(t, asking(id, ""))
		assert.Contains(t, h.read(t), `"message":"started"`)
		h.write(t, cancelling(id))
		assert.Equal(t, refused(id, -32800, "the host cancelled the call"), h.read(t))
		over <- struct{}{}
	}
	assert.Zero(t, h.end(t))
}
