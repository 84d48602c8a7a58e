package sdk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

const (
	// handlersAtOnce is how many handlers of a kept-running plugin work at the
	// same time. Most of them wait for something.
	handlersAtOnce = 16
	// perRequest is what a request costs beside its own bytes.
	perRequest = 4 << 10
)

// bounds are how long a server waits for handlers, and how much it holds.
type bounds struct {
	finish time.Duration // to return by themselves after stdin has ended
	stop   time.Duration // to return once their context has ended, before the process ends
	write  time.Duration // for their answers to be read, in the end
	cancel time.Duration // to return once the host cancelled: a host waits for a second (rule INV-20)
	held   int           // bytes of requests that may wait, apart from one that may be larger
}

// orUsual puts the usual bound in the place of each that is 0.
func (b bounds) orUsual() bounds {
	return bounds{
		finish: cmp.Or(b.finish, 30*time.Second),
		stop:   cmp.Or(b.stop, time.Second),
		write:  cmp.Or(b.write, time.Second),
		cancel: cmp.Or(b.cancel, 500*time.Millisecond),
		held:   cmp.Or(b.held, 64<<20),
	}
}

// server answers the requests on stdin: one, or all until it ends. It reads on
// while handlers work, since what they wait for comes that way.
type server struct {
	plugin *Plugin
	method string     // the only one to answer, once; empty for all
	alone  bool       // it has the process for itself, and one request to answer: it does without goroutines, which cost threads
	ended  chan error // what ended the reading
	atOnce int        // how many handlers may work at the same time
	asks   bool       // the host answers questions (rules MSG-12, ASK-1)
	bounds bounds
	in     *protocol.Reader
	out    *output
	stderr io.Writer

	life    context.Context // of every handler
	end     context.CancelFunc
	reading context.Context // ends when nobody reads on
	leave   context.CancelFunc
	hear    func() // from now on, what is to end the process ends life

	inPlace  inPlace
	contexts contexts

	mu        sync.Mutex
	room      sync.Cond     // there may be room for another request
	jobs      map[*job]bool // those without an answer
	took      bool          // a request has come
	queue     []*job        // those of them that no handler works on yet
	running   int           // handlers
	stuck     int           // those of them that do not return although their call was cancelled
	quickOnes int           // how many handlers in a row have been quick
	held      int           // bytes, perRequest for each included
	questions map[string]chan<- *protocol.Response
	asked     int           // questions so far
	failed    error         // why the plugin ended by itself
	closing   bool          // no more requests are taken
	idle      chan struct{} // closed when closing, and every request has its answer
}

func (p *Plugin) server(ctx context.Context, method string, stdin io.Reader, stdout, stderr io.Writer) *server {
	s := &server{
		plugin: p, method: method, atOnce: 1, bounds: p.bounds.orUsual(), stderr: stderr,
		in:        protocol.NewReader(stdin, protocol.DefaultLimit),
		jobs:      map[*job]bool{},
		questions: map[string]chan<- *protocol.Response{},
		idle:      make(chan struct{}),
		ended:     make(chan error, 1),
		quickOnes: enough, // until one is not
		hear:      func() {},
	}
	if p.KeptRunning && method == "" {
		s.atOnce, s.asks = handlersAtOnce, true
	}
	s.room.L = &s.mu
	s.life, s.end = context.WithCancel(ctx)
	s.reading, s.leave = context.WithCancel(s.life)
	s.out = &output{to: stdout, failed: s.end}
	if method == "" {
		s.inPlace.timer = time.AfterFunc(time.Hour, s.look) // set when there is something to look at
		s.inPlace.timer.Stop()
	}
	return s
}

// take lets a handler answer the request, at once or when there is one free. It
// waits while too many are held, but not while a handler waits for the host:
// its answer may be in the next line. It reports whether the caller reads on.
func (s *server) take(j *job) (reads bool) {
	s.mu.Lock()
	full := func() bool { return s.held > 0 && s.held+j.size > s.bounds.held }
	for full() && len(s.questions) == 0 && s.reading.Err() == nil {
		s.room.Wait()
	}
	if s.closing {
		s.mu.Unlock()
		return false
	}
	s.jobs[j], s.took = true, true
	if full() {
		s.mu.Unlock()
		j.answer(nil, Unavailable(time.Second, "too many requests wait for an answer; send less at once"))
		return true
	}
	s.held += j.size
	if s.alone || s.fitsInPlace(j) {
		s.running++
		s.mu.Unlock()
		if !s.alone {
			return s.answerInPlace(j)
		}
		s.handle(j)
		return true
	}
	s.queue = append(s.queue, j)
	s.start()
	s.mu.Unlock()
	return true
}

// start sets handlers to work, as many as may; s.mu is held.
func (s *server) start() {
	for s.running < s.atOnce && len(s.queue) > 0 {
		j := s.queue[0]
		s.queue[0], s.queue = nil, s.queue[1:]
		s.running++
		go s.handle(j)
	}
}

// handle answers a request. A handler may also end its goroutine, as a failed
// assertion in a test does.
func (s *server) handle(j *job) {
	start := time.Now()
	var result json.RawMessage
	err := error(&Error{Code: protocol.CodeInternalError, Message: "the plugin's function ended its goroutine"})
	defer func() {
		j.answer(result, err)
		s.reuse(j)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.running--
		s.quickOnes++
		if time.Since(start) > quick {
			s.quickOnes = 0
		}
		j.returned = true
		if j.stuck {
			s.stuck--
		}
		s.release(j)
		s.start()
	}()
	result, err = s.call(j)
}

// reuse has another request read into the memory of one whose handler has
// returned. A host that answers questions is asked for what the configuration
// holds; others leave the handler's goroutines what came.
func (s *server) reuse(j *job) {
	if s.asks && j.given != nil && !j.kept {
		s.in.Reuse(j.line)
	}
}

// release gives the room of a request back; s.mu is held.
func (s *server) release(j *job) {
	s.held -= j.size
	s.room.Broadcast()
}

// forget is called when a request has its answer.
func (s *server) forget(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.jobs, j)
	s.closeWhenIdle()
}

func (s *server) closeWhenIdle() {
	if s.closing && len(s.jobs) == 0 {
		select {
		case <-s.idle:
		default:
			close(s.idle)
		}
	}
}

// cancel ends the requests with the id (rule INV-17): one that still waits is
// answered at once, for one that is handled the handler is told, and answered
// for when it takes too long.
func (s *server) cancel(id json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for j := range s.jobs {
		if !bytes.Equal(j.request.ID, id) {
			continue
		}
		j.cancelled.Store(true)
		j.ending.come()
		if i := slices.Index(s.queue, j); i >= 0 {
			s.queue = slices.Delete(s.queue, i, i+1)
			s.release(j)
			go j.answer(nil, errCancelled) // must not hold up the reading
			continue
		}
		time.AfterFunc(s.bounds.cancel, func() { s.giveUp(j) })
	}
}

// giveUp answers for a handler that did not return. It keeps its place, and
// when all places are kept so, the plugin ends: the host can start it again,
// and has no other way to see that it hangs.
func (s *server) giveUp(j *job) {
	if !j.answer(nil, errCancelled) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if j.returned || j.stuck {
		return
	}
	j.stuck = true
	s.stuck++
	if s.stuck == s.atOnce {
		s.failed = fmt.Errorf("%d calls were cancelled, and the plugin's function has returned from none of them; it must return when its context ends", s.stuck)
		s.end()
	}
}

// waiting are the requests without an answer.
func (s *server) waiting() []*job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.jobs))
}
