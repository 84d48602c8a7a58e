//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package sdk

import (
	"os"
	"syscall"
)

// takeStdout returns a file that leads to the host, and lets everything else
// that is printed to stdout go to stderr. It moves the descriptor, not only
// the variable: a logger made in an init function, C code and children have
// the old one.
func takeStdout() *os.File {
	syscall.ForkLock.RLock() // a child must not hold the host's pipe open
	fd, err := syscall.Dup(syscall.Stdout)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil || dup2(syscall.Stderr, syscall.Stdout) != nil {
		return swapStdout()
	}
	return os.NewFile(uintptr(fd), "stdout")
}
