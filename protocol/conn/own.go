package conn

import (
	"context"
	"strconv"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// alarm is an input whose reading can be interrupted.
type alarm interface{ SetReadDeadline(t time.Time) error }

// forgetful is how many calls the Conn may be left to know that have their
// answers.
const forgetful = 64

// readOwn has a caller read its answer by itself, and reports whether that is
// there. What else may come is left to the goroutine of the Conn: other
// messages, the end, or that ctx is over before.
func (s *stream) readOwn(ctx context.Context, id uint64) bool {
	if !s.turn.take() {
		return false
	}
	stop := s.interruptAfter(ctx)
	line, err := s.in.ReadLine()
	switch interrupted := stop(); {
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

// interruptAfter interrupts the reading when ctx is over, until stop is called,
// which tells whether it did.
func (s *stream) interruptAfter(ctx context.Context) (stop func() bool) {
	done := make(chan struct{})
	keep := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = s.alarm.SetReadDeadline(time.Unix(1, 0)) // fails if it is closed, which ends the reading too
	})
	return func() bool {
		if keep() {
			return false
		}
		<-done
		_ = s.alarm.SetReadDeadline(time.Time{})
		return true
	}
}

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
