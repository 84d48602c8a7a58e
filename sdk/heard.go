package sdk

import "context"

// heard is the context of the only call of a process. That the process is to
// end is heard from the first look at it on: to listen from the start takes
// longer than most calls, and a handler that never looks cannot be told anyway.
type heard struct {
	context.Context
	hear func()
}

func (h *heard) Done() <-chan struct{} {
	h.hear()
	return h.Context.Done()
}

func (h *heard) Err() error {
	h.hear()
	return h.Context.Err()
}

// Value is how package context looks for what ends a context.
func (h *heard) Value(key any) any {
	h.hear()
	return h.Context.Value(key)
}
