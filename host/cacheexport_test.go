package host

import (
	"io/fs"
	"time"
)

// SetClock makes the cache's time, so that tests need not wait for files to
// settle.
func (c *DescribeCache) SetClock(clock func() time.Time) { c.clock = clock }

// GiveAway makes the cache take files of the name for another user's.
func (c *DescribeCache) GiveAway(name string) {
	c.owners = func(info fs.FileInfo) int {
		if info.Name() == name {
			return owner(info) + 1
		}
		return owner(info)
	}
}

// Settling is how long a file must have stayed the same.
const Settling = settling

// MaxEntries and MaxEntryBytes bound the cache.
const (
	MaxEntries    = maxEntries
	MaxEntryBytes = maxEntryBytes
)
