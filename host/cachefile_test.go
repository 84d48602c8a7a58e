//go:build linux

package host_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// warm is a cache that holds the plugin's answer.
func warm(t testing.TB) *cached {
	c := newCached(t)
	c.install(10)
	c.asked("10")
	c.kept("10")
	return c
}

// An entry that is damaged anywhere is none, and is replaced.
func TestADamagedEntryIsReplaced(t *testing.T) {
	c := warm(t)
	file := c.entries()[0]
	sound, err := os.ReadFile(file)
	require.NoError(t, err)
	damage := func(what string, content []byte) {
		require.NoError(t, os.WriteFile(file, content, 0o600))
		_, ok := c.lookup()
		assert.False(t, ok, "%s", what)
	}
	for i := range sound {
		damage(fmt.Sprintf("cut to %d bytes", i), sound[:i])
		changed := slices.Clone(sound)
		changed[i] ^= 1
		damage(fmt.Sprintf("byte %d changed", i), changed)
	}
	damage("longer", append(slices.Clone(sound), '\n'))
	damage("zeros", make([]byte, len(sound)))
	damage("too long", append(slices.Clone(sound), make([]byte, host.MaxEntryBytes)...))
	c.asked("10")
	c.kept("10")
	restored, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(sound), string(restored))
}

// What stands in an entry's place and is no file of this user alone is not
// opened for long, not believed, and replaced where that can be done.
func TestWhatIsNoFileIsNotRead(t *testing.T) {
	for name, put := range map[string]func(file, away string) error{
		"a link to the very entry": func(file, away string) error { return os.Symlink(away, file) },
		"a pipe":                   func(file, _ string) error { return syscall.Mkfifo(file, 0o600) },
		"writable by the group":    func(file, away string) error { return copyFile(file, away, 0o620) },
		"writable by others":       func(file, away string) error { return copyFile(file, away, 0o602) },
	} {
		t.Run(name, func(t *testing.T) {
			c := warm(t)
			file, away := c.entries()[0], filepath.Join(c.dir, "away")
			require.NoError(t, os.Rename(file, away))
			require.NoError(t, put(file, away))
			c.asked("10")
			c.kept("10")
		})
	}
	c := warm(t)
	require.NoError(t, os.Remove(c.entries()[0]))
	require.NoError(t, os.Mkdir(filepath.Join(c.Cache.Dir, "x"), 0o700))
	c.asked("10")
	c.kept("10")
}

func copyFile(to, from string, mode os.FileMode) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, content, mode); err != nil {
		return err
	}
	return os.Chmod(to, mode) // whatever the umask
}

// Nobody else may decide what a plugin may do: neither the entry, nor the
// directory, nor the way to it may be another user's.
func TestAnotherUsersCacheIsNotUsed(t *testing.T) {
	places := map[string]func(c *cached) string{
		"the entry":         func(c *cached) string { return c.entries()[0] },
		"the directory":     func(c *cached) string { return c.Cache.Dir },
		"the one above":     func(c *cached) string { return filepath.Dir(c.Cache.Dir) },
		"the one above all": func(c *cached) string { return filepath.Dir(filepath.Dir(c.Cache.Dir)) },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			c := warm(t)
			c.Cache.GiveAway(filepath.Base(place(c)))
			c.asked("10")
			c.asked("10")
		})
		if os.Geteuid() == 0 { // the same, with real owners
			t.Run(name+" really", func(t *testing.T) {
				c := warm(t)
				require.NoError(t, os.Lchown(place(c), 4321, -1))
				_, ok := c.lookup()
				assert.False(t, ok)
			})
		}
	}
}

func TestACacheThatOthersMayWriteIsNotUsed(t *testing.T) {
	for _, mode := range []os.FileMode{0o720, 0o702} {
		c := warm(t)
		require.NoError(t, os.Chmod(c.Cache.Dir, mode))
		c.asked("10")
		c.asked("10")
		require.NoError(t, os.Chmod(c.Cache.Dir, 0o755))
		c.kept("10")
	}
}

// With sudo the home may be another user's: nothing is made in there.
func TestNothingIsMadeInAnotherUsersHome(t *testing.T) {
	c := newCached(t)
	c.install(10)
	home := filepath.Dir(filepath.Dir(c.Cache.Dir))
	c.Cache.GiveAway(filepath.Base(home))
	c.asked("10")
	made, err := os.ReadDir(home)
	require.NoError(t, err)
	assert.Empty(t, made)
}

// A link that another user made could lead anywhere.
func TestAnotherUsersLinkIsNotFollowed(t *testing.T) {
	c := newCached(t)
	c.install(10)
	real := t.TempDir()
	require.NoError(t, os.Chmod(real, 0o700))
	require.NoError(t, os.Mkdir(filepath.Dir(c.Cache.Dir), 0o700))
	require.NoError(t, os.Symlink(real, c.Cache.Dir))
	c.asked("10")
	c.kept("10") // it is this user's own
	c.Cache.GiveAway(filepath.Base(c.Cache.Dir))
	c.asked("10")
	c.asked("10")
}

func TestWithoutAPlaceThereIsNoCache(t *testing.T) {
	c := newCached(t)
	c.install(10)
	for _, dir := range []string{"", "relative", "/proc/none/describe", c.step.Plugin.Path, c.step.Plugin.Path + "/describe", "/dev/null"} {
		c.Cache.Dir = dir
		c.asked("10")
		c.asked("10")
	}
	assert.NoDirExists(t, "relative")
	c.Cache = nil
	c.asked("10")
	c.asked("10")
}

// An answer from another version of the host may mean something else to it.
func TestAnotherVersionOfTheHostAsks(t *testing.T) {
	c := warm(t)
	c.Version = "1.0.1"
	c.asked("10")
	c.kept("10")
	c.Version = "1.0.0"
	c.asked("10")
	assert.Len(t, c.entries(), 1)
}

func TestTheCacheIsBounded(t *testing.T) {
	c := warm(t)
	old := time.Now().Add(-time.Hour)
	for i := range host.MaxEntries + 10 {
		name := filepath.Join(c.Cache.Dir, fmt.Sprintf("of-a-plugin-that-is-gone-%d", i))
		require.NoError(t, os.WriteFile(name, nil, 0o600))
		require.NoError(t, os.Chtimes(name, old, old))
	}
	c.kept("10")
	c.install(20)
	c.asked("20")
	assert.Len(t, c.entries(), host.MaxEntries)
	c.kept("20")

	// Longer answers than this are asked for each time.
	long := c.script(10, "")
	long = strings.Replace(long, `"version"`, `"description":"`+strings.Repeat("x", host.MaxEntryBytes)+`","version"`, 1)
	c.write(c.step.Plugin.Path, long)
	c.asked("10")
	c.asked("10")
	for _, entry := range c.entries() {
		info, err := os.Stat(entry)
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), int64(host.MaxEntryBytes))
	}
}

// Many hosts at once, and a plugin that is replaced all the while: nobody sees
// half a file, and nobody gets the answer of a file that is gone when the
// question is asked.
func TestManyHostsAtOnce(t *testing.T) {
	c := newCached(t)
	c.install(10)
	var hosts []*exec.Cmd
	for range 3 {
		cmd := exec.Command(os.Args[0], c.step.Plugin.Path, c.Cache.Dir)
		cmd.Env = append(os.Environ(), modeVariable+"=describing", "GORACE=atexit_sleep_ms=0")
		cmd.WaitDelay, cmd.Stderr = patience, os.Stderr
		require.NoError(t, cmd.Start())
		hosts = append(hosts, cmd)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { describeOften(t, c.Runner, c.step.Plugin.Path, c.Cache.Dir) })
	}
	for version := 11; version < 30; version++ {
		c.write(fmt.Sprint(c.dir, "/", version), c.script(version, ""))
		require.NoError(t, os.Symlink(fmt.Sprint(version), c.dir+"/new"))
		require.NoError(t, os.Rename(c.dir+"/new", c.step.Plugin.Path))
		assert.Equal(t, fmt.Sprint(version), c.describe())
	}
	wg.Wait()
	for _, cmd := range hosts {
		assert.NoError(t, cmd.Wait())
	}
	c.describe()
	c.kept("29")
	assert.Len(t, c.entries(), 1, "no half-written file is left")
}
