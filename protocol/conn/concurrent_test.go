package conn

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Many calls at once, answered in another order: each gets its own answer.
func TestConcurrentCalls(t *testing.T) {
	const callers, calls = 32, 50
	c := connected(t, Options{}, func(in *bufio.Reader, out io.Writer) {
		var held [][]byte
		for range callers * calls {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			held = append(held, answer(line))
			// Callers wait for their answers, so there are never more requests
			// than callers to hold back.
			for len(held) > 0 && (in.Buffered() == 0 || len(held) > callers/2) {
				i := rand.IntN(len(held))
				_, _ = out.Write(held[i])
				held = append(held[:i], held[i+1:]...)
			}
		}
	})
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range calls {
				nonce := fmt.Sprintf(`{"nonce":"%d-%d"}`, caller, n)
				result, err := c.Call(patient(t), Call{Method: "echo", Params: json.RawMessage(nonce)})
				if !assert.NoError(t, err) || !assert.Equal(t, nonce, string(result)) {
					return
				}
			}
		})
	}
	all.Wait()
	wait(t, c.Done())
	assert.NoError(t, c.Err())
	assert.Empty(t, c.stream.calls.byID)
}

// What ends the reading ends every call that waits, with its reason.
func TestEveryWaitingCallEnds(t *testing.T) {
	const callers = 10
	ends := map[string]struct {
		end   func(c *Conn, out io.Writer)
		check func(t *testing.T, err error)
	}{
		"a violation": {
			func(_ *Conn, out io.Writer) { _, _ = io.WriteString(out, "rubbish\n") },
			func(t *testing.T, err error) { checkViolation(t, protocol.NotAMessage, "FRM-9", "rubbish", err) },
		},
		"the end of stdout": {
			func(*Conn, io.Writer) {},
			func(t *testing.T, err error) { checkViolation(t, protocol.NoAnswer, "MSG-7", `"modify"`, err) },
		},
		"Close": {
			func(c *Conn, _ io.Writer) { _ = c.Close() },
			func(t *testing.T, err error) { assert.ErrorIs(t, err, ErrClosed) },
		},
	}
	for name, row := range ends {
		t.Run(name, func(t *testing.T) {
			var c *Conn
			begin := make(chan struct{})
			c = connected(t, Options{}, func(in *bufio.Reader, out io.Writer) {
				<-begin
				for range callers {
					_, _ = in.ReadString('\n')
				}
				row.end(c, out)
			})
			close(begin)
			failed := make(chan error)
			for range callers {
				go func() {
					_, err := c.Call(patient(t), Call{Method: "modify"})
					failed <- err
				}()
			}
			for range callers {
				row.check(t, <-failed)
			}
			wait(t, c.Done())
			_, err := c.Call(patient(t), Call{Method: "modify"})
			row.check(t, err)
		})
	}
}

func TestClose(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	c := New(r, sink{}, Options{})
	assert.NoError(t, c.Err(), "before Done")
	require.NoError(t, c.Close())
	wait(t, c.Done())
	assert.NoError(t, c.Err())
	assert.NoError(t, c.Close(), "again")
	_, err := c.Call(patient(t), Call{Method: "describe"})
	assert.ErrorIs(t, err, ErrClosed)
}
