package discovery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
)

// NAM-1: the file's name, or the directory's and that of the executable in
// it, makes a plugin.
func TestScanFindsPlugins(t *testing.T) {
	dir := t.TempDir()
	drain := write(t, 0o755, dir, "pathvector-plugin-drain")
	site := write(t, 0o700, dir, "pathvector-plugin-site-2", "pathvector-plugin-site-2")
	write(t, 0o755, dir, "pathvector")
	write(t, 0o755, dir, "pathvector-plugin")
	write(t, 0o755, dir, "Pathvector-plugin-other")

	inv := discovery.Scan(places(dir))
	got := inv.Plugins()
	require.Len(t, got, 2)
	assert.Equal(t, discovery.Plugin{Name: "drain", Path: drain, Place: places(dir)[0]}, got[0])
	assert.Equal(t, discovery.Plugin{Name: "site-2", Path: site, Place: places(dir)[0]}, got[1])
	assert.Empty(t, skipped(inv))

	found, err := inv.Find("drain")
	require.NoError(t, err)
	assert.Equal(t, got[0], found)
}

func TestBrokenCandidatesHaveReasonAndAdvice(t *testing.T) {
	const file = "pathvector-plugin-x"
	cases := []struct {
		name         string
		make         func(t *testing.T, dir string)
		reason, hint string
	}{
		{"no execute bit", func(t *testing.T, dir string) { write(t, 0o644, dir, file) }, "is not executable", "chmod +x DIR/" + file},
		{"empty directory", func(t *testing.T, dir string) { require.NoError(t, os.Mkdir(filepath.Join(dir, file), 0o755)) }, `is a directory that holds no executable "pathvector-plugin-x"`, "put the plugin at DIR/" + file + "/" + file},
		{"directory with a plain file", func(t *testing.T, dir string) { write(t, 0o644, dir, file, file) }, "is not executable", "chmod +x DIR/" + file + "/" + file},
		{"directory in a directory", func(t *testing.T, dir string) {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, file, file), 0o755))
		}, "is a directory", "expected at DIR/" + file + "/" + file},
		{"dangling link", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink("/no/such", filepath.Join(dir, file)))
		}, `is a link to "/no/such", which does not exist`, "ls -l DIR/" + file},
		{"dangling link in a directory", func(t *testing.T, dir string) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, file), 0o755))
			require.NoError(t, os.Symlink("/no/such", filepath.Join(dir, file, file)))
		}, "does not exist", "remove the link"},
		{"link to itself", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink(file, filepath.Join(dir, file)))
		}, "leads back to itself", "remove the link"},
		{"link through a file", func(t *testing.T, dir string) {
			write(t, 0o644, dir, "plain")
			require.NoError(t, os.Symlink("plain/x", filepath.Join(dir, file)))
		}, "not a directory", "ls -l DIR/" + file},
		{"named pipe", func(t *testing.T, dir string) {
			require.NoError(t, syscall.Mkfifo(filepath.Join(dir, file), 0o755))
		}, "is a named pipe, not a regular file", "remove DIR/" + file},
		{"device", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink("/dev/null", filepath.Join(dir, file)))
		}, "is a device, not a regular file", "remove DIR/" + file},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.make(t, dir)
			got := discovery.Scan(places(dir)).Plugins()
			require.Len(t, got, 1)
			assert.Equal(t, "x", got[0].Name)
			require.ErrorContains(t, got[0].Err, c.reason)
			assert.Contains(t, hint(t, got[0].Err), strings.ReplaceAll(c.hint, "DIR", dir))
			assert.Empty(t, got[0].ShadowedBy)
		})
	}
}

// NAM-1, NAM-2: names outside the grammar are no plugins, but are shown.
func TestBadNamesAreBroken(t *testing.T) {
	cases := map[string]string{
		"Drain": "drain", "my_tool": "my-tool", "drain.sh": "drain", "My_Tool.py": "my-tool",
		"a--b": "a-b", "-a": "a", "a-": "a", "a b": "a-b", "": "", "é": "", "a\nb": "",
	}
	for name, better := range cases {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			dir := t.TempDir()
			write(t, 0o755, dir, discovery.Prefix+name)
			inv := discovery.Scan(places(dir))
			got := inv.Plugins()
			require.Len(t, got, 1)
			assert.Equal(t, name, got[0].Name)
			require.ErrorContains(t, got[0].Err, fmt.Sprintf("has the name %q", name))
			assert.Contains(t, hint(t, got[0].Err), "rename it")
			assert.Equal(t, better != "", strings.Contains(hint(t, got[0].Err), "mv "))
			if better != "" {
				assert.True(t, strings.HasSuffix(hint(t, got[0].Err), discovery.Prefix+better), hint(t, got[0].Err))
			}
			_, err := inv.Find(name)
			assert.Error(t, err)
		})
	}
}

func TestAnEarlierPluginShadowsALaterOne(t *testing.T) {
	one, two, three := t.TempDir(), t.TempDir(), t.TempDir()
	broken := write(t, 0o644, one, "pathvector-plugin-x")
	used := write(t, 0o755, two, "pathvector-plugin-x")
	shadowed := write(t, 0o755, three, "pathvector-plugin-x")

	inv := discovery.Scan(places(one, two, three))
	got := inv.Plugins()
	require.Len(t, got, 3)
	assert.Equal(t, used, got[0].Path)
	assert.Empty(t, got[0].ShadowedBy)
	assert.Equal(t, broken, got[1].Path)
	assert.Error(t, got[1].Err)
	assert.Equal(t, used, got[1].ShadowedBy)
	assert.Equal(t, shadowed, got[2].Path)
	assert.NoError(t, got[2].Err)
	assert.Equal(t, used, got[2].ShadowedBy)

	found, err := inv.Find("x")
	require.NoError(t, err)
	assert.Equal(t, used, found.Path)
}

func TestOneFileReachedTwiceIsListedOnce(t *testing.T) {
	usr := t.TempDir()
	write(t, 0o755, usr, "pathvector-plugin-x")
	require.NoError(t, os.Symlink("/no/such", filepath.Join(usr, "pathvector-plugin-y")))
	root := t.TempDir()
	bin := filepath.Join(root, "bin")
	require.NoError(t, os.Symlink(usr, bin))
	links := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(usr, "pathvector-plugin-x"), filepath.Join(links, "pathvector-plugin-x")))

	got := discovery.Scan(places(usr, bin, usr, links)).Plugins()
	require.Len(t, got, 2)
	assert.Equal(t, filepath.Join(usr, "pathvector-plugin-x"), got[0].Path)
	assert.Equal(t, "y", got[1].Name)
}

// Two names may lead to one program, which tells them apart by its name.
func TestOneFileWithTwoNamesIsTwoPlugins(t *testing.T) {
	dir := t.TempDir()
	write(t, 0o755, dir, "pathvector-plugin-a")
	require.NoError(t, os.Symlink("pathvector-plugin-a", filepath.Join(dir, "pathvector-plugin-b")))
	assert.Len(t, discovery.Scan(places(dir)).Plugins(), 2)
}

func TestPlacesThatCannotBeSearched(t *testing.T) {
	dir := t.TempDir()
	file := write(t, 0o644, dir, "file")
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o644)) // opening it would block
	missing := filepath.Join(dir, "missing")
	in := places(missing, file, pipe, dir)
	in = append(in, discovery.Place{Dir: missing, Origin: discovery.OriginPluginDir})

	got := skipped(discovery.Scan(in))
	require.Len(t, got, 3)
	assert.EqualError(t, got[0].Skip, fmt.Sprintf("%q is not a directory", file))
	assert.EqualError(t, got[1].Skip, fmt.Sprintf("%q is not a directory", pipe))
	assert.EqualError(t, got[2].Skip, fmt.Sprintf("%q cannot be read: no such file or directory", missing))
	assert.NoError(t, in[1].Skip, "the caller's slice is left alone")
}

func TestNothingToSearch(t *testing.T) {
	inv := discovery.Scan(nil)
	assert.Empty(t, inv.Plugins())
	_, err := inv.Find("x")
	assert.ErrorContains(t, err, "searched: no directory")
}
