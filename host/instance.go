package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/protocol/conn"
)

// graces are how long the steps wait by which a plugin is ended (ENV-5, INV-7).
type graces struct {
	afterAnswer time.Duration
	afterTerm   time.Duration
	// afterKill is for what SIGKILL leaves: a process that hangs in the
	// kernel, or one that left the group and holds stdout or stderr.
	afterKill time.Duration
}

var usualGraces = graces{time.Second, 2 * time.Second, 500 * time.Millisecond}

// instance is a running plugin and the host's ends of its pipes.
type instance struct {
	process *process
	guard   *guard
	graces  graces
	stdin   *os.File
	stdout  *os.File
	stderr  *os.File
	log     *stderrLog // of stderr
	tracer  *tracer    // nil without a trace
	conn    *conn.Conn // over stdin and stdout
}

// begin starts the plugin, with its one argument, and all that reads from it.
// The request of a one-shot call is known before and comes first in the trace:
// the plugin may answer without reading it, before it is written (INV-3).
func (r *Runner) begin(ctx context.Context, p Program, argument string, request []byte, o conn.Options) (*instance, error) {
	c, err := r.launch(ctx, p, argument)
	if err != nil {
		return nil, err
	}
	var in io.ReadCloser = c.stdout
	var out io.WriteCloser = c.stdin
	if r.Trace != nil {
		c.tracer = newTracer(r.Trace, p, argument, c.process.leader.Pid)
		in = &tracedReader{ReadCloser: in, tracer: c.tracer}
	}
	switch {
	case !o.KeptRunning:
		o.Once = true
		if c.tracer != nil {
			c.tracer.line(TraceHost, request)
		}
	case c.tracer != nil:
		out = tracedWriter{out, c.tracer}
	}
	o.Limit = r.Limit
	c.conn = conn.New(in, out, o)
	return c, nil
}

// launch starts the plugin and the reading of its stderr.
func (r *Runner) launch(ctx context.Context, p Program, arguments ...string) (*instance, error) {
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	ours, theirs, err := pipes()
	if err != nil {
		return nil, err
	}
	proc, err := start(ctx, p.Path, arguments, environment(r.environ(), p.Env), theirs[:])
	closeAll(theirs[:])
	if err != nil {
		closeAll(ours[:])
		if ctx.Err() != nil {
			return nil, ended(ctx)
		}
		return nil, explainStart(p.Path, err)
	}
	c := &instance{process: proc, guard: newGuard(p.Name, proc.leader.Pid), graces: cmp.Or(r.graces, usualGraces), stdin: ours[0], stdout: ours[1], stderr: ours[2]}
	c.log = newStderrLog(c.stderr, r.shower(p))
	return c, nil
}

// shower returns what shows a line of stderr; nil if nothing does.
func (r *Runner) shower(p Program) func(string) {
	if p.stderr != nil || r.Stderr == nil {
		return p.stderr
	}
	return func(line string) { r.Stderr(p.Name, line) }
}

// pipes makes stdin, stdout and stderr, our ends and the plugin's.
//
// They are files, and not the pipes of os/exec, whose Wait reaps the plugin
// before what it left behind can be signalled safely. What WaitDelay does
// there, end does here: our ends are closed in the end, whoever still holds
// the others.
func pipes() (ours, theirs [3]*os.File, err error) {
	for i := range 3 {
		ours[i], theirs[i], err = pipe(i == 0)
		if err != nil {
			closeAll(ours[:i])
			closeAll(theirs[:i])
			return ours, theirs, explainLimit(err)
		}
	}
	return ours, theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// ending is how a plugin ended.
type ending struct {
	state     *os.ProcessState // nil if it could not be ended
	exited    bool             // by itself, in time
	slow      bool             // something of it had to be stopped
	grace     time.Duration    // in which it should have ended
	violation error            // what it wrote broke the protocol
}

// failed reports whether the plugin exited by itself, with a status other
// than 0 or by a signal that was not ours.
func (e ending) failed() bool { return e.exited && e.state != nil && !e.state.Success() }

// warnings say what was wrong with how the plugin ended, although its calls
// succeeded: it ended, as in "answered, and then", and it should have ended
// after what is said in since.
func (e ending) warnings(ended, since string) []string {
	var w []string
	if e.failed() {
		w = append(w, ended+" "+e.state.String()) // INV-9
	}
	switch {
	case e.slow && e.exited:
		w = append(w, "exited, but a process that it started kept its stdout or stderr open; it was stopped, or still runs if it has left the plugin's process group (redirect the output of background processes)")
	case e.slow:
		w = append(w, fmt.Sprintf("did not exit within %s of %s and was stopped", e.grace, since)) // INV-7
	}
	return w
}

// end ends the plugin by the steps of ENV-5, of which most plugins need the
// first: stdin is closed and it exits. It depends on no context: the call's
// may be over already.
func (c *instance) end() ending {
	e := ending{grace: c.graces.afterAnswer}
	_ = c.conn.CloseWrite()
	c.process.watch()
	e.slow = !c.settles(c.graces.afterAnswer)
	e.exited = c.hasExited()
	e.violation = c.violation()
	if e.slow {
		c.process.terminate()
		if !c.settles(c.graces.afterTerm) {
			c.process.signal(syscall.SIGKILL)
			c.settles(c.graces.afterKill)
		}
	}
	c.guard.release()
	e.state = c.process.reap()
	_ = c.stdout.Close()
	_ = c.stderr.Close()
	<-c.conn.Done()
	<-c.log.done
	_ = c.conn.Close()
	if c.tracer != nil {
		c.tracer.end(e.state)
	}
	return e
}

// settles waits until the plugin has exited and nothing of it holds stdout or
// stderr open, and reports whether that came to be in time.
func (c *instance) settles(within time.Duration) bool {
	late := time.NewTimer(within)
	defer late.Stop()
	for _, done := range []<-chan struct{}{c.conn.Done(), c.log.done, c.process.exited} {
		select {
		case <-done:
		case <-late.C:
			return false
		}
		// Nothing reads stdout any more. A plugin whose output broke the
		// protocol, and that goes on, must not wait for a reader.
		_ = c.stdout.Close()
	}
	return true
}

func (c *instance) hasExited() bool {
	select {
	case <-c.process.exited:
		return true
	default:
		return false
	}
}

// violation is what ended the reading of stdout, if it has ended.
func (c *instance) violation() error {
	select {
	case <-c.conn.Done():
	default:
		return nil
	}
	var v *protocol.Violation
	if errors.As(c.conn.Err(), &v) {
		return v
	}
	return nil
}
