package sdk

import (
	"sync/atomic"
	"time"
)

// A goroutine for each request would cost a quick handler more than its work:
// threads wake each other for it. So the goroutine that reads answers a request
// itself, and another one reads on when that takes long, or when the handler
// asks the host something.
const (
	// patience is how long nobody reads, at least, while a handler works.
	patience = time.Millisecond
	// quick is how long a handler may take to be worth it.
	quick = 200 * time.Microsecond
	// enough is how many handlers in a row must have been quick before the next
	// one keeps the reading waiting.
	enough = 4
)

// inPlace is what the goroutine that reads does beside.
type inPlace struct {
	job      atomic.Pointer[job] // the request that it answers itself; who sets it to nil reads on
	count    atomic.Uint64       // of such requests
	watching atomic.Bool         // look is going to be called
	timer    *time.Timer         // calls look
	seen     uint64              // count, when look was called last
}

// fitsInPlace reports whether the goroutine that reads is to answer the request
// itself; s.mu is held. What cannot be read on after does not: nobody else may
// try to.
func (s *server) fitsInPlace(j *job) bool {
	return s.method == "" && j.broken == nil && s.quickOnes >= enough && len(s.queue) == 0 && s.running < s.atOnce
}

// answerInPlace answers the request in the goroutine that reads, and reports
// whether that still reads. A handler may end its goroutine, and then it does
// not.
func (s *server) answerInPlace(j *job) (reads bool) {
	p := &s.inPlace
	p.job.Store(j)
	p.count.Add(1)
	s.watch()
	defer s.readOn(j) // ignored if the job is not there any more
	s.handle(j)
	return p.job.CompareAndSwap(j, nil)
}

// readOn has another goroutine read on, if the one that reads is busy with the
// request.
func (s *server) readOn(j *job) {
	if s.inPlace.job.CompareAndSwap(j, nil) {
		go s.readAside()
	}
}

// watch begins to look now and then at what is answered in place.
func (s *server) watch() {
	if !s.inPlace.watching.Load() && s.inPlace.watching.CompareAndSwap(false, true) {
		s.inPlace.timer.Reset(patience)
	}
}

// look has another goroutine read on if the same request is still answered in
// place as before. It is called again until there is nothing to look at: a timer
// for each request would wake a thread each time.
func (s *server) look() {
	p := &s.inPlace
	count, j := p.count.Load(), p.job.Load()
	same := count == p.seen
	p.seen = count
	if same && j != nil {
		s.tookLong()
		s.readOn(j)
	}
	if same && j == nil {
		p.watching.Store(false)
		if p.job.Load() == nil || !p.watching.CompareAndSwap(false, true) {
			return
		}
	}
	p.timer.Reset(patience)
}

// tookLong makes handlers that follow work aside.
func (s *server) tookLong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quickOnes = 0
}
