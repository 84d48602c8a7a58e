// Package conn is a connection to a plugin: calls go out as lines, answers and
// notifications come in.
//
// It is a jsonrpc2.Conn of sourcegraph with an ObjectStream of our own below
// it. The Conn matches answers with calls, wakes the callers and hands over
// notifications. The stream frames, checks and encodes the messages. What
// passes between the two is an envelope without the payload, since the Conn
// would parse that three times and write it with its keys sorted: the stream
// keeps payloads aside, as the bytes they are, under the id of the call. So
// the Conn sees no id but those made here either, and cannot misread one.
//
// Of calls that follow each other closely, whoever makes one may read its answer
// by itself, and the Conn learns of it later (see turn).
package conn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// ErrClosed is the error of a call on a connection that Close has closed.
var ErrClosed = errors.New("the connection is closed")

// Options are the options of New.
type Options struct {
	// Limit is how many bytes a line of the peer may have at most (FRM-7);
	// below 1 it is protocol.DefaultLimit.
	Limit int
	// KeptRunning says that the plugin stays for many calls and may ask
	// questions (ASK-1). Without it there is one call, whose request need not be
	// read (INV-3), and a request of the plugin's breaks the protocol (MSG-12).
	KeptRunning bool
	// Once has w closed as soon as the first request is written, or cannot be
	// (INV-1).
	Once bool
	// OnNotification is called for each notification that belongs to no call
	// (NTF-7, NTF-8), as Call.Notify is. Nil ignores them.
	OnNotification func(*protocol.Notification)
	// Grace is how long a call of a plugin that is kept running waits for its
	// answer after it has been cancelled (INV-17, INV-20).
	Grace time.Duration
}

// Call is one call of the plugin.
type Call struct {
	Method string
	// Params must be a JSON object in one line, or empty for none. Its bytes must
	// not be changed any more: if they are many they are not copied, and they may
	// be written after Call has returned, which does not wait for that.
	Params json.RawMessage
	// Notify is called for each notification that belongs to the call (NTF-4),
	// in their order and before the answer that comes after it is returned.
	// Nothing is read meanwhile. Nil ignores them.
	Notify func(*protocol.Notification)
	// Ask answers a config.get of the plugin's that belongs to the call, with a
	// result in one line or an error. Nothing is read meanwhile. Nil is for a call
	// that has no view (ASK-4).
	Ask func(*protocol.Request) (json.RawMessage, error)
}

// UnansweredError says that a call was cancelled, and that the plugin did not
// even answer that in time.
type UnansweredError struct{ Err error } // why it was cancelled

func (e *UnansweredError) Error() string { return e.Err.Error() + ", and it did not answer cancel" }

// Unwrap returns why the call was cancelled.
func (e *UnansweredError) Unwrap() error { return e.Err }

// Conn is a connection to one plugin. Its methods may be called from several
// goroutines at once.
type Conn struct {
	rpc    *jsonrpc2.Conn
	stream *stream
}

// New returns a connection that reads the peer's lines from r and writes ours
// to w. It closes w in the end, and r too if r is an io.Closer.
//
// It reads at once, and until the stream ends or breaks the protocol: what
// comes after the last answer is looked at too.
func New(r io.Reader, w io.WriteCloser, o Options) *Conn {
	s := newStream(r, w, o)
	rpc := jsonrpc2.NewConn(context.Background(), s, s,
		jsonrpc2.OnSend(s.onSend), jsonrpc2.OnRecv(s.envelopes.onRecv), jsonrpc2.SetLogger(silence{}))
	return &Conn{rpc: rpc, stream: s}
}

// Call sends a request and waits for its answer. Ids are integers from 1 on.
//
// It returns as soon as the answer is there, even if the request could not be
// written, or not yet: a plugin need not read it (INV-3). The error is a
// *protocol.Error when the plugin answered with one; a *protocol.Violation
// when what came broke the protocol, or ended before the answer; ErrClosed;
// the error of ctx, or an *UnansweredError with it; or what reading or writing
// failed with.
func (c *Conn) Call(ctx context.Context, asked Call) (json.RawMessage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	id, opened := c.stream.calls.open(asked)
	waiter, err := c.rpc.DispatchCall(ctx, asked.Method, nil, jsonrpc2.PickID(jsonrpc2.ID{Num: id}))
	woken := false
	// An answer that was faster than the request has not woken anybody.
	if err == nil && !c.stream.calls.answered(opened) && !c.stream.readOwn(ctx, id) {
		err = waiter.Wait(ctx, nil)
		woken = err == nil
		if !woken && ctx.Err() != nil && c.stream.o.KeptRunning {
			return nil, c.cancel(ctx, id, waiter)
		}
	}
	answer := c.stream.calls.finish(id, woken)
	switch {
	case answer != nil && answer.Error != nil:
		return nil, answer.Error
	case answer != nil:
		return answer.Result, nil
	case errors.Is(err, jsonrpc2.ErrClosed):
		return nil, c.stream.reason(asked.Method)
	}
	return nil, err
}

// cancel tells the plugin that the answer is not wanted any more, and waits for
// it nevertheless (INV-17). It returns why: the error of ctx.
func (c *Conn) cancel(ctx context.Context, id uint64, waiter jsonrpc2.Waiter) error {
	raw := strconv.AppendUint(nil, id, 10)
	if params, err := protocol.EncodeParams(protocol.CancelParams{ID: raw}); err == nil {
		note := &protocol.Notification{Method: protocol.NoteCancel, Params: params}
		_ = c.stream.out.queue(append(protocol.AppendMessage(nil, note), '\n')) // fails if it does not read: see below
	}
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), c.stream.o.Grace)
	defer stop()
	woken := waiter.Wait(late, nil) == nil
	if c.stream.calls.finish(id, woken) == nil {
		return &UnansweredError{ctx.Err()}
	}
	return ctx.Err()
}

// Done is closed when nothing is read any more: the stream has ended, broke
// the protocol, or was closed.
func (c *Conn) Done() <-chan struct{} { return c.stream.done }

// Err returns, after Done, what ended the reading: a *protocol.Violation, be
// it a second answer after a good one, or what reading failed with. It is nil
// before Done, at a clean end, and when Close ended it.
func (c *Conn) Err() error {
	err := c.stream.cause()
	if errors.Is(err, io.EOF) || errors.Is(err, ErrClosed) {
		return nil
	}
	return err
}

// CloseWrite closes w: no call can be made any more. What the peer writes until
// its end is still read.
func (c *Conn) CloseWrite() error {
	c.stream.turn.close()
	return c.stream.out.abort()
}

// Close closes the connection. Calls that still wait end with ErrClosed.
func (c *Conn) Close() error {
	c.stream.closing.Store(true)
	if err := c.rpc.Close(); err != nil && !errors.Is(err, jsonrpc2.ErrClosed) {
		return fmt.Errorf("close the connection: %w", err)
	}
	return nil
}

// silence is the logger of a Conn whose errors are all returned.
type silence struct{}

func (silence) Printf(string, ...any) {}
