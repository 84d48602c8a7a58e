package conform

import (
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// session is a plugin that is kept running, and what is known of its calls.
type session struct {
	t       *tester
	process *host.Process
	args    []string
	rule    string // that it breaks when a call has no answer
	hint    string

	out     chan []byte // to its stdin
	written chan struct{}
	lines   chan []byte // from its stdout
	reading *reading
	quit    chan struct{}
	once    sync.Once

	sent       []byte // the last line
	waiting    []string
	answers    map[string]*protocol.Response
	unreadable int // requests whose id cannot be read, and that wait
	// ask answers the plugin's questions; nil refuses them.
	ask func(*protocol.Request) (json.RawMessage, error)
}

// serve starts the plugin to be kept running.
func (t *tester) serve(rule, hint string, args ...string) (*session, error) {
	p, err := t.o.Runner.Start(t.ctx, t.program(), args...)
	if err != nil {
		return nil, err
	}
	s := &session{
		t: t, process: p, args: args, rule: rule, hint: hint,
		out: make(chan []byte, 1), written: make(chan struct{}), lines: make(chan []byte), quit: make(chan struct{}),
		answers: map[string]*protocol.Response{},
	}
	go s.write(p.Stdin)
	s.reading = t.read(p.Stdout, func(line []byte) {
		select {
		case s.lines <- line:
		case <-s.quit:
		}
	})
	return s, nil
}

// write writes to stdin until out is closed, and then closes it.
func (s *session) write(stdin io.WriteCloser) {
	defer close(s.written)
	for line := range s.out {
		_, _ = stdin.Write(line) // that it has ended shows in what it writes
	}
	_ = stdin.Close()
}

// send writes a line. The plugin may have to be read meanwhile.
func (s *session) send(line []byte) error {
	s.sent = line
	message, err := protocol.ParseMessage(trimmed(line))
	if m, ok := message.(*protocol.Request); ok {
		s.waiting = append(s.waiting, string(m.ID))
	} else if err != nil {
		s.unreadable++
	}
	timer := time.NewTimer(s.t.deadline())
	defer timer.Stop()
	for {
		select {
		case s.out <- line:
			return nil
		case got := <-s.lines:
			if f := s.take(got); f != nil {
				return f
			}
		case <-s.reading.done:
			return s.over()
		case <-timer.C:
			return s.blame("expected the plugin to read its stdin, and it did not for %s", s.t.deadline())
		case <-s.t.ctx.Done():
			return s.t.ctx.Err()
		}
	}
}

func trimmed(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// await reads until the calls with these ids have their answers.
func (s *session) await(ids ...string) error {
	timer := time.NewTimer(s.t.deadline())
	defer timer.Stop()
	answered := func(id string) bool { return s.answers[id] != nil }
	for slices.ContainsFunc(ids, func(id string) bool { return !answered(id) }) {
		if err := s.step(timer.C); err != nil {
			return err
		}
	}
	return nil
}

// step takes one line, or fails because there is none.
func (s *session) step(late <-chan time.Time) error {
	select {
	case line := <-s.lines:
		if f := s.take(line); f != nil {
			return f
		}
		return nil
	case <-s.reading.done:
		return s.over()
	case <-late:
		return s.blame("expected an answer to the request with the id %s, got none within %s", s.pending(), s.t.deadline())
	case <-s.t.ctx.Done():
		return s.t.ctx.Err()
	}
}

// pending returns the id of the first request without an answer.
func (s *session) pending() string {
	for _, id := range s.waiting {
		if s.answers[id] == nil {
			return id
		}
	}
	return "null"
}

// over is the end of stdout while something is expected of it.
func (s *session) over() error {
	if s.reading.cut != nil {
		return violated(s.reading.cut).during(s.args, s.sent, nil)
	}
	return s.blame("expected an answer to the request with the id %s, but the plugin ended, or closed its stdout", s.pending())
}

func (s *session) blame(problem string, args ...any) *fault {
	return broke(s.rule, s.hint, problem, args...).during(s.args, s.sent, nil)
}

// end closes stdin, judges what still comes and how the plugin exits. The error
// is that of what was done before, if there is one.
func (s *session) end(err error) error {
	close(s.out)
	if err == nil {
		err = s.drain()
	}
	s.once.Do(func() { close(s.quit) })
	patience := s.t.o.Patience
	if err != nil {
		patience = min(patience, time.Second)
	}
	ended := s.process.End(patience)
	<-s.reading.done
	<-s.written
	if err != nil {
		if f, ok := err.(*fault); ok {
			f.stderr = ended.Stderr
		}
		return err
	}
	return s.judgeEnd(ended)
}

// drain reads what comes until stdout ends, or the plugin has had its time.
func (s *session) drain() error {
	timer := time.NewTimer(s.t.o.Patience)
	defer timer.Stop()
	for {
		select {
		case line := <-s.lines:
			if f := s.take(line); f != nil {
				return f
			}
		case <-s.reading.done:
			if s.reading.cut != nil {
				return violated(s.reading.cut).during(s.args, s.sent, nil)
			}
			return nil
		case <-s.t.ctx.Done():
			return s.t.ctx.Err()
		case <-s.t.ctx.Done():
			return s.t.ctx.Err()
		case <-timer.C:
			return broke("INV-14", "exit when stdin ends", "expected the plugin to exit after the end of its stdin, and it still ran %s later", s.t.o.Patience).during(s.args, nil, nil)
		}
	}
}

func (s *session) judgeEnd(ended host.Ended) error {
	var f *fault
	switch {
	case !ended.Exited:
		return broke("INV-14", "exit when stdin ends", "expected the plugin to exit after the end of its stdin, and it still ran %s later", s.t.o.Patience).during(s.args, nil, ended.Stderr)
	case s.pending() != "null" || s.unreadable > 0:
		return s.blame("expected an answer to the request with the id %s before the end", s.pending())
	case ended.Status != 0 && s.rule != "MSG-10": // after no request it may fail
		f = broke("INV-8", "exit with 0 when stdin ends", "expected the exit status 0 at the end of stdin, got %s", status(ended))
	case ended.Held:
		f = broke("ENV-6", "end what the plugin started, or redirect its output", "expected nothing to be left of the plugin, but a process that it started still held its stdout or stderr")
	default:
		return nil
	}
	s.t.warn(f.during(s.args, s.sent, ended.Stderr))
	return nil
}
