package sdk_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// NTF-7: changed at any time, until stdin ends.
func TestBackground(t *testing.T) {
	ended := make(chan error, 1)
	p := kept(func(context.Context, *keptCall) (sdk.Result, error) { return sdk.Result{}, nil })
	p.Background = func(ctx context.Context, changed func()) error {
		changed()
		changed()
		<-ctx.Done()
		changed() // nobody hears this
		ended <- ctx.Err()
		return ctx.Err()
	}
	for _, args := range [][]string{{"serve"}, nil} {
		h := served(t, p, args...)
		for range 2 {
			line := h.read(t)
			assert.Equal(t, `{"jsonrpc":"2.0","method":"changed"}`, line)
			assert.NoError(t, spec.Validate("changed", []byte(line)))
		}
		h.write(t, asking("1", ""))
		assert.Equal(t, answered("1"), h.read(t))
		assert.Zero(t, h.end(t))
		assert.Empty(t, h.rest(t))
		require.ErrorIs(t, <-ended, context.Canceled)
	}
	out, stderr, code := ask(t, p, asking("1", ""), "modify") // one-shot: it does not run
	assert.Equal(t, answered("1")+"\n", out)
	assert.Empty(t, stderr)
	assert.Zero(t, code)
	assert.Empty(t, ended)
}

// When Background fails, the plugin answers what it was asked and ends, so that
// the host sees it (INV-22).
func TestBackgroundFails(t *testing.T) {
	for want, fails := range map[string]func(){
		"the plugin's Background failed: the watch broke\n":                                                  func() {},
		"the plugin's Background failed: the plugin panicked: oh no; its stderr shows where (code -32603)\n": func() { panic("oh no") },
	} {
		working, release := make(chan struct{}), make(chan struct{})
		p := kept(func(context.Context, *keptCall) (sdk.Result, error) {
			close(working)
			<-release
			return sdk.Result{}, nil
		})
		p.Background = func(context.Context, func()) error {
			<-working
			defer close(release)
			fails()
			return errors.New("the watch broke")
		}
		h := served(t, p, "serve")
		h.write(t, asking("1", ""))
		assert.Equal(t, 1, h.exit(t))
		assert.Equal(t, []string{answered("1")}, h.rest(t))
		assert.True(t, strings.HasSuffix(h.stderr.String(), want), h.stderr.String())
	}
}

// A plugin may have nothing to do in the background any more.
func TestBackgroundReturns(t *testing.T) {
	p := kept(func(context.Context, *keptCall) (sdk.Result, error) { return sdk.Result{}, nil })
	p.Background = func(context.Context, func()) error { return nil }
	h := served(t, p, "serve")
	for range 3 {
		h.write(t, asking("1", ""))
		assert.Equal(t, answered("1"), h.read(t))
	}
	assert.Zero(t, h.end(t))
}

// held is what a plugin may hold in these tests: eight big requests.
const held = 8 * 64 << 10

// big is a request of an eighth of what may be held, and a little less.
func big(id, do string) string {
	padding := strings.Repeat("x", held/8-8<<10)
	return strings.Replace(asking(id, do), `"config":`, `"padding":"`+padding+`","config":`, 1)
}

// A plugin that is sent more than it can hold stops reading, and loses nothing.
func TestServeHoldsBack(t *testing.T) {
	var working, most atomic.Int32
	release := make(chan struct{})
	p := kept(func(context.Context, *keptCall) (sdk.Result, error) {
		most.Store(max(most.Load(), working.Add(1)))
		defer working.Add(-1)
		<-release
		return sdk.Result{}, nil
	})
	p.SetHeld(held)
	h := served(t, p, "serve")
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(h.stdin, strings.Repeat(big("1", ""), 12))
		written <- err
	}()
	require.Eventually(t, func() bool { return working.Load() == 8 }, hang, time.Millisecond)
	select {
	case <-written:
		assert.Fail(t, "it has read on")
	default:
	}
	close(release)
	for range 12 {
		assert.Equal(t, answered("1"), h.read(t))
	}
	require.NoError(t, <-written)
	assert.Zero(t, h.end(t))
	assert.LessOrEqual(t, most.Load(), int32(8))
}

// While a function waits for the host, its answer may stand behind any number of
// requests, so that reading goes on, and what cannot be held is refused.
func TestServeRefusesWhatItCannotHold(t *testing.T) {
	over := make(chan struct{})
	p := kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		if c.Options.Do == "wait" {
			<-over
			return sdk.Result{}, nil
		}
		defer close(over)
		_, err := c.Get(ctx, "/asn", nil)
		return sdk.Result{}, err
	})
	p.SetHeld(held)
	h := served(t, p, "serve")
	h.write(t, asking("1", ""))
	id := question(t, h, "/asn")
	h.write(t, strings.Repeat(big("2", "wait"), 10))
	for range 2 {
		assert.Equal(t, `{"jsonrpc":"2.0","id":2,"error":{"code":-32003,"message":"too many requests wait for an answer; send less at once","data":{"retryAfter":1}}}`, h.read(t))
	}
	h.write(t, `{"jsonrpc":"2.0","id":`+id+`,"result":{"found":false}}`+"\n")
	for range 9 {
		assert.Nil(t, h.answer(t).Error)
	}
	assert.Zero(t, h.end(t))
}

// A host that does not read costs no memory, and does not keep the process.
func TestServeUnread(t *testing.T) {
	var logged atomic.Int32
	p := kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		for ctx.Err() == nil {
			c.Log().Info("again")
			logged.Add(1)
		}
		return sdk.Result{}, nil
	})
	p.SetPatience(time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond)
	stdin, toStdin := io.Pipe()
	unread, stdout := io.Pipe()
	var stderr lockedBuffer
	code := make(chan int, 1)
	go func() { code <- p.Run(context.Background(), []string{"serve"}, stdin, stdout, &stderr) }()
	_, err := io.WriteString(toStdin, asking("1", "")+cancelling("1")+asking("2", "")+cancelling("2"))
	require.NoError(t, err)
	require.NoError(t, toStdin.Close())
	select {
	case got := <-code:
		assert.Equal(t, 1, got)
	case <-time.After(hang):
		require.Fail(t, "it does not end")
	}
	assert.Equal(t, "calls are left without an answer, since nobody reads what the plugin writes to stdout\n", stderr.String())
	assert.Zero(t, logged.Load())
	require.NoError(t, unread.Close())
}
