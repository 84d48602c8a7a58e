package discovery

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Exposure is a file or directory by which somebody else than root and the
// user who runs a plugin can replace it.
type Exposure struct {
	Path    string
	Problem string // continues a sentence that starts with the path
	Advice  string
	Anyone  bool // everybody on the machine can
}

// Exposed looks at the file at path, the one that links lead to, and the
// directories above both, for the user with the id uid.
func Exposed(path string, uid int) []Exposure {
	var all []Exposure
	way := chain(path)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		for _, p := range chain(target) {
			if !slices.Contains(way, p) {
				way = append(way, p)
			}
		}
	}
	for _, p := range way {
		if info, err := os.Lstat(p); err == nil {
			all = append(all, exposure(p, info, uid)...)
		}
	}
	return all
}

// chain is the path and all directories above it.
func chain(path string) []string {
	way := []string{path}
	for dir := filepath.Dir(path); dir != way[len(way)-1]; dir = filepath.Dir(dir) {
		way = append(way, dir)
	}
	return way
}

func exposure(path string, info fs.FileInfo, uid int) []Exposure {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	mode := info.Mode()
	// In a sticky directory, such as /tmp, only the owner replaces a file. The
	// mode of a link means nothing.
	guarded := mode.IsDir() && mode&fs.ModeSticky != 0 || mode&fs.ModeSymlink != 0
	quoted := shellQuote(path)
	switch {
	case mode.Perm()&0o002 != 0 && !guarded:
		return []Exposure{{path, fmt.Sprintf("may be changed by everybody (mode %04o)", mode.Perm()), "chmod o-w " + quoted, true}}
	case int(owner.Uid) != 0 && int(owner.Uid) != uid:
		return []Exposure{{path, fmt.Sprintf("belongs to another user (uid %d)", owner.Uid), "chown root " + quoted + ", or install the plugin elsewhere", false}}
	case mode.Perm()&0o020 != 0 && owner.Gid != 0 && !guarded:
		return []Exposure{{path, fmt.Sprintf("may be changed by its group (gid %d, mode %04o)", owner.Gid, mode.Perm()), "chmod g-w " + quoted, false}}
	}
	return nil
}
