package conform

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// exchange is what went over the pipes of a one-shot call.
type exchange struct {
	args  []string
	sent  []byte
	lines [][]byte
	cut   *protocol.Violation // what ended the reading, if not the end of stdout
	late  time.Duration       // the deadline that it passed; 0 if it did not
	ended host.Ended
}

// once starts the plugin, writes input to its stdin and reads what comes until
// it exits.
func (t *tester) once(input []byte, args ...string) (*exchange, error) {
	start := time.Now()
	p, err := t.o.Runner.Start(t.ctx, t.program(), args...)
	if err != nil {
		return nil, err
	}
	x := &exchange{args: args, sent: input}
	go func() {
		_, _ = p.Stdin.Write(input) // a plugin need not read it (INV-3)
		_ = p.Stdin.Close()
	}()
	r := t.read(p.Stdout, func(line []byte) {
		x.lines = append(x.lines, line)
	})
	deadline := time.NewTimer(t.deadline())
	defer deadline.Stop()
	patience := t.o.Patience
	select {
	case <-r.answered:
	case <-r.done:
	case <-r.broken:
		patience = min(patience, time.Second)
	case <-t.ctx.Done():
		patience = 0
	case <-deadline.C:
		x.late = t.deadline()
		patience = min(patience, time.Second)
	}
	x.ended = p.End(patience)
	<-r.done
	x.cut = r.cut
	if !r.at.IsZero() {
		t.first = cmp.Or(t.first, r.at.Sub(start))
	}
	return x, t.ctx.Err()
}

func (t *tester) program() host.Program {
	s := t.o.Step
	return host.Program{Name: s.Plugin.Name, Path: s.Plugin.Path, Env: s.Env}
}

func (t *tester) deadline() time.Duration {
	for _, d := range []time.Duration{t.o.Step.Timeout, t.o.Runner.Timeout} {
		if d > 0 {
			return d
		}
	}
	return host.DefaultTimeout
}

// reading reads the lines of a plugin's stdout.
type reading struct {
	answered chan struct{}       // closed when an answer has come
	broken   chan struct{}       // closed when nothing more is taken, though more may come
	done     chan struct{}       // closed when nothing more comes
	cut      *protocol.Violation // after that: a line that could not be read to its end
	at       time.Time           // after answered: when that was
}

// most is how much of a plugin's output is kept, so that one that never ends
// does not fill the memory.
const most = 2 * protocol.DefaultLimit

// read hands on each line as it comes. What comes after one that is no message
// is thrown away.
func (t *tester) read(stdout io.Reader, take func([]byte)) *reading {
	r := &reading{answered: make(chan struct{}), broken: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(r.done)
		err := r.lines(protocol.NewReader(stdout, t.o.Runner.Limit), take)
		if errors.Is(err, io.EOF) {
			return
		}
		_ = errors.As(err, &r.cut)
		close(r.broken)
		_, _ = io.Copy(io.Discard, stdout)
	}()
	return r
}

// lines reads until a line is no message, or cannot be read, which is the error.
func (r *reading) lines(from *protocol.Reader, take func([]byte)) error {
	var once sync.Once
	for size := 0; size < most; {
		line, err := from.ReadLine()
		if err != nil {
			return err
		}
		take(line)
		message, err := protocol.ParseMessage(line)
		if err != nil {
			return nil // whoever takes it tells
		}
		if isAnswer(message) {
			once.Do(func() {
				r.at = time.Now()
				close(r.answered)
			})
		}
		size += len(line)
	}
	return nil
}

func isAnswer(m protocol.Message) bool {
	_, ok := m.(*protocol.Response)
	return ok
}

// answer judges what came and returns the one answer in it.
func (t *tester) answer(x *exchange) (*protocol.Response, error) {
	answer, f := x.judge()
	if f != nil {
		return nil, f.during(x.args, x.sent, x.ended.Stderr)
	}
	t.exit(x, answer)
	return answer, nil
}

func (x *exchange) judge() (*protocol.Response, *fault) {
	var answer *protocol.Response
	for _, line := range x.lines {
		message, err := protocol.ParseMessage(line)
		if v, ok := err.(*protocol.Violation); ok {
			return nil, violated(v)
		}
		f := x.take(message, line, answer != nil)
		if f != nil {
			f.got = line
			return nil, f
		}
		if m, ok := message.(*protocol.Response); ok {
			answer = m
		}
	}
	switch {
	case x.cut != nil:
		return nil, violated(x.cut)
	case answer == nil:
		return nil, x.silence()
	}
	return answer, nil
}

// take judges one message. After says that the answer came before it.
func (x *exchange) take(message protocol.Message, line []byte, after bool) *fault {
	switch m := message.(type) {
	case *protocol.Request:
		return broke("MSG-12", "take what the plugin needs from params", "expected notifications and an answer, got the request %q", m.Method)
	case *protocol.Notification:
		if after {
			return broke("MSG-13", "send it before the answer", "expected nothing after the answer, got the notification %q", m.Method)
		}
		return noteForm(m, line)
	case *protocol.Response:
		if after {
			return violated(protocol.NewViolation(protocol.TwoAnswers, line, ""))
		}
		if string(m.ID) != "1" {
			return x.wrongID(m)
		}
		return errorForm(m.Error)
	}
	return nil
}

// unreadable is what is sent to see what comes of it.
var unreadable = []byte("{\"jsonrpc\":\"2.0\",\"id\":\n")

func (x *exchange) wrongID(m *protocol.Response) *fault {
	const advice = "copy the id of the request into the answer as it is"
	switch {
	case string(m.ID) != "null":
		return broke("MSG-3", advice, "expected the id 1, got %s", m.ID)
	case bytes.Equal(x.sent, unreadable):
		return nil
	}
	return broke("MSG-10", advice, "expected the id 1, got null, which is for requests whose id cannot be read")
}

// silence is the end of stdout, or of the time, without an answer.
func (x *exchange) silence() *fault {
	const advice = "write one line with a result or an error to stdout, and flush it"
	switch {
	case x.late > 0:
		return broke("MSG-7", advice, "expected an answer, got none within %s", x.late)
	case x.ended.Signal != 0:
		return broke("MSG-7", advice, "expected an answer, but the plugin was killed by signal %d", int(x.ended.Signal))
	}
	return broke("MSG-7", advice, "expected an answer, but the plugin exited with status %d without one", x.ended.Status)
}

// exit judges how the plugin ended after its answer.
func (t *tester) exit(x *exchange, answer *protocol.Response) {
	var f *fault
	switch {
	case !x.ended.Exited:
		f = broke("INV-8", "end when the answer is written", "expected the plugin to exit after its answer, and it still ran %s later", t.o.Patience)
	case answer.Error == nil && x.ended.Status != 0:
		f = broke("INV-8", "exit with 0 after a result", "expected the exit status 0 after a result, got %s", status(x.ended))
	case x.ended.Held:
		f = broke("ENV-6", "end what the plugin started, or redirect its output", "expected nothing to be left of the plugin, but a process that it started still held its stdout or stderr")
	default:
		return
	}
	t.warn(f.during(x.args, x.sent, x.ended.Stderr))
}

func status(e host.Ended) string {
	if e.Signal != 0 {
		return fmt.Sprintf("the signal %d", int(e.Signal))
	}
	return fmt.Sprint(e.Status)
}
