package sdk_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// hang is how long a test waits for what should come at once.
const hang = 2 * time.Minute

// peer is the host of a plugin that runs in the test.
type peer struct {
	stop   context.CancelFunc // what SIGTERM does
	stdin  *io.PipeWriter
	lines  chan string
	code   chan int
	stderr *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// served runs the plugin. When the test ends, nothing of it may run on.
func served(t *testing.T, p *sdk.Plugin, args ...string) *peer {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(context.Background())
	stdin, toStdin := io.Pipe()
	fromStdout, stdout := io.Pipe()
	h := &peer{stop: cancel, stdin: toStdin, lines: make(chan string, 10_000), code: make(chan int, 1), stderr: &lockedBuffer{}}
	go func() {
		h.code <- p.Run(ctx, args, stdin, stdout, h.stderr)
		_ = stdout.Close()
		_ = stdin.Close()
	}()
	go func() {
		defer close(h.lines)
		for r := protocol.NewReader(fromStdout, 0); ; {
			line, err := r.ReadLine()
			if err != nil {
				return
			}
			h.lines <- string(line)
		}
	}()
	t.Cleanup(func() {
		cancel()
		_ = toStdin.Close()
		_ = fromStdout.Close()
		goleak.VerifyNone(t, leaks)
	})
	return h
}

func (h *peer) write(t *testing.T, text string) {
	t.Helper()
	_, err := io.WriteString(h.stdin, text)
	require.NoError(t, err)
}

// read returns the next line, which must be a message.
func (h *peer) read(t *testing.T) string {
	t.Helper()
	select {
	case line, ok := <-h.lines:
		require.True(t, ok, "expected a line, the plugin has ended: %s", h.stderr)
		return line
	case <-time.After(hang):
		require.FailNow(t, "the plugin writes nothing")
		return ""
	}
}

// answer returns the next line, which must be an answer.
func (h *peer) answer(t *testing.T) *protocol.Response {
	t.Helper()
	line := h.read(t)
	assert.NoError(t, spec.Validate("answer", []byte(line)), line)
	message, err := protocol.ParseMessage([]byte(line))
	require.NoError(t, err)
	require.IsType(t, &protocol.Response{}, message, line)
	return message.(*protocol.Response)
}

// end closes stdin and returns the exit status.
func (h *peer) end(t *testing.T) int {
	assert.NoError(t, h.stdin.Close())
	return h.exit(t)
}

func (h *peer) exit(t *testing.T) int {
	select {
	case code := <-h.code:
		return code
	case <-time.After(hang):
		assert.Fail(t, "the plugin does not end")
		return -1
	}
}

// rest returns the lines that are left when the plugin has ended.
func (h *peer) rest(t *testing.T) (all []string) {
	for line := range h.lines {
		all = append(all, line)
	}
	return all
}
