package conn

import "golang.org/x/sys/unix"

// enlarge lets a pipe take a megabyte at once, as much as Linux allows anybody
// unless told otherwise, so that a large message needs fewer turns of writing
// and reading. A pipe that may not grow works as well.
func enlarge(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) }
