package host

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a plugin that was started as for a call, with its pipes as they
// are: for tests of plugins, which write what no host would, and look at the
// bytes that come. Whoever starts one reads Stdout to its end, and calls End.
type Process struct {
	Stdin  io.WriteCloser
	Stdout io.Reader

	instance *instance
	drained  chan struct{} // closed when the reading of Stdout has ended
}

// Ended is how a Process ended.
type Ended struct {
	Exited bool           // by itself, within the grace or before
	Status int            // the exit status; -1 if a signal ended it, or nothing did
	Signal syscall.Signal // that ended it; 0 if it exited
	// Held says that it exited, but that something it started kept its stdout or
	// stderr open.
	Held   bool
	Stderr []string // the last lines, at most ten
}

// Start starts the plugin with these arguments as Call does: the same
// environment, working directory and process group. It has no deadline, and
// nothing of it is traced. The error is a *PluginError.
func (r *Runner) Start(ctx context.Context, p Program, arguments ...string) (*Process, error) {
	i, err := r.launch(ctx, p, arguments...)
	if err != nil {
		return nil, p.failed(strings.Join(arguments, " "), err, nil)
	}
	i.process.watch()
	drained := make(chan struct{})
	return &Process{Stdin: i.stdin, Stdout: &drainedReader{r: i.stdout, end: drained}, instance: i, drained: drained}, nil
}

// drainedReader tells when there is nothing more to read.
type drainedReader struct {
	r    io.Reader
	once sync.Once
	end  chan struct{}
}

func (d *drainedReader) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil {
		d.once.Do(func() { close(d.end) })
	}
	return n, err
}

// Terminate sends SIGTERM to the process group, as a host does to end a plugin
// (ENV-5).
func (p *Process) Terminate() { p.instance.process.terminate() }

// End closes stdin and gives the plugin this long to exit. Then it ends it by
// the steps of ENV-5. Nothing of it runs any more when it returns. It must be
// called once.
func (p *Process) End(grace time.Duration) Ended {
	i := p.instance
	_ = i.stdin.Close()
	settled := p.Settle(grace)
	end := Ended{Exited: i.hasExited(), Status: -1}
	end.Held = end.Exited && !settled
	if !settled {
		i.process.terminate()
		if !p.Settle(i.graces.afterTerm) {
			i.process.signal(syscall.SIGKILL)
			p.Settle(i.graces.afterKill)
		}
	}
	i.guard.release()
	end.read(i.process.reap())
	_ = i.stdout.Close()
	_ = i.stderr.Close()
	<-i.log.done
	end.Stderr = i.log.tail
	return end
}

func (e *Ended) read(state *os.ProcessState) {
	if state == nil {
		return
	}
	e.Status = state.ExitCode()
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		e.Signal = ws.Signal()
	}
}

// Settle waits until the plugin has exited and nothing holds its stdout or
// stderr open, and reports whether that came to be in time.
func (p *Process) Settle(within time.Duration) bool {
	late := time.NewTimer(within)
	defer late.Stop()
	for _, done := range []<-chan struct{}{p.instance.process.exited, p.instance.log.done, p.drained} {
		select {
		case <-done:
		case <-late.C:
			return false
		}
	}
	return true
}
