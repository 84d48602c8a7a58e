package sdk

import "time"

// SetPatience makes the waits at the end of a process, and after a cancel, as
// short or long as a test needs them.
func (p *Plugin) SetPatience(finish, stop, write, cancel time.Duration) {
	p.bounds.finish, p.bounds.stop, p.bounds.write, p.bounds.cancel = finish, stop, write, cancel
}

// SetHeld lets the plugin hold that many bytes of requests.
func (p *Plugin) SetHeld(size int) { p.bounds.held = size }

// HandlersAtOnce is how many functions of a kept-running plugin work at the
// same time.
const HandlersAtOnce = handlersAtOnce
