package conn

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// lending is a connection over pipes of the system to a plugin that has
// answered a first call, so that the next caller reads its answer by itself: the
// goroutine of the Conn does not read again for this long.
func lending(t *testing.T, linger time.Duration, o Options, plugin func(in *bufio.Reader, out io.Writer)) *Conn {
	t.Helper()
	o.KeptRunning = true
	if o.Grace == 0 {
		o.Grace = patience
	}
	c, stdin, stdout := pipes(t, o)
	c.stream.turn.mu.Lock()
	c.stream.turn.linger = linger
	c.stream.turn.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer stdout.Close()
		in := bufio.NewReader(stdin)
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(stdout, good)
		plugin(in, stdout)
	}()
	t.Cleanup(func() {
		_ = c.Close()
		wait(t, ended)
	})
	_, err := c.Call(patient(t), Call{Method: "describe"})
	require.NoError(t, err)
	if linger == patience {
		require.Eventually(t, func() bool { return c.stream.turn.isLent() }, patience, time.Millisecond)
	}
	return c
}

func (t *turn) isLent() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lent
}

func result(id int) string { return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":%d}`+"\n", id, id) }

// Callers that read their answers get them, and the Conn is not left to know
// more and more calls.
func TestCallersRead(t *testing.T) {
	const calls = 10 * forgetful
	c := lending(t, patience, Options{}, func(in *bufio.Reader, out io.Writer) {
		for {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			_, _ = out.Write(answer(line))
		}
	})
	for i := range calls {
		params := fmt.Sprintf(`{"n":%d}`, i)
		result, err := c.Call(patient(t), Call{Method: "echo", Params: json.RawMessage(params)})
		require.NoError(t, err)
		require.Equal(t, params, string(result))
		require.True(t, c.stream.turn.isLent(), "the caller has not read call %d by itself", i)
	}
	assert.Eventually(t, func() bool { return c.stream.calls.toForget() < forgetful }, patience, time.Millisecond)
}

// What comes between calls is read, soon after the last.
func TestReadingGoesOnBetweenCalls(t *testing.T) {
	changed := make(chan struct{})
	proceed := make(chan struct{})
	c := lending(t, usualLinger, Options{OnNotification: func(*protocol.Notification) { close(changed) }}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(out, result(2))
		<-proceed
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","method":"changed"}`+"\n")
	})
	_, err := c.Call(patient(t), Call{Method: "modify"})
	require.NoError(t, err)
	close(proceed)
	wait(t, changed)
	wait(t, c.Done())
	assert.NoError(t, c.Err())
}

// Whatever comes to a caller who reads and is not its answer is dealt with as
// ever.
func TestCallersReadSomethingElse(t *testing.T) {
	for name, row := range map[string]struct {
		out, want string
		kind      protocol.Kind
	}{
		"a notification":  {out: `{"jsonrpc":"2.0","method":"log","params":{"request":2,"x":1}}` + "\n" + result(2), want: `log{"request":2,"x":1} 2`},
		"a question":      {out: `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":2}}` + "\n" + result(2), want: `config.get{"request":2} 2`},
		"an error":        {out: `{"jsonrpc":"2.0","id":2,"error":{"code":7,"message":"no"}}` + "\n", want: `no (code 7)`},
		"no id":           {out: `{"jsonrpc":"2.0","id":null,"error":{"code":7,"message":"no"}}` + "\n", want: `no (code 7)`},
		"another id":      {out: result(3), kind: protocol.WrongID},
		"an answer again": {out: result(1), kind: protocol.TwoAnswers},
		"no message":      {out: "rubbish\n", kind: protocol.NotAMessage},
		"the end":         {kind: protocol.NoAnswer},
		"half a line":     {out: `{"jsonrpc":"2.0","id":2,`, kind: protocol.Unterminated},
		"a long line":     {out: strings.Repeat("x", 5000), kind: protocol.TooLong},
	} {
		t.Run(name, func(t *testing.T) {
			c := lending(t, patience, Options{Limit: 4096}, func(in *bufio.Reader, out io.Writer) {
				_, _ = in.ReadString('\n')
				_, _ = io.WriteString(out, row.out)
			})
			said := ""
			answer, err := c.Call(patient(t), Call{
				Method: "modify",
				Notify: func(n *protocol.Notification) { said += n.Method + string(n.Params) + " " },
				Ask: func(r *protocol.Request) (json.RawMessage, error) {
					said += r.Method + string(r.Params) + " "
					return json.RawMessage(`{}`), nil
				},
			})
			if row.want == "" {
				var v *protocol.Violation
				require.ErrorAs(t, err, &v)
				assert.Equal(t, row.kind, v.Kind, "%s", v.Kind)
				wait(t, c.Done())
				return
			}
			if err != nil {
				answer = []byte(err.Error())
			}
			assert.Equal(t, row.want, said+string(answer))
		})
	}
}

// What stands behind an answer is looked at with it, not when somebody calls
// again.
func TestMoreBehindAnAnswer(t *testing.T) {
	c := lending(t, patience, Options{}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(out, result(2)+result(2))
		_, _ = in.ReadString('\n')
	})
	_, err := c.Call(patient(t), Call{Method: "modify"})
	require.NoError(t, err)
	wait(t, c.Done())
	checkViolation(t, protocol.TwoAnswers, "MSG-4", "has an answer already", c.Err())
}

func TestCloseWrite(t *testing.T) {
	c := lending(t, patience, Options{}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n') // until its end
		_, _ = io.WriteString(out, result(1))
	})
	require.NoError(t, c.CloseWrite())
	wait(t, c.Done())
	checkViolation(t, protocol.TwoAnswers, "MSG-4", "has an answer already", c.Err())
	_, err := c.Call(patient(t), Call{Method: "modify"})
	require.Error(t, err)
}

// A caller who reads does not keep other callers from their answers.
func TestOthersCallWhileACallerReads(t *testing.T) {
	for _, order := range [][]int{{2, 3}, {3, 2}} {
		c := lending(t, patience, Options{}, func(in *bufio.Reader, out io.Writer) {
			for range 2 {
				_, _ = in.ReadString('\n')
			}
			for _, id := range order {
				_, _ = io.WriteString(out, result(id))
			}
			_, _ = in.ReadString('\n')
		})
		ended := make(chan error)
		for range 2 {
			go func() {
				_, err := c.Call(patient(t), Call{Method: "modify"})
				ended <- err
			}()
		}
		for range 2 {
			require.NoError(t, <-ended)
		}
	}
}

// INV-17, INV-20: a caller who reads is interrupted with its context, also in
// the middle of a line, of which nothing is lost.
func TestCancelWhileTheCallerReads(t *testing.T) {
	for _, answers := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		grace := patience
		if !answers {
			grace = time.Millisecond
		}
		c := lending(t, patience, Options{Grace: grace}, func(in *bufio.Reader, out io.Writer) {
			_, _ = in.ReadString('\n')
			late := result(2)
			_, _ = io.WriteString(out, late[:10])
			cancel()
			_, _ = in.ReadString('\n') // cancel
			if answers {
				_, _ = io.WriteString(out, late[10:])
			}
			_, _ = in.ReadString('\n')
			if !answers {
				_, _ = io.WriteString(out, late[10:])
			}
			_, _ = io.WriteString(out, result(3))
		})
		_, err := c.Call(ctx, Call{Method: "modify"})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, !answers, errors.As(err, new(*UnansweredError)))
		got, err := c.Call(patient(t), Call{Method: "modify"})
		require.NoError(t, err)
		assert.Equal(t, "3", string(got))
	}
}

func TestCloseWhileTheCallerReads(t *testing.T) {
	var c *Conn
	asked := make(chan struct{})
	c = lending(t, patience, Options{}, func(in *bufio.Reader, _ io.Writer) {
		_, _ = in.ReadString('\n')
		close(asked)
		_, _ = in.ReadString('\n')
	})
	ended := make(chan error)
	go func() {
		_, err := c.Call(patient(t), Call{Method: "modify"})
		ended <- err
	}()
	<-asked
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-ended, ErrClosed)
	wait(t, c.Done())
	assert.NoError(t, c.Err())
}
