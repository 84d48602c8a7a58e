package conn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// stream is the ObjectStream below the jsonrpc2.Conn, and the Handler above
// it.
type stream struct {
	in    *protocol.Reader
	out   writer
	input io.Reader // what in reads from
	calls *calls

	sending      *jsonrpc2.Request      // see onSend
	notification *protocol.Notification // see Handle
	notify       func(*protocol.Notification)

	closing atomic.Bool // Close was called
	done    chan struct{}
	err     error // what ended the reading; set before done is closed
}

func newStream(r io.Reader, w io.WriteCloser, o Options) *stream {
	return &stream{
		in:     protocol.NewReader(r, o.Limit),
		out:    writer{w: w},
		input:  r,
		calls:  newCalls(),
		notify: o.OnNotification,
		done:   make(chan struct{}),
	}
}

// onSend notes the request that WriteObject is about to be called for. The
// Conn does both under one lock, one after the other. It is the only way to
// see the request without having it encoded first: the type that WriteObject
// gets is private.
func (s *stream) onSend(req *jsonrpc2.Request, _ *jsonrpc2.Response) { s.sending = req }

// WriteObject queues the request that onSend noted. It does not wait until it
// is written, for the plugin may answer without reading it.
func (s *stream) WriteObject(any) error {
	id := s.sending.ID.Num
	params := s.calls.takeParams(id)
	size := len(s.sending.Method) + len(params) + 100
	raw := strconv.AppendUint(nil, id, 10)
	return s.out.queue(protocol.AppendRequest(make([]byte, 0, size), raw, s.sending.Method, params))
}

// ReadObject reads the next message and gives the Conn an envelope for it.
// Only the goroutine of the Conn that reads calls it.
func (s *stream) ReadObject(v any) error {
	if id, ok := s.calls.nextRetired(); ok {
		return answered(v, id)
	}
	line, err := s.in.ReadLine()
	if err == nil {
		err = s.take(line, v)
	}
	if err != nil {
		s.end(err)
	}
	return err
}

// take hands a line on.
func (s *stream) take(line []byte, v any) error {
	m, err := protocol.ParseMessage(line)
	if err != nil {
		return err
	}
	switch m := m.(type) {
	case *protocol.Response:
		id, violation := s.calls.answer(m, line)
		if violation != nil {
			return violation
		}
		return answered(v, id)
	case *protocol.Notification:
		s.notification = m
		return json.Unmarshal([]byte(`{"method":"notification"}`), v)
	case *protocol.Request:
		return protocol.NewViolation(protocol.UnexpectedRequest, line,
			"it sent the request "+protocol.Quote([]byte(m.Method)))
	}
	return nil
}

// answered makes the Conn wake the caller with the id, and forget the call.
// The answer itself is in s.calls.
func answered(v any, id uint64) error {
	return json.Unmarshal(fmt.Appendf(nil, `{"id":%d,"result":0}`, id), v)
}

// Handle hands over the notification that ReadObject has read just before; the
// Conn calls both in turn. Requests do not come this far.
func (s *stream) Handle(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request) {
	if s.notify != nil {
		s.notify(s.notification)
	}
}

// Close is called by the Conn when reading has ended, and by Conn.Close. A
// write that still waits for its reader ends with it.
func (s *stream) Close() error {
	err := s.out.abort()
	if c, ok := s.input.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	return err
}

// end notes what ended the reading.
func (s *stream) end(err error) {
	var violation *protocol.Violation
	switch {
	case errors.As(err, &violation), errors.Is(err, io.EOF):
	case s.closing.Load():
		err = ErrClosed
	default:
		err = fmt.Errorf("cannot read on: %w", err)
	}
	s.err = err
	close(s.done)
}

// cause returns what ended the reading, nil while it goes on.
func (s *stream) cause() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// reason says why a call of the method got no answer.
func (s *stream) reason(method string) error {
	err := s.cause()
	switch {
	case err == nil, errors.Is(err, ErrClosed):
		return ErrClosed
	case errors.Is(err, io.EOF):
		detail := fmt.Sprintf("stdout ended before the answer to %q", method)
		return protocol.NewViolation(protocol.NoAnswer, nil, detail)
	}
	return err
}
