package host

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// sysProcAttr asks for a process group (ENV-4). A session would do too, and
// have no terminal on which a plugin can wait for a password; but where each
// session is scheduled for itself it costs a tenth of a short call.
//
// The plugin dies when this process does, whatever ends it. What it started
// itself is not reached by that, nor is a program with set-user-ID or file
// capabilities.
func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// waitExited blocks until the child has exited, and does not reap it.
func waitExited(pid int) {
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
}
