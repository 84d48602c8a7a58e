package host

import (
	"context"
	"sync"
	"time"
)

// deadlines ends the calls of a session whose time is over. They have one timer
// for all: to set one for each call wakes a thread, and so takes about as long
// as a short call. It is set for no later than the first call's end, and often
// goes off when that call has long been answered.
type deadlines struct {
	mu    sync.Mutex
	calls map[*deadline]struct{}
	timer *time.Timer
	next  time.Time // when the timer goes off; zero when it is not set
}

// deadline is the end of a call's time.
type deadline struct {
	at   time.Time
	over func() // called then, unless the call has ended
}

// begin returns the context of a call that may take this long, and what to call
// when it has ended.
func (d *deadlines) begin(ctx context.Context, timeout time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	call := &deadline{at: time.Now().Add(timeout), over: func() { cancel(&deadlineError{after: timeout, kept: true}) }}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.calls == nil {
		d.calls = map[*deadline]struct{}{}
	}
	d.calls[call] = struct{}{}
	d.set(call.at)
	return ctx, func() {
		cancel(nil)
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.calls, call)
	}
}

// set has the timer go off at that time at the latest.
func (d *deadlines) set(at time.Time) {
	if !d.next.IsZero() && !at.Before(d.next) {
		return
	}
	d.next = at
	if d.timer == nil {
		d.timer = time.AfterFunc(time.Until(at), d.pass)
	} else {
		d.timer.Reset(time.Until(at))
	}
}

// pass ends the calls whose time is over.
func (d *deadlines) pass() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next = time.Time{}
	now := time.Now()
	for call := range d.calls {
		if call.at.After(now) {
			d.set(call.at)
		} else {
			delete(d.calls, call)
			call.over()
		}
	}
}

// stop is for when no call will begin any more.
func (d *deadlines) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
	}
}
