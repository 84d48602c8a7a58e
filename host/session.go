package host

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/protocol/conn"
)

// restarts bound how a plugin that is kept running is started again when it
// ends without having answered anything (INV-22).
type restarts struct {
	first, last time.Duration // waits, from one to the other, each twice the one before
	most        int           // times in a row, after which calls fail at once
	calm        time.Duration // for this long; then it is tried once more
}

var usualRestarts = restarts{first: 100 * time.Millisecond, last: 5 * time.Second, most: 5, calm: time.Minute}

// session is a plugin that is kept running: its process, and after a crash the
// next one. There is never more than one at a time.
type session struct {
	runner    *Runner
	program   Program
	changed   func() // may be nil
	bounds    restarts
	stderr    atomic.Pointer[func(line string)] // of the last call
	over      chan struct{}                     // closed when no more calls are made
	deadlines deadlines                         // of the calls

	// turn is held by whoever looks at or changes what follows. It is a channel
	// so that a call that waits for it can end with its context.
	turn     chan struct{}
	current  *kept     // the last process that was started; nil before the first
	failures int       // processes in a row that ended without an answer
	failed   error     // what the last of them failed with
	calmed   time.Time // when calls need not fail at once any more
	broken   error     // a rule that was broken after an answer
}

func newSession(r *Runner, p Program, changed func()) *session {
	s := &session{
		runner: r, program: p, changed: changed, bounds: cmp.Or(r.restarts, usualRestarts),
		over: make(chan struct{}), turn: make(chan struct{}, 1),
	}
	s.program.stderr = s.showLine
	return s
}

// showLine shows a line of stderr where the last call wants it.
func (s *session) showLine(line string) {
	if show := s.stderr.Load(); *show != nil {
		(*show)(line)
	} else if s.runner.Stderr != nil {
		s.runner.Stderr(s.program.Name, line)
	}
}

// call makes one call, of which many may be under way at once. Every error is
// a *PluginError.
func (s *session) call(ctx context.Context, q Request) (*Answer, error) {
	timeout := cmp.Or(q.Timeout, s.program.Timeout, s.runner.timeout())
	ctx, end := s.deadlines.begin(ctx, timeout)
	defer end()
	stderr := q.Stderr
	s.stderr.Store(&stderr)
	k, warnings, err := s.ready(ctx)
	if err != nil {
		return nil, s.program.failed(q.Method, err, nil)
	}
	if k.tracer != nil {
		k.tracer.hide(q.Hide)
	}
	k.log.renew()
	n := notes{notify: q.Notify}
	result, err := k.conn.Call(ctx, conn.Call{Method: q.Method, Params: q.Params, Notify: n.add, Ask: q.Ask})
	if err != nil {
		defer n.end()
		return nil, k.failed(ctx, q.Method, err)
	}
	k.answered.Store(true)
	warnings = append(warnings, k.log.warnings()...)
	return &Answer{Result: result, Warnings: append(warnings, n.warnings()...)}, nil
}

// ready returns the running process. If there is none it starts one, not
// before a while after one that never answered. The warnings are about how an
// earlier process ended.
func (s *session) ready(ctx context.Context) (*kept, []string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, nil, ended(ctx)
	}
	select {
	case <-s.over:
		return nil, nil, errHostDone
	default:
	}
	var warnings []string
	if s.current != nil {
		if s.current.runs() {
			return s.current, nil, nil
		}
		select {
		case <-s.current.ended:
			warnings = s.bury()
		case <-ctx.Done():
			return nil, nil, ended(ctx)
		}
	}
	if err := s.pause(ctx); err != nil {
		return nil, nil, err
	}
	var err error
	s.current, err = s.start(ctx)
	return s.current, warnings, err
}

// bury takes stock of a process that has ended.
func (s *session) bury() []string {
	k := s.current
	s.current = nil
	s.failures++
	if k.answered.Load() {
		s.failures = 0
	}
	s.failed, s.calmed = k.reason(), time.Now().Add(s.bounds.calm)
	if k.reported.Load() {
		return nil
	}
	if s.broken == nil {
		s.broken = k.end.violation
	}
	return []string{fmt.Sprintf("ended between two calls, and was started again: %v", s.failed)}
}

// pause waits before a plugin is started again that crashes again and again
// (INV-22).
func (s *session) pause(ctx context.Context) error {
	b := s.bounds
	switch {
	case s.failures == 0:
		return nil
	case s.failures >= b.most && time.Now().Before(s.calmed):
		return &crashLoopError{times: s.failures, wait: b.calm, last: s.failed}
	case s.failures >= b.most:
		return nil
	}
	wait := time.NewTimer(min(b.first<<(s.failures-1), b.last))
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-s.over:
		return errHostDone
	case <-ctx.Done():
		return ended(ctx)
	}
}

// start starts a process and looks after it until it has ended.
func (s *session) start(ctx context.Context) (*kept, error) {
	k := &kept{program: s.program, stopping: make(chan struct{}), ended: make(chan struct{})}
	i, err := s.runner.begin(ctx, s.program, protocol.ArgServe, nil, conn.Options{
		KeptRunning: true, Grace: cmp.Or(s.runner.graces, usualGraces).afterAnswer, OnNotification: s.note,
	})
	if err != nil {
		return nil, err
	}
	k.instance = i
	k.process.watch()
	go k.oversee()
	return k, nil
}

// note takes a notification that belongs to no call.
func (s *session) note(n *protocol.Notification) {
	if n.Method == protocol.NoteChanged && s.changed != nil {
		s.changed()
	}
}

// close ends the process. The warnings are about how it ended; the error is a
// *PluginError for a rule that it broke after it had answered. No call may be
// made after it, nor may it be closed again.
func (s *session) close() ([]string, error) {
	close(s.over)
	s.deadlines.stop()
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	var warnings, tail []string
	if k := s.current; k != nil {
		warnings, tail = s.end(k), k.log.last()
	}
	if s.broken != nil {
		return warnings, s.program.failed(protocol.ArgServe, s.broken, tail)
	}
	return warnings, nil
}

// end ends the last process, and takes stock of it.
func (s *session) end(k *kept) []string {
	asked := k.stop(nil)
	<-k.ended
	s.current = nil
	if k.reported.Load() {
		return nil
	}
	if s.broken == nil {
		s.broken = k.end.violation
	}
	if !asked {
		return nil
	}
	return append(k.end.warnings("ended with", "the end of its stdin"), k.log.warnings()...)
}
