package host

import "context"

// task is a plugin's part in a schedule.
type task struct {
	voice *voice
	// after is how many tasks at the beginning of the schedule must be over
	// before this one starts.
	after int
	// begin starts from what the tasks before have left so far, and returns
	// the work, which runs beside that of other tasks.
	begin func() (work func(context.Context))
	// finish takes over what the work came to. It runs when all tasks before
	// are over.
	finish func() error

	started, done bool
}

// schedule runs tasks, several at once, so that it looks as if they ran one
// after the other: what they say and what they finish with comes in their
// order, and the first error ends it as if no later task had started.
type schedule struct {
	tasks   []*task
	jobs    int // how many run at once, at most
	turn    int // of the first task that is not over
	running int
	over    chan *task
}

// run returns the first error, in the order of the tasks. No task runs any
// more when it returns.
func (s *schedule) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer s.forget()
	defer s.drain()
	defer cancel() // first, so that nothing is waited for in vain
	s.over = make(chan *task)
	for s.turn < len(s.tasks) {
		s.start(ctx)
		t := s.tasks[s.turn]
		t.voice.speak()
		if !t.done {
			s.wait()
			continue
		}
		if err := t.finish(); err != nil {
			return err
		}
		s.turn++
	}
	return nil
}

// start starts what may run. The task whose turn it is always may.
func (s *schedule) start(ctx context.Context) {
	for _, t := range s.tasks[s.turn:] {
		if s.running == s.jobs {
			return
		}
		if t.started || t.after > s.turn {
			continue
		}
		t.started = true
		s.running++
		work := t.begin()
		go func() {
			work(ctx)
			s.over <- t
		}()
	}
}

// wait waits for one of the tasks that run.
func (s *schedule) wait() {
	(<-s.over).done = true
	s.running--
}

func (s *schedule) drain() {
	for s.running > 0 {
		s.wait()
	}
}

// forget drops what tasks said that never had their turn.
func (s *schedule) forget() {
	for _, t := range s.tasks[s.turn:] {
		t.voice.drop()
	}
}
