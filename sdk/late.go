package sdk

import (
	"context"
	"sync"
	"time"
)

// lateContext is the context of a handler. It begins to watch the clock, and
// in a process with a single call the signals, when it is looked at first: to
// start both takes longer than most calls, and a handler that never looks
// cannot be told anyway.
type lateContext struct {
	job      *job
	deadline time.Time // zero for none
	once     sync.Once
	ctx      context.Context
}

func (c *lateContext) begun() context.Context {
	c.once.Do(func() {
		c.job.server.hear()
		c.ctx = c.job.ending.context(c.job.server.life)
		if !c.deadline.IsZero() {
			ctx, cancel := context.WithDeadline(c.ctx, c.deadline)
			_ = cancel // its parent ends with the call, and this with it
			c.ctx = ctx
		}
	})
	return c.ctx
}

func (c *lateContext) Deadline() (time.Time, bool) { return c.deadline, !c.deadline.IsZero() }
func (c *lateContext) Done() <-chan struct{}       { return c.begun().Done() }
func (c *lateContext) Err() error                  { return c.begun().Err() }

// Value is also how package context looks for what ends a context.
func (c *lateContext) Value(key any) any { return c.begun().Value(key) }

// ending is the end of a call. Only who looks at it needs a context for that.
type ending struct {
	mu     sync.Mutex
	came   bool
	ctx    context.Context
	cancel context.CancelFunc
}

// context ends with the call, and with parent.
func (e *ending) context(parent context.Context) context.Context {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx == nil {
		e.ctx, e.cancel = context.WithCancel(parent)
		if e.came {
			e.cancel()
		}
	}
	return e.ctx
}

func (e *ending) come() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.came = true
	if e.cancel != nil {
		e.cancel()
	}
}
