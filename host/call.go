package host

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"slices"
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

// call is a running plugin and the host's ends of its pipes.
type call struct {
	process *process
	graces  graces
	stdin   *os.File
	stdout  *os.File
	stderr  *os.File
	log     *stderrLog // of stderr
	conn    *conn.Conn // over stdin and stdout
	notes   notes
}

// begin starts the plugin and all that reads from it.
func (r *Runner) begin(ctx context.Context, p Program, q Request) (*call, error) {
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	ours, theirs, err := pipes()
	if err != nil {
		return nil, err
	}
	proc, err := start(ctx, p.Path, q.Method, environment(r.environ(), p.Env), theirs[:])
	closeAll(theirs[:])
	if err != nil {
		closeAll(ours[:])
		if ctx.Err() != nil {
			return nil, ended(ctx)
		}
		return nil, explainStart(p.Path, err)
	}
	c := &call{process: proc, graces: cmp.Or(r.graces, usualGraces), stdin: ours[0], stdout: ours[1], stderr: ours[2]}
	c.notes.notify = q.Notify
	c.log = newStderrLog(c.stderr, r.shower(p.Name))
	in, out := r.traced(p, q.Method, c.stdout, requestPipe{c.stdin})
	c.conn = conn.New(in, out, conn.Options{Limit: r.Limit, OnNotification: c.notes.add})
	return c, nil
}

// traced puts the trace, if one is asked for, around a call's pipes.
func (r *Runner) traced(p Program, method string, in io.ReadCloser, out io.WriteCloser) (io.ReadCloser, io.WriteCloser) {
	if r.Trace == nil {
		return in, out
	}
	// A secret that holds another one must be masked first.
	secrets := slices.DeleteFunc(slices.Clone(p.Secrets), func(s string) bool { return s == "" })
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	t := &tracer{show: r.Trace, plugin: p.Name, method: method, secrets: secrets}
	return &tracedReader{ReadCloser: in, tracer: t}, tracedWriter{out, t}
}

func (r *Runner) shower(plugin string) func(string) {
	if r.Stderr == nil {
		return nil
	}
	return func(line string) { r.Stderr(plugin, line) }
}

// pipes makes stdin, stdout and stderr, our ends and the plugin's.
//
// They are files, and not the pipes of os/exec, whose Wait reaps the plugin
// before what it left behind can be signalled safely. What WaitDelay does
// there, end does here: our ends are closed in the end, whoever still holds
// the others.
func pipes() (ours, theirs [3]*os.File, err error) {
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(ours[:i])
			closeAll(theirs[:i])
			return ours, theirs, explainLimit(err)
		}
		ours[i], theirs[i] = r, w
		if i == 0 {
			ours[i], theirs[i] = w, r
		}
	}
	return ours, theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// requestPipe closes the plugin's stdin after the one request that a one-shot
// call has (INV-1).
type requestPipe struct{ stdin *os.File }

func (p requestPipe) Write(b []byte) (int, error) {
	defer p.Close()
	return p.stdin.Write(b)
}

// Close also ends a Write that waits for the plugin to read.
func (p requestPipe) Close() error { return p.stdin.Close() }

// notes passes the notifications of a call on, up to a size: a plugin must not
// fill the host's memory, or the screen, with them.
type notes struct {
	notify  func(*protocol.Notification) // may be nil
	size    int
	dropped int
}

func (n *notes) add(note *protocol.Notification) {
	const limit = 1 << 20
	if n.size += len(note.Method) + len(note.Params); n.size > limit {
		n.dropped++
		return
	}
	if n.notify != nil {
		n.notify(note)
	}
}

// ending is how a plugin ended.
type ending struct {
	state     *os.ProcessState // nil if it could not be ended
	exited    bool             // by itself, in time
	slow      bool             // something of it had to be stopped
	violation error            // what it wrote broke the protocol
}

// failed reports whether the plugin exited by itself, with a status other
// than 0 or by a signal that was not ours.
func (e ending) failed() bool { return e.exited && e.state != nil && !e.state.Success() }

// end ends the plugin by the steps of ENV-5, of which most plugins need the
// first: stdin is closed and it exits. It depends on no context: the call's
// may be over already.
func (c *call) end() ending {
	var e ending
	_ = c.stdin.Close()
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
	e.state = c.process.reap()
	_ = c.stdout.Close()
	_ = c.stderr.Close()
	<-c.conn.Done()
	<-c.log.done
	_ = c.conn.Close()
	return e
}

// settles waits until the plugin has exited and nothing of it holds stdout or
// stderr open, and reports whether that came to be in time.
func (c *call) settles(within time.Duration) bool {
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

func (c *call) hasExited() bool {
	select {
	case <-c.process.exited:
		return true
	default:
		return false
	}
}

// violation is what ended the reading of stdout, if it has ended.
func (c *call) violation() error {
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
