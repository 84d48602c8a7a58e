package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

type (
	keptOptions struct {
		Do string `json:"do"`
	}
	keptCall = sdk.Call[keptOptions, map[string]any]
)

// kept is a plugin that is kept running.
func kept(f func(ctx context.Context, c *keptCall) (sdk.Result, error)) *sdk.Plugin {
	return &sdk.Plugin{Name: "kept", Version: "1.0.0", KeptRunning: true, Modify: sdk.Modify(f)}
}

// asking is a request line.
func asking(id, do string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"modify","params":{"protocol":1,"options":{"do":"` + do + `"},"config":{"asn":65000}}}` + "\n"
}

func cancelling(id string) string {
	return `{"jsonrpc":"2.0","method":"cancel","params":{"id":` + id + `}}` + "\n"
}

func answered(id string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":{"merge":{}}}`
}

func refused(id string, code int, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%q}}`, id, code, message)
}

func TestDescribeKeptRunning(t *testing.T) {
	out, _, _ := ask(t, kept(nil), describe, "describe")
	assert.Equal(t, result(`{"name":"kept","version":"1.0.0","protocols":[1],"methods":["describe","modify"],"mode":"kept-running"}`)+"\n", out)
}

// Functions work at the same time, as many as there may be: the first ones wait
// for each other, and the one after them waits until one has ended (INV-19).
func TestServeAtOnce(t *testing.T) {
	var working, most atomic.Int32
	release := make(chan struct{})
	h := served(t, kept(func(context.Context, *keptCall) (sdk.Result, error) {
		most.Store(max(most.Load(), working.Add(1)))
		defer working.Add(-1)
		<-release
		return sdk.Result{}, nil
	}), "serve")
	for i := range sdk.HandlersAtOnce + 1 {
		h.write(t, asking(strconv.Itoa(i), ""))
	}
	require.Eventually(t, func() bool { return working.Load() == sdk.HandlersAtOnce }, hang, time.Millisecond)
	close(release)
	for range sdk.HandlersAtOnce + 1 {
		assert.Nil(t, h.answer(t).Error)
	}
	assert.Zero(t, h.end(t))
	assert.EqualValues(t, sdk.HandlersAtOnce, most.Load())
}

// A plugin that does not say that it can is never asked two things at once, and
// answers in order.
func TestServeOneAfterTheOther(t *testing.T) {
	var working atomic.Int32
	p := kept(func(context.Context, *keptCall) (sdk.Result, error) {
		defer working.Add(-1)
		if working.Add(1) > 1 {
			return sdk.Result{}, errors.New("called at the same time")
		}
		runtime.Gosched()
		return sdk.Result{}, nil
	})
	p.KeptRunning = false
	h := served(t, p)
	for i := range 50 {
		h.write(t, asking(strconv.Itoa(i), ""))
	}
	for i := range 50 {
		assert.Equal(t, answered(strconv.Itoa(i)), h.read(t))
	}
	assert.Zero(t, h.end(t))
}

// Two hundred requests are sent before one answer is read; each gets its own.
func TestServeManyAtOnce(t *testing.T) {
	h := served(t, kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		c.Log().Info("working", "on", c.Options.Do)
		c.Progress(1, 2, "")
		return sdk.Merge(map[string]string{"hostname": c.Options.Do}), nil
	}), "serve")
	var all strings.Builder
	for i := range 200 {
		all.WriteString(asking(strconv.Itoa(i), "n"+strconv.Itoa(i)))
	}
	h.write(t, all.String())
	assert.Zero(t, h.end(t))
	answers := 0
	for _, line := range h.rest(t) {
		message, err := protocol.ParseMessage([]byte(line))
		require.NoError(t, err)
		if r, ok := message.(*protocol.Response); ok {
			answers++
			assert.Equal(t, `{"merge":{"hostname":"n`+string(r.ID)+`"}}`, string(r.Result))
		}
	}
	assert.Equal(t, 200, answers)
}

// At the end of stdin, what waits and what works is answered (MSG-7).
func TestEndWhileWorking(t *testing.T) {
	var started atomic.Int32
	release := make(chan struct{})
	h := served(t, kept(func(context.Context, *keptCall) (sdk.Result, error) {
		started.Add(1)
		<-release
		return sdk.Result{}, nil
	}), "serve")
	for i := range 2 * sdk.HandlersAtOnce {
		h.write(t, asking(strconv.Itoa(i), ""))
	}
	require.NoError(t, h.stdin.Close())
	require.Eventually(t, func() bool { return started.Load() == sdk.HandlersAtOnce }, hang, time.Millisecond)
	close(release)
	assert.Zero(t, h.exit(t))
	rest := h.rest(t)
	assert.Len(t, rest, 2*sdk.HandlersAtOnce)
	for _, line := range rest {
		assert.Contains(t, line, `"result":`)
	}
}

// A line that is broken at its end is the last (FRM-8); what came before it is
// answered.
func TestServeBrokenStream(t *testing.T) {
	h := served(t, kept(func(context.Context, *keptCall) (sdk.Result, error) { return sdk.Result{}, nil }), "serve")
	h.write(t, asking("1", "")+`{"jsonrpc":`)
	assert.Equal(t, 1, h.end(t))
	rest := h.rest(t)
	require.Len(t, rest, 2)
	assert.Contains(t, rest, answered("1"))
	assert.Contains(t, rest[0]+rest[1], `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,`)
	assert.Contains(t, h.stderr.String(), "expected a newline at the end of the last line")
}

// A panic, and a function that ends its goroutine, end their own calls only.
func TestServeGoesOnAfter(t *testing.T) {
	h := served(t, kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
		switch c.Options.Do {
		case "panic":
			panic("oh no")
		case "exit":
			runtime.Goexit()
		case "nul":
			return sdk.Merge(map[string]string{"hostname": "a\x00"}), nil
		case "nul in an error":
			return sdk.Result{}, &sdk.Error{Code: 7, Message: "no", Data: []byte(`"\u0000"`)}
		}
		return sdk.Result{}, nil
	}), "serve")
	for _, test := range []struct{ do, want string }{
		{"panic", "the plugin panicked: oh no; its stderr shows where"},
		{"exit", "the plugin's function ended its goroutine"},
		{"nul", "the result cannot be sent: expected text without NUL"},
		{"nul in an error", "cannot be sent"},
		{"", ""},
	} {
		h.write(t, asking("1", test.do))
		answer := h.answer(t)
		if test.want == "" {
			assert.Nil(t, answer.Error)
			continue
		}
		require.NotNil(t, answer.Error, test.do)
		assert.Contains(t, answer.Error.Message, test.want)
	}
	assert.Zero(t, h.end(t))
}

// When stdout is gone, the plugin ends, and with it the context of its functions.
func TestServeWithoutReader(t *testing.T) {
	stdin, toStdin := io.Pipe()
	var stderr lockedBuffer
	code := make(chan int, 1)
	p := kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		if c.Options.Do == "wait" {
			<-ctx.Done()
		}
		return sdk.Result{}, nil
	})
	go func() { code <- p.Run(context.Background(), []string{"serve"}, stdin, broken{}, &stderr) }()
	_, err := io.WriteString(toStdin, asking("1", "wait")+asking("2", ""))
	require.NoError(t, err)
	select {
	case got := <-code:
		assert.Equal(t, 1, got)
	case <-time.After(hang):
		require.Fail(t, "it does not end")
	}
	assert.Equal(t, "cannot write the answer: no more paper\n", stderr.String())
	require.NoError(t, stdin.Close())
}
