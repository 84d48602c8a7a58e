package host

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// sysProcAttr asks for a session, which is also a process group of its own
// (ENV-4) and has no terminal: a plugin whose ssh asks for a password gets an
// error at once, where in a background group of our session it would be
// stopped until the deadline.
//
// The plugin dies when this process does, whatever ends it. What it started
// itself is not reached by that, nor is a program with set-user-ID or file
// capabilities.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// waitExited blocks until the child has exited, and does not reap it.
func waitExited(pid int) {
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
}
