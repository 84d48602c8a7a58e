package conn

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipes is a connection over pipes of the system, with the plugin's ends. A
// test that does not end in time fails by a timeout of its own.
func pipes(t *testing.T, o Options) (c *Conn, stdin, stdout *os.File) {
	t.Helper()
	stdin, in, err := os.Pipe()
	require.NoError(t, err)
	out, stdout, err := os.Pipe()
	require.NoError(t, err)
	c = New(out, in, o)
	t.Cleanup(func() {
		assert.NoError(t, c.Close())
		_ = stdin.Close()
		_ = stdout.Close()
	})
	return c, stdin, stdout
}

func sized(n int) json.RawMessage {
	return json.RawMessage(`{"a":"` + strings.Repeat("x", n) + `"}`)
}

// However much waits for a plugin that does not read, its answers are taken
// (INV-3, INV-6); and when it reads, it reads every request whole, in the order
// of their ids.
func TestRequestsThatDoNotFitIntoThePipe(t *testing.T) {
	sizes := []int{10, joined - 10, joined + 1, 2 << 20, 10, 5000, 3 << 20, 0}
	c, stdin, stdout := pipes(t, Options{KeptRunning: true, Grace: patience})
	for i, size := range sizes {
		_, err := fmt.Fprintf(stdout, `{"jsonrpc":"2.0","method":"log","params":{"message":"%s"}}`+"\n", strings.Repeat("y", 1000))
		require.NoError(t, err)
		answered := make(chan error)
		go func() {
			_, err := c.Call(patient(t), Call{Method: "modify", Params: sized(size)})
			answered <- err
		}()
		for c.stream.calls.used() < uint64(i+1) { // an answer before the question breaks the protocol
			runtime.Gosched()
		}
		_, err = fmt.Fprintf(stdout, `{"jsonrpc":"2.0","id":%d,"result":{}}`+"\n", i+1)
		require.NoError(t, err)
		require.NoError(t, <-answered)
	}
	in := bufio.NewReader(stdin)
	for i, size := range sizes {
		line, err := in.ReadString('\n')
		require.NoError(t, err)
		assert.True(t, line == fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"modify","params":%s}`+"\n", i+1, sized(size)), "request %d", i+1)
	}
}

// used returns the id used last.
func (c *calls) used() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// Requests of several callers at once are lines of their own.
func TestRequestsOfManyCallersOverAPipe(t *testing.T) {
	const callers, calls = 8, 30
	c, stdin, stdout := pipes(t, Options{KeptRunning: true, Grace: patience})
	go func() {
		in := bufio.NewReader(stdin)
		for {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			_, _ = stdout.Write(answer(line))
		}
	}()
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range calls {
				params := sized(n * (caller + 1) * 1000)
				result, err := c.Call(patient(t), Call{Method: "echo", Params: params})
				if !assert.NoError(t, err) || !assert.True(t, string(params) == string(result)) {
					return
				}
			}
		})
	}
	all.Wait()
}

// INV-1: stdin ends after the one request, whether it fits into the pipe or
// not.
func TestOnce(t *testing.T) {
	for _, size := range []int{10, 100_000, 4 << 20} {
		c, stdin, stdout := pipes(t, Options{Once: true})
		answered := make(chan error)
		go func() {
			_, err := c.Call(patient(t), Call{Method: "modify", Params: sized(size)})
			answered <- err
		}()
		text, err := io.ReadAll(stdin)
		require.NoError(t, err)
		assert.True(t, string(text) == fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"modify","params":%s}`+"\n", sized(size)), "%d bytes", size)
		_, err = io.WriteString(stdout, good)
		require.NoError(t, err)
		require.NoError(t, <-answered)
		_, err = c.Call(patient(t), Call{Method: "modify"})
		require.EqualError(t, err, "expected no call after the end of the plugin's stdin")
	}
}

// A plugin that closes its stdin may answer nevertheless (INV-3).
func TestClosedPipe(t *testing.T) {
	for _, size := range []int{10, 4 << 20} {
		c, stdin, stdout := pipes(t, Options{})
		require.NoError(t, stdin.Close())
		answered := make(chan error)
		go func() {
			_, err := c.Call(patient(t), Call{Method: "modify", Params: sized(size)})
			answered <- err
		}()
		_, err := io.WriteString(stdout, good)
		require.NoError(t, err)
		require.NoError(t, <-answered)
		_, err = c.Call(patient(t), Call{Method: "modify"})
		require.ErrorIs(t, err, syscall.EPIPE)
	}
}

// A message with a line break in it would be two, and is not written.
func TestLineBreakInParams(t *testing.T) {
	for _, params := range []json.RawMessage{[]byte("{\"a\":\n1}"), append(sized(joined), '\n')} {
		c, stdin, _ := pipes(t, Options{Once: true})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = c.Call(patient(t), Call{Method: "modify", Params: params})
		}()
		text, err := io.ReadAll(stdin)
		require.NoError(t, err)
		assert.Empty(t, string(text))
		assert.ErrorContains(t, c.stream.out.queue([]byte("{}\n")), "expected a message without line breaks, got one in")
		require.NoError(t, c.Close())
		wait(t, ended)
	}
}

// What is written to without a pipe, as for a trace, gets whole messages.
func TestWholeMessagesWithoutAPipe(t *testing.T) {
	r, out := io.Pipe()
	written := make(chan string, 1)
	c := New(r, writes(written), Options{})
	go func() {
		line := <-written
		_, _ = out.Write(answer([]byte(line)))
	}()
	_, err := c.Call(patient(t), Call{Method: "echo", Params: sized(joined)})
	require.NoError(t, err)
	require.NoError(t, c.Close())
}

// writes tells what each call of Write was given.
type writes chan string

func (w writes) Write(b []byte) (int, error) {
	w <- string(b)
	return len(b), nil
}
func (writes) Close() error { return nil }
