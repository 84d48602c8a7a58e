package conn

import (
	"sync"
	"time"
)

// usualLinger is how long after an answer the goroutine of the Conn leaves the
// reading to callers.
const usualLinger = 5 * time.Millisecond

// turn says whose turn it is to read. That is the Conn's goroutine, which reads
// whether somebody calls or not. But for it to wake a caller, the system wakes
// a thread, which takes longer than all else in a short call. So it lends its
// turn for a while after an answer: a caller that is alone then reads its own.
type turn struct {
	mu     sync.Mutex
	due    *sync.Cond // the Conn's goroutine may have something to do
	lent   bool       // it is not its turn
	busy   bool       // a caller reads
	closed bool       // the turn is not lent any more
	handed *handed    // what a caller has read that is not for it
	full   bool       // there are calls to forget
	linger time.Duration
	last   time.Time   // when a caller read last
	timer  *time.Timer // ends the lending
	set    bool        // the timer is
}

// handed is what reading brought.
type handed struct {
	line []byte
	err  error
}

func newTurn() *turn {
	t := &turn{linger: usualLinger}
	t.due = sync.NewCond(&t.mu)
	return t
}

// wait waits until it is the turn of the Conn's goroutine again. It returns
// what a caller has read; nil when it is to read by itself, and false when it
// is not its turn, but there are calls to forget.
func (t *turn) wait() (*handed, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.lent || t.busy {
		if t.full {
			t.full = false
			return nil, false
		}
		t.due.Wait()
	}
	read := t.handed
	t.handed = nil
	return read, true
}

// lend lets callers read, unless there is something to read already, or callers
// wait.
func (t *turn) lend(more func() bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lent = !t.closed && !more()
	if t.lent {
		t.used()
	}
}

// take reports whether a caller may read now.
func (t *turn) take() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.lent || t.busy {
		return false
	}
	t.busy = true
	return true
}

// give ends the reading of a caller who has what it wants. If there is more, as
// lend says, the Conn's goroutine reads on at once.
func (t *turn) give(more func() bool, full bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy = false
	switch {
	case !t.lent || more():
		t.lent = false
		t.due.Signal()
	case full:
		t.full = true
		t.due.Signal()
		fallthrough
	default:
		t.used()
	}
}

// hand ends the reading of a caller who has read something else, or nothing.
func (t *turn) hand(read *handed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy, t.lent, t.handed = false, false, read
	t.due.Signal()
}

// close ends the lending for good.
func (t *turn) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.lent = true, false
	t.due.Signal()
}

// used has the lending end a while from now. The timer is not set anew each
// time, which takes long too.
func (t *turn) used() {
	t.last = time.Now()
	if !t.set {
		t.setTimer(t.linger)
	}
}

func (t *turn) setTimer(after time.Duration) {
	t.set = true
	if t.timer == nil {
		t.timer = time.AfterFunc(after, t.expire)
	} else {
		t.timer.Reset(after)
	}
}

func (t *turn) expire() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set = false
	if !t.lent || t.busy { // whoever reads calls used
		return
	}
	if rest := t.linger - time.Since(t.last); rest > 0 {
		t.setTimer(rest)
		return
	}
	t.lent = false
	t.due.Signal()
}
