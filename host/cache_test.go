//go:build linux

package host_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

// cached is a host with a cache, at a time at which every file has settled,
// and a plugin whose runs are counted.
type cached struct {
	*host.Host
	t    testing.TB
	dir  string // the plugin's; it is not the cache's
	step host.Step
	used int // answers that came from the cache
}

func newCached(t testing.TB) *cached {
	c := &cached{t: t, dir: t.TempDir()}
	c.step.Plugin = discovery.Plugin{Name: "zorb", Path: filepath.Join(c.dir, "pathvector-plugin-zorb")}
	c.Host = &host.Host{Runner: newRig(t).patient().Runner, Version: "1.0.0"}
	c.Cache = &host.DescribeCache{
		Dir:  filepath.Join(t.TempDir(), "pathvector-plugin", "describe"),
		Used: func(string) { c.used++ },
	}
	c.Cache.SetClock(func() time.Time { return time.Now().Add(time.Hour) })
	return c
}

// script is a plugin of the version, of which all versions from 10 to 99 have
// the same size. It notes its runs, and runs more after its answer.
func (c *cached) script(version int, more string) string {
	return fmt.Sprintf("#!/bin/sh\n"+`echo run >>%s/runs
echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"%d","protocols":[1]}}'
%s`, c.dir, version, more)
}

// write writes a file; one that exists gets a new time.
func (c *cached) write(path, content string) {
	c.tick(path)
	require.NoError(c.t, os.WriteFile(path, []byte(content), 0o700))
}

// tick waits until a change of the file shows in its times, for milliseconds
// at most: the file system's clock moves on in steps.
func (c *cached) tick(path string) {
	written, err := os.Stat(path)
	if err != nil {
		return
	}
	clock := filepath.Join(c.t.TempDir(), "clock")
	for {
		require.NoError(c.t, os.WriteFile(clock, []byte("x"), 0o600))
		now, err := os.Stat(clock)
		require.NoError(c.t, err)
		if changed(now).After(changed(written)) {
			return
		}
	}
}

func changed(info os.FileInfo) time.Time {
	ctime := info.Sys().(*syscall.Stat_t).Ctim
	return time.Unix(ctime.Unix())
}

func (c *cached) install(version int) { c.write(c.step.Plugin.Path, c.script(version, "")) }

// describe returns the version that the plugin is said to have.
func (c *cached) describe() string {
	d, err := c.Describe(context.Background(), c.step)
	require.NoError(c.t, err)
	return d.Version
}

func (c *cached) runs() int {
	runs, err := os.ReadFile(filepath.Join(c.dir, "runs"))
	if !os.IsNotExist(err) {
		require.NoError(c.t, err)
	}
	return strings.Count(string(runs), "run\n")
}

func (c *cached) lookup() (*host.Described, bool) { return c.Cache.Lookup(c.step.Plugin, c.Version) }

func (c *cached) entries() []string {
	found, err := filepath.Glob(filepath.Join(c.Cache.Dir, "*"))
	require.NoError(c.t, err)
	return found
}

// kept checks that the plugin is not asked again.
func (c *cached) kept(version string) {
	c.t.Helper()
	before := c.runs()
	assert.Equal(c.t, version, c.describe())
	assert.Equal(c.t, before, c.runs(), "the plugin was asked again")
}

// asked checks that the plugin is asked again.
func (c *cached) asked(version string) {
	c.t.Helper()
	before := c.runs()
	assert.Equal(c.t, version, c.describe())
	assert.Equal(c.t, before+1, c.runs(), "the plugin was not asked again")
}

// DSC-3, DSC-8
func TestAPluginIsAskedOnce(t *testing.T) {
	c := newCached(t)
	c.install(10)
	c.asked("10")
	for range 3 {
		c.kept("10")
	}
	assert.Equal(t, 3, c.used)
	d, ok := c.lookup()
	require.True(t, ok)
	assert.Equal(t, "10", d.Version)
	assert.Equal(t, 3, c.used, "a look-up is no use")
	assert.Equal(t, 1, c.runs())

	dir, err := os.Stat(c.Cache.Dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), dir.Mode().Perm())
	require.Len(t, c.entries(), 1)
	entry, err := os.Stat(c.entries()[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), entry.Mode().Perm())
}

func TestALookupRunsNothing(t *testing.T) {
	c := newCached(t)
	c.install(10)
	_, ok := c.lookup()
	assert.False(t, ok)
	assert.Zero(t, c.runs())
	assert.NoDirExists(t, c.Cache.Dir)
	_, ok = (*host.DescribeCache)(nil).Lookup(c.step.Plugin, c.Version)
	assert.False(t, ok)
}

// replacements change what the plugin answers from 10 to 20. That the answer
// is asked for again is what counts, in every case (DSC-8).
var replacements = []struct {
	name    string
	replace func(t *testing.T, c *cached)
}{
	{"in place", func(_ *testing.T, c *cached) { c.install(20) }},
	{"in place, with its old times", func(t *testing.T, c *cached) {
		before, err := os.Stat(c.step.Plugin.Path)
		require.NoError(t, err)
		c.install(20)
		require.NoError(t, os.Chtimes(c.step.Plugin.Path, before.ModTime(), before.ModTime()))
		after, err := os.Stat(c.step.Plugin.Path)
		require.NoError(t, err)
		assert.Equal(t, before.ModTime(), after.ModTime())
		assert.Equal(t, before.Size(), after.Size())
	}},
	{"by a rename, with its old times", func(t *testing.T, c *cached) {
		before, err := os.Stat(c.step.Plugin.Path)
		require.NoError(t, err)
		c.write(c.dir+"/new", c.script(20, ""))
		require.NoError(t, os.Chtimes(c.dir+"/new", before.ModTime(), before.ModTime()))
		require.NoError(t, os.Rename(c.dir+"/new", c.step.Plugin.Path))
	}},
	{"by a link in its place", func(t *testing.T, c *cached) {
		c.write(c.dir+"/new", c.script(20, ""))
		require.NoError(t, os.Remove(c.step.Plugin.Path))
		require.NoError(t, os.Symlink("new", c.step.Plugin.Path))
	}},
	{"removed and written again", func(t *testing.T, c *cached) {
		c.tick(c.step.Plugin.Path) // the new file may get the old one's inode
		require.NoError(t, os.Remove(c.step.Plugin.Path))
		c.install(20)
	}},
}

func TestAReplacedPluginIsAskedAgain(t *testing.T) {
	for _, r := range replacements {
		t.Run(r.name, func(t *testing.T) {
			c := newCached(t)
			c.install(10)
			c.asked("10")
			c.kept("10")
			r.replace(t, c)
			c.asked("20")
			c.kept("20")
			assert.Len(t, c.entries(), 1, "the old entry was replaced")
		})
	}
}

// Of links the file at their end counts, and where it is.
func TestALinkThatLeadsElsewhereIsAskedAgain(t *testing.T) {
	c := newCached(t)
	for _, v := range []int{10, 20} {
		require.NoError(t, os.Mkdir(fmt.Sprintf("%s/v%d", c.dir, v), 0o700))
		c.write(fmt.Sprintf("%s/v%d/plugin", c.dir, v), c.script(v, ""))
	}
	relink := func(target, link string) {
		require.NoError(t, os.Symlink(target, link+".new"))
		require.NoError(t, os.Rename(link+".new", link))
	}
	relink("v10", c.dir+"/current")
	relink(c.dir+"/current/plugin", c.step.Plugin.Path)
	c.asked("10")
	c.kept("10")
	relink("v20", c.dir+"/current") // a link on the way
	c.asked("20")
	c.kept("20")
	relink(c.dir+"/v10/plugin", c.step.Plugin.Path) // the last link
	c.asked("10")
	c.write(c.dir+"/v10/plugin", c.script(30, "")) // the file at the end
	c.asked("30")
	c.kept("30")

	// One file in two places may find two versions of a module beside it.
	require.NoError(t, os.Mkdir(c.dir+"/v11", 0o700))
	require.NoError(t, os.Link(c.dir+"/v10/plugin", c.dir+"/v11/plugin"))
	relink("v10", c.dir+"/current")
	relink(c.dir+"/current/plugin", c.step.Plugin.Path)
	c.asked("30")
	c.kept("30")
	relink("v11", c.dir+"/current")
	c.asked("30")
	c.kept("30")
}

// A file that changes within the resolution of its times looks the same, so
// that nothing is kept of one that is so young.
func TestAYoungFileIsAskedEachTime(t *testing.T) {
	c := newCached(t)
	c.install(10)
	info, err := os.Stat(c.step.Plugin.Path)
	require.NoError(t, err)
	age := host.Settling
	c.Cache.SetClock(func() time.Time { return info.ModTime().Add(age) })
	c.asked("10")
	c.asked("10")
	assert.Empty(t, c.entries())
	c.install(20) // within the same second
	c.asked("20")
	c.Cache.SetClock(func() time.Time { return time.Now().Add(age + time.Millisecond) })
	c.asked("20")
	c.kept("20")

	// What is kept outlives a clock that is set back; a file from the future
	// is young for long.
	c.Cache.SetClock(func() time.Time { return info.ModTime().Add(-time.Hour) })
	c.kept("20")
	c.install(30)
	c.asked("30")
	c.asked("30")
}

// What answered may not be what is there when the answer has come.
func TestAPluginThatIsReplacedDuringItsCallIsAskedAgain(t *testing.T) {
	c := newCached(t)
	c.write(c.dir+"/new", c.script(20, ""))
	c.write(c.step.Plugin.Path, c.script(10, "mv $0 $0.old; mv "+c.dir+"/new $0"))
	c.asked("10")
	assert.Empty(t, c.entries())
	c.asked("20")
	c.kept("20")
}

// A script that is rewritten and set back during its call is changed in a way
// that only Changed shows.
func TestAPluginThatIsTouchedDuringItsCallIsAskedAgain(t *testing.T) {
	c := newCached(t)
	c.write(c.step.Plugin.Path, c.script(10, "[ -e $0.once ] || { touch $0.once; touch -r $0 $0.time; touch $0; touch -r $0.time $0; }"))
	c.tick(c.step.Plugin.Path)
	c.asked("10")
	assert.Empty(t, c.entries())
	c.asked("10")
	c.kept("10")
}
