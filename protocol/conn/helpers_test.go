package conn

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is what only a hang takes.
const patience = 3 * time.Minute

// sink is a stdin that takes everything and that nobody reads.
type sink struct{}

func (sink) Write(b []byte) (int, error) { return len(b), nil }
func (sink) Close() error                { return nil }

// printed is a connection to a plugin that prints out without reading.
func printed(t *testing.T, out string, o Options) *Conn {
	t.Helper()
	c := New(strings.NewReader(out), sink{}, o)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	return c
}

// connected is a connection to a plugin, which runs in a goroutine that ends
// with the test. Its stdout is closed when it returns.
func connected(t *testing.T, o Options, plugin func(in *bufio.Reader, out io.Writer)) *Conn {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer outW.Close()
		plugin(bufio.NewReader(inR), outW)
		_ = inR.CloseWithError(io.ErrClosedPipe)
	}()
	c := New(outR, inW, o)
	t.Cleanup(func() {
		assert.NoError(t, c.Close())
		wait(t, ended)
	})
	return c
}

// after prints out once a request has come.
func after(out string) func(*bufio.Reader, io.Writer) {
	return func(in *bufio.Reader, w io.Writer) {
		if _, err := in.ReadString('\n'); err == nil {
			_, _ = io.WriteString(w, out)
		}
	}
}

func wait(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
}

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}
