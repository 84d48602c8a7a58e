package conn

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Requests are written as MSG-2 says, with the ids 1, 2, … and the params as
// they are.
func TestRequestForm(t *testing.T) {
	var lines []string
	c := connected(t, Options{}, func(in *bufio.Reader, out io.Writer) {
		for id := 1; id <= 3; id++ {
			line, _ := in.ReadString('\n')
			lines = append(lines, line)
			fmt.Fprintf(out, `{"jsonrpc":"2.0","id":%d,"result":%d}`+"\n", id, id)
		}
	})
	for i, params := range []string{`{"protocol":1,"config":{"z":"<pathvector.asn>&","a":1.0}}`, `{}`, ``} {
		result, err := c.Call(patient(t), Call{Method: "modify", Params: json.RawMessage(params)})
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(i+1), string(result))
	}
	wait(t, c.Done())
	assert.NoError(t, c.Err())
	assert.Equal(t, []string{
		`{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,"config":{"z":"<pathvector.asn>&","a":1.0}}}` + "\n",
		`{"jsonrpc":"2.0","id":2,"method":"modify","params":{}}` + "\n",
		`{"jsonrpc":"2.0","id":3,"method":"modify"}` + "\n",
	}, lines)
}

func TestErrorsOfThePluginMatchByCode(t *testing.T) {
	c := printed(t, `{"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"later","data":{"retryAfter":60}}}`+"\n", Options{})
	_, err := c.Call(patient(t), Call{Method: "modify"})
	assert.ErrorIs(t, err, &protocol.Error{Code: protocol.CodeUnavailable})
	assert.NotErrorIs(t, err, &protocol.Error{Code: protocol.CodeCancelled})
	var wire *protocol.Error
	require.ErrorAs(t, err, &wire)
	assert.JSONEq(t, `{"retryAfter":60}`, string(wire.Data))
}

func TestNotificationsComeInOrderBeforeTheAnswer(t *testing.T) {
	var out strings.Builder
	for i := range 50 {
		out.WriteString(fmt.Sprintf(`{"jsonrpc":"2.0","method":"m%d","params":{"a":%d}}`+"\n", i, i))
	}
	var got []string
	c := connected(t, Options{OnNotification: func(n *protocol.Notification) {
		got = append(got, n.Method+string(n.Params))
	}}, after(out.String()+good))
	_, err := c.Call(patient(t), Call{Method: "modify"})
	require.NoError(t, err)
	require.Len(t, got, 50)
	for i, text := range got {
		assert.Equal(t, fmt.Sprintf(`m%d{"a":%d}`, i, i), text)
	}
}

// A plugin need not read its stdin (INV-3, INV-6).
func TestAnswerWithoutReadingTheRequest(t *testing.T) {
	params := json.RawMessage(`{"a":"` + strings.Repeat("x", 1<<20) + `"}`)
	t.Run("the write is stuck", func(t *testing.T) {
		_, w := io.Pipe()
		r, out := io.Pipe()
		go out.Write([]byte(good)) // and it stays open
		c := New(r, w, Options{})
		ctx := patient(t)
		result, err := c.Call(ctx, Call{Method: "describe", Params: params})
		require.NoError(t, err)
		assert.Equal(t, `{}`, string(result))
		assert.NoError(t, ctx.Err(), "it waited for more than the answer")
		require.NoError(t, c.Close())
	})
	t.Run("the answer comes before the call", func(t *testing.T) {
		r, out := io.Pipe()
		seen := make(chan struct{})
		c := New(r, sink{}, Options{OnNotification: func(*protocol.Notification) { close(seen) }})
		_, err := io.WriteString(out, good+`{"jsonrpc":"2.0","method":"log"}`+"\n")
		require.NoError(t, err)
		<-seen
		ctx := patient(t)
		result, err := c.Call(ctx, Call{Method: "describe", Params: params})
		require.NoError(t, err)
		assert.Equal(t, `{}`, string(result))
		assert.NoError(t, ctx.Err(), "it waited for more than the answer")
		require.NoError(t, c.Close())
	})
	t.Run("the write fails", func(t *testing.T) {
		written := make(chan struct{})
		r, w := io.Pipe()
		c := New(r, brokenPipe{written}, Options{})
		go func() {
			<-written
			_, _ = io.WriteString(w, good)
		}()
		_, err := c.Call(patient(t), Call{Method: "describe", Params: params})
		require.NoError(t, err)
		_, err = c.Call(patient(t), Call{Method: "describe", Params: params})
		require.ErrorIs(t, err, syscall.EPIPE, "the plugin does not read any more")
		require.NoError(t, c.Close())
	})
}

type brokenPipe struct{ written chan struct{} }

func (p brokenPipe) Write([]byte) (int, error) {
	close(p.written)
	return 0, syscall.EPIPE
}
func (brokenPipe) Close() error { return nil }

// The peer writes all of a long answer before it reads the long request, over
// pipes of the system, which hold 64 KiB (INV-6).
func TestLargeMessagesDoNotBlockEachOther(t *testing.T) {
	inR, inW, err := os.Pipe()
	require.NoError(t, err)
	outR, outW, err := os.Pipe()
	require.NoError(t, err)
	payload := `{"a":"` + strings.Repeat("é\\n", 10<<20/4) + `"}`
	read := make(chan int)
	go func() {
		_, _ = io.WriteString(outW, `{"jsonrpc":"2.0","id":1,"result":`+payload+"}\n")
		outW.Close()
		text, _ := io.ReadAll(inR)
		inR.Close()
		read <- len(text)
	}()
	c := New(outR, inW, Options{})
	result, err := c.Call(patient(t), Call{Method: "modify", Params: json.RawMessage(payload)})
	require.NoError(t, err)
	assert.Equal(t, len(payload), len(result))
	assert.True(t, payload == string(result), "the result is what was sent")
	require.NoError(t, c.Close())
	<-read
}

func TestCallAfterItsContextSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, _ := io.Pipe()
	c := New(r, sink{}, Options{})
	_, err := c.Call(ctx, Call{Method: "describe"})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, c.stream.calls.last, "no id was used")
	assert.NoError(t, c.Close())
}

// A call that nobody waits for any more is forgotten, its late answer is no
// violation, and a second one is (MSG-4).
func TestAbandonedCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	proceed, looked := make(chan struct{}), make(chan int)
	var c *Conn
	// Only the goroutine that calls this changes the Conn's map meanwhile.
	look := func(*protocol.Notification) {
		looked <- reflect.ValueOf(c.rpc).Elem().FieldByName("pending").Len()
		looked <- len(c.stream.calls.takeParams(1))
	}
	c = connected(t, Options{OnNotification: look}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n')
		cancel()
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","id":2,"result":2}`+"\n")
		<-proceed
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","method":"look"}`+"\n")
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","id":1,"result":1}`+"\n")
		_, _ = io.WriteString(out, `{"jsonrpc":"2.0","id":1,"result":1}`+"\n")
	})
	_, err := c.Call(ctx, Call{Method: "modify", Params: json.RawMessage(`{}`)})
	require.ErrorIs(t, err, context.Canceled)
	result, err := c.Call(patient(t), Call{Method: "modify"})
	require.NoError(t, err)
	assert.Equal(t, `2`, string(result))
	close(proceed)
	assert.Zero(t, <-looked, "calls that the Conn remembers")
	assert.Zero(t, <-looked, "bytes of params that are kept")
	wait(t, c.Done())
	checkViolation(t, protocol.TwoAnswers, "MSG-4", "the id 1 has", c.Err())
	assert.Empty(t, c.stream.calls.byID)
}

// An error without id is for the only request there is (MSG-11).
func TestErrorWithoutID(t *testing.T) {
	const lost = `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}` + "\n"
	ctx, cancel := context.WithCancel(t.Context())
	c := connected(t, Options{}, func(in *bufio.Reader, out io.Writer) {
		_, _ = in.ReadString('\n')
		cancel()
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(out, lost)
		_, _ = in.ReadString('\n')
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(out, lost)
	})
	_, err := c.Call(ctx, Call{Method: "modify"})
	require.ErrorIs(t, err, context.Canceled)
	_, err = c.Call(patient(t), Call{Method: "modify"})
	assert.ErrorIs(t, err, &protocol.Error{Code: protocol.CodeParseError}, "nobody waits for the first any more")
	failed := make(chan error)
	for range 2 {
		go func() {
			_, err := c.Call(patient(t), Call{Method: "modify"})
			failed <- err
		}()
	}
	for range 2 {
		checkViolation(t, protocol.WrongID, "MSG-3", `its id is "null", and the requests' are 1 to 4`, <-failed)
	}
}

func TestReadError(t *testing.T) {
	c := New(iotest.ErrReader(errors.New("the cable is cut")), sink{}, Options{})
	_, err := c.Call(patient(t), Call{Method: "describe"})
	assert.EqualError(t, err, "cannot read on: the cable is cut")
	wait(t, c.Done())
	assert.Equal(t, err, c.Err())
	assert.NoError(t, c.Close())
}

// The logger that a jsonrpc2.Conn has by default writes to stderr.
func TestNothingIsLogged(t *testing.T) {
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer func(before *os.File) { os.Stderr = before }(os.Stderr)
	os.Stderr = stderr
	c := printed(t, good+"rubbish\n", Options{})
	_, err = c.Call(patient(t), Call{Method: "describe"})
	require.NoError(t, err)
	wait(t, c.Done())
	require.NoError(t, c.Close())
	text, err := os.ReadFile(stderr.Name())
	require.NoError(t, err)
	assert.Empty(t, string(text))
}
