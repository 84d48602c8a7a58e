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
	deadline time.Time // zero for none
	begun    func() context.Context
}

// until returns a context that ends with parent, and at the deadline if that
// is not zero. It calls hear before it is looked at.
func until(parent context.Context, deadline time.Time, hear func()) context.Context {
	return &lateContext{deadline, sync.OnceValue(func() context.Context {
		hear()
		if deadline.IsZero() {
			return parent
		}
		ctx, cancel := context.WithDeadline(parent, deadline)
		_ = cancel // parent ends with the call, and this with it
		return ctx
	})}
}

func (c *lateContext) Deadline() (time.Time, bool) { return c.deadline, !c.deadline.IsZero() }
func (c *lateContext) Done() <-chan struct{}       { return c.begun().Done() }
func (c *lateContext) Err() error                  { return c.begun().Err() }

// Value is also how package context looks for what ends a context.
func (c *lateContext) Value(key any) any { return c.begun().Value(key) }
