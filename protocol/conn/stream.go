package conn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// stream is the ObjectStream below the jsonrpc2.Conn, and the Handler above
// it.
type stream struct {
	in    *protocol.Reader
	out   *writer
	input io.Reader // what in reads from
	calls *calls

	sending   *jsonrpc2.Request // see onSend
	handle    func()            // see Handle
	envelopes envelopes
	turn      *turn
	interrupt *interrupt // of the reading by callers; nil if they cannot
	answers   bool       // ReadObject returned an answer last
	o         Options

	closing atomic.Bool           // Close was called
	deaf    atomic.Pointer[error] // why nothing can be written any more
	done    chan struct{}
	err     error // what ended the reading; set before done is closed
}

func newStream(r io.Reader, w io.WriteCloser, o Options) *stream {
	s := &stream{
		in:    protocol.NewReader(r, o.Limit),
		input: r,
		calls: newCalls(o.KeptRunning),
		o:     o,
		turn:  newTurn(),
		done:  make(chan struct{}),
	}
	if o.KeptRunning {
		s.interrupt = interruptOf(r)
	}
	s.out = newWriter(w, o.Once, s.unwritten)
	return s
}

// unwritten ends the reading, when the plugin is kept running, of one that does
// not read its requests any more: no answer can come to them. What it has
// written already is read first, as it may say more, and so may its exit.
func (s *stream) unwritten(err error) {
	if !s.o.KeptRunning {
		return
	}
	time.AfterFunc(s.o.Grace, func() {
		s.deaf.Store(&err)
		s.closeInput()
	})
}

// onSend notes the request that WriteObject is about to be called for. The
// Conn does both under one lock, one after the other. It is the only way to
// see the request without having it encoded first: the type that WriteObject
// gets is private.
func (s *stream) onSend(req *jsonrpc2.Request, _ *jsonrpc2.Response) { s.sending = req }

// joined is up to how many bytes params are copied into one piece with what
// stands around them: for so few, that takes less time than another write.
const joined = 32 << 10

// WriteObject queues the request that onSend noted. It does not wait until it
// is written, for the plugin may answer without reading it.
func (s *stream) WriteObject(any) error {
	id, method := s.sending.ID.Num, s.sending.Method
	params := s.calls.takeParams(id)
	raw := strconv.AppendUint(make([]byte, 0, 20), id, 10)
	if len(params) <= joined {
		line := make([]byte, 0, len(method)+len(params)+100)
		return s.out.queue(append(protocol.AppendRequest(line, raw, method, params), '\n'))
	}
	head := protocol.AppendRequest(nil, raw, method, nil)
	head = append(head[:len(head)-1], `,"params":`...)
	return s.out.queue(head, params, []byte("}\n"))
}

// ReadObject reads the next message and gives the Conn an envelope for it.
// Only the goroutine of the Conn that reads calls it.
func (s *stream) ReadObject(v any) error {
	if s.answers && s.interrupt != nil {
		s.turn.lend(s.more)
	}
	s.answers = false
	for {
		if id, ok := s.calls.nextRetired(); ok {
			return s.envelopes.answered(v, id)
		}
		read, ours := s.turn.wait()
		if !ours {
			continue
		}
		if read == nil {
			read = &handed{}
			read.line, read.err = s.in.ReadLine()
		}
		if read.err == nil {
			read.err = s.take(read.line, v)
		}
		if read.err != nil {
			s.end(read.err)
		}
		return read.err
	}
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
		s.answers = true
		return s.envelopes.answered(v, id)
	case *protocol.Notification:
		return s.handled(v, func() { s.notified(m) })
	case *protocol.Request:
		switch {
		case !s.o.KeptRunning:
			return protocol.NewViolation(protocol.UnexpectedRequest, line,
				"it sent the request "+protocol.Quote([]byte(m.Method)))
		case m.ID[0] != '"':
			return protocol.NewViolation(protocol.BadRequestID, line, "its id is "+protocol.Quote(m.ID))
		}
		return s.handled(v, func() { s.asked(m) })
	}
	return nil
}

// handled gives the Conn an envelope for what f does with a message.
func (s *stream) handled(v any, f func()) error {
	s.handle = f
	return s.envelopes.noted(v)
}

// Handle does what is to be done with the notification or the request that
// ReadObject has read just before; the Conn calls both in turn.
func (s *stream) Handle(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request) { s.handle() }

func (s *stream) notified(n *protocol.Notification) {
	notify := s.o.OnNotification
	// A one-shot plugin may have said something before its call was made.
	if call, ok := s.calls.belonging(n.Params); ok && n.Method != protocol.NoteChanged && call.Notify != nil {
		notify = call.Notify
	}
	if notify != nil {
		notify(n)
	}
}

// asked answers a request of the plugin's, and waits while too many earlier
// answers are unread (INV-23).
func (s *stream) asked(r *protocol.Request) {
	answer := &protocol.Response{ID: r.ID}
	err := protocol.CheckQuestion(r.Method)
	switch call, ok := s.calls.belonging(r.Params); {
	case err != nil: // whatever its params are
	case !ok:
		err = &protocol.Error{Code: protocol.CodeInvalidParams, Message: "expected the id of a call that waits for an answer in params.request"}
	case call.Ask == nil:
		err = &protocol.Error{Code: protocol.CodeInvalidParams, Message: "expected no question during this call, which has no view"}
	default:
		answer.Result, err = call.Ask(r)
	}
	if err != nil && !errors.As(err, &answer.Error) {
		answer.Error = &protocol.Error{Code: protocol.CodeOf(err), Message: err.Error()}
	}
	s.out.queueSlowly(append(protocol.AppendMessage(nil, answer), '\n'))
}

// Close is called by the Conn when reading has ended, and by Conn.Close. A
// write that still waits for its reader ends with it.
func (s *stream) Close() error {
	s.turn.close()
	return errors.Join(s.out.abort(), s.closeInput())
}

func (s *stream) closeInput() error {
	if c, ok := s.input.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// end notes what ended the reading.
func (s *stream) end(err error) {
	var violation *protocol.Violation
	switch {
	case errors.As(err, &violation), errors.Is(err, io.EOF):
	case s.closing.Load():
		err = ErrClosed
	case s.deaf.Load() != nil:
		err = fmt.Errorf("it does not read its stdin any more: %w", *s.deaf.Load())
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
