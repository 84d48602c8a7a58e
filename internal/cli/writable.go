package cli

import (
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
	"golang.org/x/sys/unix"
)

// ownDirectory is one that the host writes to.
type ownDirectory struct{ what, dir string }

func (d *diagnosis) ownDirectories() []ownDirectory {
	own := []ownDirectory{{"the cache", filepath.Join(xdg.CacheHome, "pathvector-plugin")}}
	if d.host.StateDir != "" {
		own = append(own, ownDirectory{"what plugins keep", d.host.StateDir})
	}
	return own
}

// writable reports whether files can be made in dir, or dir itself in the
// nearest directory above it that exists; at is the one looked at.
func writable(dir string) (at string, err error) {
	for at = dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); err == nil || at == filepath.Dir(at) {
			break
		}
	}
	info, err := os.Stat(at)
	switch {
	case err != nil:
		return at, err
	case !info.IsDir():
		return at, &os.PathError{Op: "open", Path: at, Err: unix.ENOTDIR}
	}
	if err := unix.Access(at, unix.W_OK|unix.X_OK); err != nil {
		return at, &os.PathError{Op: "access", Path: at, Err: err}
	}
	return at, nil
}
