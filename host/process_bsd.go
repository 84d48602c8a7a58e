//go:build darwin || freebsd

package host

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// pipe makes a pipe into the plugin, or out of it.
func pipe(in bool) (ours, theirs *os.File, err error) {
	r, w, err := os.Pipe()
	if in {
		return w, r, err
	}
	return r, w, err
}

// waitExited blocks until the child has exited, and does not reap it. Darwin's
// waitid also returns for a stopped process, so this uses kqueue. That a
// process has exited already shows as an error or as an event.
func waitExited(pid int) {
	queue, err := unix.Kqueue()
	if err != nil {
		return
	}
	defer unix.Close(queue)
	unix.CloseOnExec(queue)
	var exit unix.Kevent_t
	unix.SetKevent(&exit, pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	exit.Fflags = unix.NOTE_EXIT
	for {
		_, err := unix.Kevent(queue, []unix.Kevent_t{exit}, make([]unix.Kevent_t, 1), nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
