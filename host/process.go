package host

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// process is a plugin's process, the leader of a process group that holds
// what it starts, unless that makes a group of its own.
//
// The group is signalled by the leader's process id. That is safe only while
// the leader has not been reaped: until then the system gives its id to no
// other process or group. So the end of the leader is seen without reaping it
// (exited), and it is reaped when no signal will follow.
type process struct {
	leader  *os.Process
	once    sync.Once // for watched
	watched chan struct{}
	exited  chan struct{} // closed when the leader has exited; see watch
}

// start runs the program at path. Its stdin, stdout and stderr are files.
func start(ctx context.Context, path string, arguments, env []string, files []*os.File) (*process, error) {
	p := &process{watched: make(chan struct{}), exited: make(chan struct{})}
	attr := &os.ProcAttr{Dir: "/", Env: env, Files: files, Sys: sysProcAttr()} // ENV-1
	started := make(chan error)
	go p.live(started, func() (*os.Process, error) {
		return startRetrying(ctx, path, append([]string{path}, arguments...), attr)
	})
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// live starts the process and keeps the operating system thread that did so
// until the process has exited. On Linux the parent-death signal comes when
// that thread ends, not only when this process does, and a thread that
// goroutines share ends with one that locked it.
func (p *process) live(started chan<- error, start func() (*os.Process, error)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	leader, err := start()
	p.leader = leader
	started <- err
	if err == nil {
		<-p.watched
		waitExited(leader.Pid)
		close(p.exited)
	}
}

// startRetrying tries again for about a quarter of a second when the file is
// open for writing: an installer closes it soon. It may also be this program
// itself that has it open for an instant, in a child that another goroutine
// is about to start.
func startRetrying(ctx context.Context, path string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
	const firstWait, lastWait = time.Millisecond, 128 * time.Millisecond
	for wait := firstWait; ; wait *= 2 {
		child, err := os.StartProcess(path, argv, attr)
		if !errors.Is(err, syscall.ETXTBSY) || wait > lastWait {
			return child, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// watch makes the exit of the leader show as exited. Of a one-shot call it is
// asked when the exit is near: to wait in the system for long costs more than
// the call.
func (p *process) watch() { p.once.Do(func() { close(p.watched) }) }

// signal signals the group, and the leader by itself if it has moved to another
// one, say that of this program. It must not be called after reap. An error
// means that nothing is left to signal.
func (p *process) signal(sig syscall.Signal) {
	_ = syscall.Kill(-p.leader.Pid, sig)
	if group, err := syscall.Getpgid(p.leader.Pid); err == nil && group != p.leader.Pid {
		_ = syscall.Kill(p.leader.Pid, sig)
	}
}

// terminate asks the group to end. A stopped process would not hear of it.
func (p *process) terminate() {
	p.signal(syscall.SIGTERM)
	p.signal(syscall.SIGCONT)
}

// reap kills what is left of the group and returns the leader's exit state,
// or nil when the leader cannot die, say because a file system hangs. Then it
// is reaped whenever it ends.
func (p *process) reap() *os.ProcessState {
	p.signal(syscall.SIGKILL)
	select {
	case <-p.exited:
		state, _ := p.leader.Wait() // fails only for what is not our child
		return state
	default:
		go func() {
			<-p.exited
			_, _ = p.leader.Wait()
		}()
		return nil
	}
}
