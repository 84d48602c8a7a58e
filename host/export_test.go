package host

import "time"

// SetGraces changes how long a plugin may take to exit after its answer or
// its deadline, and after SIGTERM, so that tests depend on no machine's load.
func (r *Runner) SetGraces(afterAnswer, afterTerm time.Duration) {
	r.graces = graces{afterAnswer, afterTerm, usualGraces.afterKill}
}
