package host

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func snapshotOf(t *testing.T, path, version string) (head string) {
	t.Helper()
	s, err := takeSnapshot(path, version, time.Now())
	require.NoError(t, err)
	return string(s.head)
}

// A link that was led elsewhere and back during a call is another link.
func TestSnapshotsDiffer(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(file, []byte("1"), 0o700))
	require.NoError(t, os.Symlink(file, link))
	before := snapshotOf(t, link, "1.0.0")
	assert.Equal(t, before, snapshotOf(t, link, "1.0.0"))
	assert.NotEqual(t, before, snapshotOf(t, file, "1.0.0"))
	assert.NotEqual(t, before, snapshotOf(t, link, "1.0.1"))

	require.NoError(t, os.Symlink(file, link+".new"))
	require.NoError(t, os.Rename(link+".new", link))
	assert.NotEqual(t, before, snapshotOf(t, link, "1.0.0"))
	require.NoError(t, os.Remove(file))
	_, err := takeSnapshot(link, "1.0.0", time.Now())
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// Builds of one version are different hosts.
func TestASnapshotKnowsTheHostsFile(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	var head snapshotHead
	require.NoError(t, json.Unmarshal([]byte(snapshotOf(t, self, "")), &head))
	state, err := stateOf(unix.Stat, self)
	require.NoError(t, err)
	assert.Equal(t, state, head.HostFile)
	assert.Equal(t, state, head.File)
	info, err := os.Stat(self)
	require.NoError(t, err)
	assert.Equal(t, info.Size(), state.Size)
	assert.True(t, info.ModTime().Equal(state.Modified))
}
