package host

import (
	"context"
	"time"
)

// SetGraces changes how long a plugin may take to exit after its answer or
// its deadline, and after SIGTERM, so that tests depend on no machine's load.
func (r *Runner) SetGraces(afterAnswer, afterTerm time.Duration) {
	r.graces = graces{afterAnswer, afterTerm, usualGraces.afterKill}
}

// SetCalls puts f in the place of the calls of plugins, so that tests of many
// cases need no processes.
func (h *Host) SetCalls(f func(context.Context, Step, Request) (*Answer, error)) { h.fake = f }

// SetRestarts changes how often, and after which waits, a plugin that crashes
// is started again.
func (r *Runner) SetRestarts(first, last time.Duration, most int, calm time.Duration) {
	r.restarts = restarts{first, last, most, calm}
}

// Keep is a plugin that is kept running, without a Host around it.
func (r *Runner) Keep(p Program, changed func()) *Session { return &Session{newSession(r, p, changed)} }

// Session is session for tests.
type Session struct{ s *session }

// Call makes one call.
func (s *Session) Call(ctx context.Context, q Request) (*Answer, error) { return s.s.call(ctx, q) }

// Close ends the process.
func (s *Session) Close() ([]string, error) { return s.s.close() }

// GuardScript is what a guard runs.
const GuardScript = guardScript

// LateAnswer is the error of a call whose time is over.
func LateAnswer(kept bool) error { return &deadlineError{after: time.Second, kept: kept} }
