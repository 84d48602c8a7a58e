package sdk

import "time"

// SetPatience makes the waits at the end of a process, and after a cancel, as
// short or long as a test needs them.
func (p *Plugin) SetPatience(finish, stop, cancel time.Duration) {
	p.patience = patience{finish: finish, stop: stop, cancel: cancel}
}

// HandlersAtOnce is how many functions of a kept-running plugin work at the
// same time, MaxHeld how many bytes of requests wait.
const (
	HandlersAtOnce = handlersAtOnce
	MaxHeld        = maxHeld
)
