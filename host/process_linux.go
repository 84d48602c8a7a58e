package host

import (
	"errors"
	"os"
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

// pipe makes a pipe into the plugin, or out of it. The plugin's end is made known
// to nothing but the plugin: os.Pipe would add it to what the runtime polls, and
// have to take it out again, which costs a few hundredths of a short call.
func pipe(in bool) (ours, theirs *os.File, err error) {
	var ends [2]int // to read from, to write to
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, os.NewSyscallError("pipe2", err)
	}
	if in {
		ends[0], ends[1] = ends[1], ends[0]
	}
	if err := unix.SetNonblock(ends[0], true); err != nil {
		_, _ = unix.Close(ends[0]), unix.Close(ends[1])
		return nil, nil, os.NewSyscallError("fcntl", err)
	}
	return os.NewFile(uintptr(ends[0]), "|"), os.NewFile(uintptr(ends[1]), "|"), nil
}

// waitExited blocks until the child has exited, and does not reap it.
func waitExited(pid int) {
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
}
