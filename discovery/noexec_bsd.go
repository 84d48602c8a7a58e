//go:build darwin || freebsd

package discovery

import "golang.org/x/sys/unix"

func noexec(path string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(path, &fs) == nil && fs.Flags&unix.MNT_NOEXEC != 0
}
