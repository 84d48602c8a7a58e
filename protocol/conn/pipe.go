package conn

import (
	"errors"
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// pipe is the writing end of a pipe of the system, or of what else is a file
// that can be written to without waiting.
type pipe struct {
	raw   syscall.RawConn
	write func(fd uintptr) bool // writes part, see attempt
	part  []byte
	n     int
	err   error
}

// pipeOf returns nil for what can only be written to by waiting.
func pipeOf(w io.Writer) *pipe {
	file, ok := w.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return nil
	}
	waits := true
	err = raw.Control(func(fd uintptr) {
		flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
		waits = err != nil || flags&unix.O_NONBLOCK == 0
	})
	if err != nil || waits {
		return nil
	}
	p := &pipe{raw: raw}
	p.write = func(fd uintptr) bool {
		p.n, p.err = syscall.Write(int(fd), p.part)
		return true // whatever came of it: to wait is for others
	}
	return p
}

// attempt writes as much as there is room for, which may be nothing.
func (p *pipe) attempt(part []byte) (int, error) {
	p.part = part
	err := p.raw.Write(p.write)
	p.part = nil
	switch {
	case err != nil: // it is closed
		return 0, err
	case errors.Is(p.err, syscall.EAGAIN), errors.Is(p.err, syscall.EINTR):
		return 0, nil
	case p.err != nil:
		return 0, p.err
	}
	return p.n, nil
}
