package host

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/protocol/conn"
)

// kept is one process of a plugin that is kept running.
type kept struct {
	*instance
	program  Program
	answered atomic.Bool // a call
	reported atomic.Bool // some call failed with why it ended

	once     sync.Once
	stopping chan struct{}             // closed when the host wants it to end
	hung     atomic.Pointer[hungError] // why it wants that; nil when it is done with it
	ranOn    atomic.Bool               // when the host was done with it

	ended chan struct{} // closed when nothing of it runs any more
	end   ending        // after that
}

// oversee ends the process when its stdout ends or breaks the protocol, when
// it exits, whoever still holds its stdout, and when the host wants it to.
func (k *kept) oversee() {
	select {
	case <-k.conn.Done():
	case <-k.process.exited:
	case <-k.stopping:
	}
	k.end = k.instance.end()
	close(k.ended)
}

// runs reports whether calls can be made.
func (k *kept) runs() bool {
	for _, over := range []<-chan struct{}{k.conn.Done(), k.process.exited, k.stopping, k.ended} {
		select {
		case <-over:
			return false
		default:
		}
	}
	return true
}

// stop lets the process end, and reports whether that is news. The reason is
// nil when the host is done with it.
func (k *kept) stop(hung *hungError) bool {
	first := false
	k.once.Do(func() {
		k.hung.Store(hung)
		k.ranOn.Store(hung == nil && k.runs())
		close(k.stopping)
		first = true
	})
	return first
}

// failed says why a call failed. Unless the plugin answered, or at least
// answered to cancel, the process is at its end.
func (k *kept) failed(ctx context.Context, method string, err error) *PluginError {
	var answered *protocol.Error
	var unanswered *conn.UnansweredError
	switch {
	case errors.As(err, &answered):
		k.answered.Store(true)
		return k.program.failed(method, answered, nil)
	case errors.As(err, &unanswered):
		hung := &hungError{ended(ctx)}
		k.stop(hung)
		k.reported.Store(true)
		return k.program.failed(method, hung, k.log.last())
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		k.answered.Store(true)
		return k.program.failed(method, ended(ctx), k.log.last())
	}
	<-k.ended // within the bounds of ENV-5
	k.reported.Store(true)
	return k.program.failed(method, k.why(ctx, err), k.log.last())
}

// why says why the process ended during a call, which failed with err.
func (k *kept) why(ctx context.Context, err error) error {
	if hung := k.hung.Load(); hung != nil {
		return &stoppedError{hung}
	}
	if k.ranOn.Load() && k.end.violation == nil {
		return errHostDone
	}
	if read := k.conn.Err(); read != nil {
		err = read // says more than that nothing can be written any more
	}
	err = verdict(ctx, k.program.Path, err, k.end)
	if exited := k.end.state; exited != nil && exited.Exited() && !k.answered.Load() && noAnswer(err) {
		return &unservedError{err}
	}
	return err
}

func noAnswer(err error) bool {
	var broke *protocol.Violation
	return errors.As(err, &broke) && broke.Kind == protocol.NoAnswer
}

// unservedError is the end of a process that answered nothing: it may not know
// that it is to be kept running.
type unservedError struct{ error }

func (e *unservedError) Unwrap() error { return e.error }

// Hint says what such a plugin has to do (INV-14), unless there is a better
// reason.
func (e *unservedError) Hint() string {
	var exit *ExitError
	if errors.As(e.error, &exit) && exit.advice != "" {
		return exit.advice
	}
	return "its stderr may say why; a plugin that describes kept-running is started with serve and answers requests from stdin until that ends; --mode one-shot runs it for each call alone"
}

// errHostDone is a call that was made, or waited for its answer, when the host
// ended its plugins.
var errHostDone = errors.New("the host has ended its plugins")

// reason says why the process ended between calls.
func (k *kept) reason() error {
	hung := k.hung.Load()
	switch {
	case hung != nil:
		return errors.New(hung.Error()) // that was another call's time, or interrupt
	case k.end.violation != nil:
		return k.end.violation
	case k.end.failed():
		return errors.New("it ended with " + k.end.state.String())
	}
	return errors.New("it exited, or closed its stdout, before the end of its stdin")
}

// hungError is a call that the plugin answered neither in time nor when it was
// cancelled (INV-20).
type hungError struct{ err error }

func (e *hungError) Error() string {
	return e.err.Error() + ", nor one to cancel after that; it was stopped"
}

func (e *hungError) Unwrap() error { return e.err }

// stoppedError is a call that ended because the process hung in another one. It
// wraps nothing: it was the other's time that was over, or the other that was
// interrupted.
type stoppedError struct{ other *hungError }

func (e *stoppedError) Error() string {
	return fmt.Sprintf("it was stopped, as another call hung: %v", e.other)
}

// Hint says what to do.
func (e *stoppedError) Hint() string {
	return "run the command again; if it happens again, look at what the other call waits for"
}

// crashLoopError is a call that is not even tried (INV-22).
type crashLoopError struct {
	times int
	wait  fmt.Stringer
	last  error
}

func (e *crashLoopError) Error() string {
	return fmt.Sprintf("it ended %d times in a row without an answer, and is not started again for %s; the last time %v", e.times, e.wait, e.last)
}

func (e *crashLoopError) Unwrap() error { return e.last }
func (e *crashLoopError) Hint() string {
	return "run it by hand with the argument serve, and see what it says"
}
