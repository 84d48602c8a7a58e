package conn

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// asks is what a kept-running plugin may ask during its call with the id 1,
// and what it is answered (ASK-1, ASK-4, ASK-5).
var asks = []struct{ request, answer string }{
	{`{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1,"x":1}}`, `{"jsonrpc":"2.0","id":"a","result":{"request":1,"x":1}}`},
	{`{"jsonrpc":"2.0","id":"\u0061","method":"config.get","params":{}}`, `{"jsonrpc":"2.0","id":"\u0061","result":{}}`},
	{`{"jsonrpc":"2.0","id":"1","method":"config.get","params":{"request":1,"fail":1}}`, `{"jsonrpc":"2.0","id":"1","error":{"code":-32602,"message":"no fail"}}`},
	{`{"jsonrpc":"2.0","id":"","method":"config.get","params":{"request":1,"break":1}}`, `{"jsonrpc":"2.0","id":"","error":{"code":-32603,"message":"it broke"}}`},
	{`{"jsonrpc":"2.0","id":"b","method":"config.get","params":{"request":2}}`, notWaiting("b")},
	{`{"jsonrpc":"2.0","id":"c","method":"config.get","params":{"request":"1"}}`, notWaiting("c")},
	{`{"jsonrpc":"2.0","id":"d","method":"config.get","params":{"request":1.0}}`, notWaiting("d")},
	{`{"jsonrpc":"2.0","id":"e","method":"config.get","params":{"request":18446744073709551617}}`, notWaiting("e")},
	{`{"jsonrpc":"2.0","id":"f","method":"config.set","params":{"request":1}}`, unknown("f")},
	{`{"jsonrpc":"2.0","id":"g","method":"config.set","params":{"request":2}}`, unknown("g")},
	{`{"jsonrpc":"2.0","id":"h","method":"config.set"}`, unknown("h")},
}

func notWaiting(id string) string {
	return `{"jsonrpc":"2.0","id":"` + id + `","error":{"code":-32602,"message":"expected the id of a call that waits for an answer in params.request"}}`
}

func unknown(id string) string {
	return `{"jsonrpc":"2.0","id":"` + id + `","error":{"code":-32601,"message":"expected the method config.get, got \"config.set\""}}`
}

func answerAsk(r *protocol.Request) (json.RawMessage, error) {
	switch {
	case bytes.Contains(r.Params, []byte("fail")):
		return nil, &protocol.Error{Code: protocol.CodeInvalidParams, Message: "no fail"}
	case bytes.Contains(r.Params, []byte("break")):
		return nil, errors.New("it broke")
	}
	return r.Params, nil
}

func TestAsk(t *testing.T) {
	var answers []string
	c := connected(t, Options{KeptRunning: true}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n')
		for _, ask := range asks {
			_, _ = io.WriteString(out, ask.request+"\n")
			line, _ := in.ReadString('\n')
			answers = append(answers, strings.TrimSuffix(line, "\n"))
		}
		_, _ = io.WriteString(out, good)
	})
	_, err := c.Call(patient(t), Call{Method: "modify", Ask: answerAsk})
	require.NoError(t, err)
	require.Len(t, answers, len(asks))
	for i, ask := range asks {
		assert.Equal(t, ask.answer, answers[i], ask.request)
	}
}

// Nothing may be asked in a call that takes no questions, nor between calls
// (ASK-4).
func TestAskAtTheWrongTime(t *testing.T) {
	var answers []string
	ask := func(in *bufio.Reader, out io.Writer) {
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1}}`+"\n")
		line, _ := in.ReadString('\n')
		answers = append(answers, strings.TrimSuffix(line, "\n"))
	}
	c := connected(t, Options{KeptRunning: true}, func(in *bufio.Reader, out io.Writer) {
		ask(in, out)
		_, _ = in.ReadString('\n')
		ask(in, out)
		_, _ = io.WriteString(out, good)
		ask(in, out)
	})
	time.Sleep(10 * time.Millisecond) // more often than not it has asked by now
	_, err := c.Call(patient(t), Call{Method: "modify"})
	require.NoError(t, err)
	wait(t, c.Done())
	refused := `{"jsonrpc":"2.0","id":"a","error":{"code":-32602,"message":"expected no question during this call, which has no view"}}`
	require.Len(t, answers, 3)
	assert.Contains(t, []string{notWaiting("a"), refused}, answers[0])
	assert.Equal(t, []string{refused, notWaiting("a")}, answers[1:])
}

// ASK-1: integers are the host's ids.
func TestAskWithAnInteger(t *testing.T) {
	c := printed(t, `{"jsonrpc":"2.0","id":7,"method":"config.get","params":{"request":1,"pointer":""}}`+"\n", Options{KeptRunning: true})
	wait(t, c.Done())
	checkViolation(t, protocol.BadRequestID, "ASK-1", `its id is "7"`, c.Err())
}

// An answer to what was never asked is none, also before the first call (MSG-3).
func TestAnswerBeforeTheFirstCall(t *testing.T) {
	c := printed(t, good, Options{KeptRunning: true})
	wait(t, c.Done())
	checkViolation(t, protocol.WrongID, "MSG-3", "nothing was asked yet", c.Err())
}

// A plugin that asks without reading the answers is not read any more, until
// it reads again (INV-23). Close ends that too.
func TestAskWithoutReading(t *testing.T) {
	big := json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	for _, reads := range []bool{true, false} {
		t.Run(fmt.Sprint("reads later: ", reads), func(t *testing.T) {
			const most = 40
			var answered, asked int
			stuck := make(chan struct{})
			c := connected(t, Options{KeptRunning: true}, func(in *bufio.Reader, out io.Writer) {
				_, _ = in.ReadString('\n')
				var asking sync.WaitGroup
				asking.Go(func() {
					for asked < most {
						if _, err := io.WriteString(out, `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":1}}`+"\n"); err != nil {
							return
						}
						asked++
					}
				})
				<-stuck
				if reads {
					for answered < most {
						if _, err := in.ReadString('\n'); err != nil {
							break
						}
						answered++
					}
				}
				asking.Wait()
				_, _ = io.WriteString(out, good)
			})
			result := make(chan error)
			count := 0
			go func() {
				_, err := c.Call(patient(t), Call{Method: "modify", Ask: func(*protocol.Request) (json.RawMessage, error) {
					if count++; count == 3 {
						close(stuck) // one is being written, one waits, and this one waits for room
					}
					return big, nil
				}})
				result <- err
			}()
			<-stuck
			if reads {
				require.NoError(t, <-result)
				assert.Equal(t, most, answered)
				return
			}
			require.NoError(t, c.Close())
			require.ErrorIs(t, <-result, ErrClosed)
			assert.Less(t, count, 5)
		})
	}
}

// Notifications go to the call that they belong to, and to nobody else
// (NTF-4, NTF-7, NTF-8, MSG-9).
func TestNotificationsOfCalls(t *testing.T) {
	var others []string
	c := connected(t, Options{KeptRunning: true, OnNotification: func(n *protocol.Notification) {
		others = append(others, n.Method+string(n.Params))
	}}, func(in *bufio.Reader, out io.Writer) {
		for range 2 {
			_, _ = in.ReadString('\n')
		}
		for _, line := range []string{
			`"log","params":{"request":2,"x":"two"}`, `"log","params":{"request":1,"x":"one"}`, `"log","params":{"request":3}`,
			`"log","params":{"x":"whose?"}`, `"log","params":{"request":"1"}`, `"log","params":{"Request":1}`, `"changed","params":{"request":1}`, `"changed"`,
		} {
			_, _ = io.WriteString(out, `{"jsonrpc":"2.0","method":`+line+"}\n")
		}
		_, _ = io.WriteString(out, good+`{"jsonrpc":"2.0","method":"log","params":{"request":1,"x":"late"}}`+"\n")
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","method":"log","params":{"x":"of the only one"}}`+"\n")
		_, _ = io.WriteString(out, strings.Replace(good, `"id":1`, `"id":2`, 1))
	})
	got := make([][]string, 2)
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() {
			var mine []string
			_, err := c.Call(patient(t), Call{Method: "modify", Notify: func(n *protocol.Notification) { mine = append(mine, string(n.Params)) }})
			assert.NoError(t, err)
			if len(mine) > 1 {
				got[1] = mine
			} else {
				got[0] = mine
			}
		})
	}
	calls.Wait()
	wait(t, c.Done())
	assert.Equal(t, [][]string{{`{"request":1,"x":"one"}`}, {`{"request":2,"x":"two"}`, `{"x":"of the only one"}`}}, got)
	assert.Equal(t, []string{
		`log{"request":3}`, `log{"x":"whose?"}`, `log{"request":"1"}`, `log{"Request":1}`, `changed{"request":1}`, `changed`, `log{"request":1,"x":"late"}`,
	}, others)
}

// INV-17, INV-20: a call that ends is cancelled, and the plugin gets some time
// to answer that.
func TestCancel(t *testing.T) {
	const cancelled = `{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}` + "\n"
	for _, row := range []struct {
		name, answer string
		grace        time.Duration
		answered     bool
	}{
		{"answered", cancelled, patience, true},
		{"the answer was on the way", good, patience, true},
		{"unanswered", "", time.Millisecond, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			var note string
			c := connected(t, Options{KeptRunning: true, Grace: row.grace}, func(in *bufio.Reader, out io.Writer) {
				_, _ = in.ReadString('\n')
				cancel()
				note, _ = in.ReadString('\n')
				_, _ = io.WriteString(out, row.answer)
				_, _ = in.ReadString('\n')
				_, _ = io.WriteString(out, strings.Replace(good, `"id":1`, `"id":2`, 1))
			})
			_, err := c.Call(ctx, Call{Method: "modify"})
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, !row.answered, errors.As(err, new(*UnansweredError)))
			_, err = c.Call(patient(t), Call{Method: "modify"})
			require.NoError(t, err)
			assert.Equal(t, `{"jsonrpc":"2.0","method":"cancel","params":{"id":1}}`+"\n", note)
		})
	}
}

// A plugin that closes its stdin and stays cannot answer what it is asked
// then.
func TestDeafPlugin(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	defer outW.Close()
	c := New(outR, inW, Options{KeptRunning: true, Grace: time.Millisecond})
	defer c.Close()
	require.NoError(t, inR.CloseWithError(errors.New("the cable is cut")))
	_, err := c.Call(patient(t), Call{Method: "modify"})
	assert.EqualError(t, err, "it does not read its stdin any more: the cable is cut")
	wait(t, c.Done())
	assert.Equal(t, err, c.Err())
}
