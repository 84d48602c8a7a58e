package conn

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// forgetful is how many calls the Conn may be left to know that have their
// answers.
const forgetful = 64

// interrupt ends the reading of a caller whose context is over.
type interrupt struct {
	input deadlined
	rung  chan struct{} // one for each time that the reading was interrupted
}

// deadlined is an input whose reading can be interrupted.
type deadlined interface{ SetReadDeadline(t time.Time) error }

// interruptOf returns nil for an input whose reading cannot be interrupted.
func interruptOf(r io.Reader) *interrupt {
	input, ok := r.(deadlined)
	if !ok || input.SetReadDeadline(time.Time{}) != nil {
		return nil
	}
	return &interrupt{input: input, rung: make(chan struct{}, 1)}
}

// during calls read, and reports whether it was interrupted.
func (i *interrupt) during(ctx context.Context, read func() ([]byte, error)) (line []byte, interrupted bool, err error) {
	stop := context.AfterFunc(ctx, i.ring)
	line, err = read()
	if stop() {
		return line, false, err
	}
	<-i.rung
	_ = i.input.SetReadDeadline(time.Time{})
	return line, true, err
}

// ring fails if the input is closed, which ends the reading too.
func (i *interrupt) ring() {
	_ = i.input.SetReadDeadline(time.Unix(1, 0))
	i.rung <- struct{}{}
}

// readOwn has a caller read its answer by itself, and reports whether that is
// there. What else may come is left to the goroutine of the Conn: other
// messages, the end, or that ctx is over before.
func (s *stream) readOwn(ctx context.Context, id uint64) bool {
	if !s.turn.take() {
		return false
	}
	line, interrupted, err := s.interrupt.during(ctx, s.in.ReadLine)
	switch {
	case err == nil && s.isOwn(line, id):
		s.turn.give(s.more, s.calls.toForget() >= forgetful)
		return true
	case err != nil && interrupted:
		s.turn.hand(nil)
	default:
		s.turn.hand(&handed{line, err})
	}
	return false
}

// more reports whether somebody is to read on at once: something was read behind
// the last line, or callers wait. Only whoever reads calls it.
func (s *stream) more() bool { return s.in.Buffered() > 0 || s.calls.anyWaits() }

// isOwn keeps the answer in the line if it is one to the call with the id.
func (s *stream) isOwn(line []byte, id uint64) bool {
	m, err := protocol.ParseMessage(line)
	answer, ok := m.(*protocol.Response)
	if err != nil || !ok || string(answer.ID) != strconv.FormatUint(id, 10) {
		return false
	}
	_, violation := s.calls.answer(answer, line)
	return violation == nil
}
