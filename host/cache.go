package host

import (
	"bytes"
	"io/fs"
	"os"
	"time"

	"github.com/natesales/pathvector-plugin/discovery"
)

// DescribeCache keeps what plugins answer to describe, so that a plugin is
// asked once for as long as its file stays the same (DSC-3, DSC-8). It may be
// used by several goroutines and processes at once. When something is wrong
// with it, plugins are asked as if there were none.
//
// It sees when the file that is run changes, in place or by links that lead to
// it. It cannot see when something else changes the answer: an interpreter, an
// imported module, or what a wrapper runs. Then Refresh helps, or to touch the
// plugin's file.
type DescribeCache struct {
	// Dir is an absolute path of a directory that is the cache's alone. It is
	// made when it is needed. It is not used when it, or what is in it, could
	// have been written by another user: what a plugin may do depends on it.
	Dir string
	// Refresh asks every plugin, and keeps what it answers from then on.
	Refresh bool
	// Used is called with the name of each plugin that was not asked because
	// its answer was here. Several calls at once may call it at once. Nil is
	// not called.
	Used func(plugin string)

	clock  func() time.Time      // set by tests only
	owners func(fs.FileInfo) int // set by tests only
}

// settling is how long a file must have stayed the same before an answer is
// kept. Files change within the resolution of their times, two seconds at the
// worst, and a change within it could not be seen later.
const settling = 3 * time.Second

// Lookup returns what the plugin answered before, if it still counts. It runs
// nothing and changes nothing. The nil cache has no answers.
func (c *DescribeCache) Lookup(p discovery.Plugin, hostVersion string) (*Described, bool) {
	now := c.look(p, hostVersion)
	if now == nil {
		return nil, false
	}
	result, err := c.read(now)
	if err != nil {
		return nil, false
	}
	d, err := readDescribe(p, result)
	return d, err == nil
}

// look takes a snapshot of the plugin's file; nil means that nothing can be
// kept for it.
func (c *DescribeCache) look(p discovery.Plugin, hostVersion string) *snapshot {
	if c == nil {
		return nil
	}
	now := time.Now
	if c.clock != nil {
		now = c.clock
	}
	s, err := takeSnapshot(p.Path, hostVersion, now())
	if err != nil {
		return nil
	}
	return s
}

// keep stores the result of a call that was made after the snapshot. It does
// so only if the plugin's file was settled then and is still the same: else
// another file may have answered than the one that is there now.
func (c *DescribeCache) keep(p discovery.Plugin, hostVersion string, before *snapshot, result []byte) {
	after := c.look(p, hostVersion)
	if before == nil || after == nil || !before.settled() || !bytes.Equal(before.head, after.head) {
		return
	}
	_ = c.write(before, result) // what is not kept is asked for again
}

// forget removes what is kept of the plugin.
func (c *DescribeCache) forget(p discovery.Plugin) {
	if file, err := c.file(p.Path); err == nil {
		_ = os.Remove(file)
	}
}

// known returns what the plugin answered before. A trace shows every call, so
// with one the plugin is asked.
func (h *Host) known(p discovery.Plugin) (*Described, bool) {
	c := h.Cache
	if c == nil {
		return nil, false
	}
	if c.Refresh || h.Runner.Trace != nil {
		c.forget(p) // what the plugin says now may be nothing to keep
		return nil, false
	}
	return c.Lookup(p, h.Version)
}

// used tells that the plugin was not asked.
func (h *Host) used(d *Described) {
	if d.cached && h.Cache.Used != nil {
		h.Cache.Used(d.Name)
	}
}
