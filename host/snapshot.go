package host

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/natesales/pathvector-plugin/protocol"
)

// snapshot is the state of a plugin's file at a time, as one host sees it.
type snapshot struct {
	path    string
	head    []byte    // JSON in one line; two that are equal mean the same file and host
	changed time.Time // the last change of the file or of its name
	taken   time.Time // just before it was looked at
}

// snapshotHead is what tells one state from another. That the file is the same
// is not enough: one that is linked to two places may find other modules
// beside it.
type snapshotHead struct {
	Format   int       `json:"format"` // of the cache's files
	Host     string    `json:"host"`   // its version
	HostFile fileState `json:"hostFile"`
	Path     string    `json:"path"`
	Target   string    `json:"target"` // where the links in path lead
	Link     fileState `json:"link"`   // path itself
	File     fileState `json:"file"`
}

// fileState changes with the file. Programs can set Modified back, but not
// Changed.
type fileState struct {
	Device   uint64    `json:"device"`
	Inode    uint64    `json:"inode"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	Changed  time.Time `json:"changed"`
}

// hostFile tells builds of one version apart, such as those during
// development. It is the zero state where the system does not tell.
var hostFile = sync.OnceValue(func() fileState {
	path, err := os.Executable()
	if err != nil {
		return fileState{}
	}
	state, _ := stateOf(unix.Stat, path)
	return state
})

func takeSnapshot(path, hostVersion string, now time.Time) (*snapshot, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	head := snapshotHead{Format: 1, Host: hostVersion, HostFile: hostFile(), Path: path, Target: target}
	if head.Link, err = stateOf(unix.Lstat, path); err != nil {
		return nil, err
	}
	if head.File, err = stateOf(unix.Stat, path); err != nil {
		return nil, err
	}
	s := &snapshot{path: path, taken: now}
	for _, t := range []time.Time{head.Link.Modified, head.Link.Changed, head.File.Modified, head.File.Changed} {
		if t.After(s.changed) {
			s.changed = t
		}
	}
	s.head, err = protocol.EncodeParams(head)
	return s, err
}

// stateOf returns what stat says of the file.
func stateOf(stat func(string, *unix.Stat_t) error, path string) (fileState, error) {
	var s unix.Stat_t
	if err := stat(path, &s); err != nil {
		return fileState{}, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return fileState{
		Device: uint64(s.Dev), Inode: s.Ino, Size: s.Size,
		Modified: time.Unix(s.Mtim.Unix()).UTC(), Changed: time.Unix(s.Ctim.Unix()).UTC(),
	}, nil
}

// settled reports whether a later change of the file must show in its times.
func (s *snapshot) settled() bool { return s.changed.Add(settling).Before(s.taken) }
