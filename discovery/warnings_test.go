package discovery

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Warnings are what Scan noticed, places first, with what to do.
func TestWarnings(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	put := func(dir, name string, mode os.FileMode) string {
		path := filepath.Join(dir, Prefix+name)
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"), mode))
		return path
	}
	used := put(first, "twice", 0o755)
	shadowed := put(second, "twice", 0o755)
	broken := put(second, "flat", 0o644)
	put(second, "fine", 0o755)
	file := put(second, "fine2", 0o755)
	gone := filepath.Join(first, "gone")

	places := []Place{newPlace(first, OriginPluginDir), newPlace(gone, OriginPluginDir), newPlace("rel", OriginPath), newPlace(second, OriginPath), newPlace(file, OriginPath)}
	assert.Equal(t, []Warning{
		{Path: gone, Problem: `a directory from plugin-dir is not searched for plugins: "` + gone + `" cannot be read: no such file or directory`, Advice: "mend it or remove the entry: ls -ld " + gone},
		{Path: "rel", Problem: `a directory from PATH is not searched for plugins: "rel" is not an absolute path: what it means depends on the working directory`, Advice: "write an absolute path, or remove the entry"},
		{Path: file, Problem: `a directory from PATH is not searched for plugins: "` + file + `" is not a directory`, Advice: "mend it or remove the entry: ls -ld " + file},
		{Plugin: "flat", Path: broken, Problem: broken + " is not executable", Advice: "chmod +x " + broken},
		{Plugin: "twice", Path: shadowed, Problem: shadowed + " is not used: " + used + " has the same name and is found first", Advice: "remove one of the two"},
	}, Scan(places).Warnings())
	assert.Empty(t, Scan(places[:1]).Warnings())

	denied := Place{Dir: "/a", Skip: os.ErrPermission}
	assert.Equal(t, "let this user read it: namei -l /a", denied.advice())
}

// Whatever leads to the file counts: itself, what it links to, and the
// directories above both.
func TestExposed(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	bin, lib := filepath.Join(base, "bin"), filepath.Join(base, "lib")
	require.NoError(t, os.Mkdir(bin, 0o700))
	require.NoError(t, os.Mkdir(lib, 0o700))
	target, link := filepath.Join(lib, "tool"), filepath.Join(bin, "tool")
	require.NoError(t, os.WriteFile(target, nil, 0o700))
	require.NoError(t, os.Symlink(target, link))

	// found leaves out what lies above base, which is not the test's.
	found := func(uid int) map[string]Exposure {
		all := map[string]Exposure{}
		for _, e := range Exposed(link, uid) {
			if rel, err := filepath.Rel(base, e.Path); err == nil && filepath.IsLocal(rel) {
				all[e.Path] = e
			}
		}
		return all
	}
	mode := func(path string, mode os.FileMode) { require.NoError(t, os.Chmod(path, mode)) }
	self := os.Getuid()
	assert.Empty(t, found(self))

	mode(target, 0o777)
	mode(lib, 0o777)
	assert.Equal(t, map[string]Exposure{
		target: {target, "may be changed by everybody (mode 0777)", "chmod o-w " + target, true},
		lib:    {lib, "may be changed by everybody (mode 0777)", "chmod o-w " + lib, true},
	}, found(self))
	mode(target, 0o700)
	mode(lib, 0o777|os.ModeSticky)
	assert.Empty(t, found(self), "in a sticky directory only the owner can")
	mode(lib, 0o700)

	if self == 0 {
		require.NoError(t, os.Chown(target, 0, 12345))
		mode(target, 0o770)
		assert.Equal(t, map[string]Exposure{
			target: {target, "may be changed by its group (gid 12345, mode 0770)", "chmod g-w " + target, false},
		}, found(self))
		require.NoError(t, os.Chown(target, 0, 0))
		assert.Empty(t, found(self), "root's own group")
		require.NoError(t, os.Lchown(link, 12345, 0))
		assert.Equal(t, map[string]Exposure{
			link: {link, "belongs to another user (uid 12345)", "chown root " + link + ", or install the plugin elsewhere", false},
		}, found(self))
	} else {
		assert.Contains(t, found(self+1), target, "another user's")
	}
}
