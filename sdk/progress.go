package sdk

import (
	"math"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// progressPause is how long after a progress the next may follow.
const progressPause = 100 * time.Millisecond

// throttle lets a tight loop tell of its progress without flooding the host.
type throttle struct {
	mu    sync.Mutex
	last  time.Time
	ended bool
}

// let reports whether the progress is to be sent: when the last one is some
// time ago, and when the work ends.
func (t *throttle) let(done, total float64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	end := total > 0 && done >= total
	now := time.Now()
	if now.Sub(t.last) < progressPause && (!end || t.ended) {
		return false
	}
	t.last, t.ended = now, end
	return true
}

func (j *job) progress(done, total float64, message string) {
	p := protocol.ProgressParams{Request: j.request.ID, Done: amount(done), Total: amount(total)}
	if message != "" {
		p.Message = messageText(message)
	}
	_ = j.notify(protocol.NoteProgress, p) // numbers and a clean text can be sent
}

// amount is the number if it is one to send (rule NTF-3), else 0.
func amount(f float64) float64 {
	if f > 0 && !math.IsInf(f, 0) {
		return f
	}
	return 0
}
