package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// MOD-1, MOD-10: a dry run makes no directory, and is given the one that an
// earlier run made.
func TestStateDir(t *testing.T) {
	base := filepath.Join(t.TempDir(), "state")
	dir := filepath.Join(base, "zorb")
	h := &Host{StateDir: base, DryRun: true}
	assert.Empty(t, h.stateDir("zorb"))
	assert.NoDirExists(t, base)

	h.DryRun = false
	assert.Equal(t, dir, h.stateDir("zorb"))
	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	h.DryRun = true
	assert.Equal(t, dir, h.stateDir("zorb"))
}

func TestNoStateDir(t *testing.T) {
	base := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(base, "zorb"), nil, 0o600))
	assert.Empty(t, (&Host{StateDir: base}).stateDir("zorb"), "a file is in the way")
	assert.Empty(t, (&Host{}).stateDir("zorb"))
	assert.Empty(t, (&Host{StateDir: "state"}).stateDir("zorb"), "not absolute")
	assert.NoFileExists(t, "state")
}

// MOD-1: a configuration that is no file has no path; relative paths start from
// somewhere nevertheless.
func TestContextNamesTheConfiguration(t *testing.T) {
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	h := &Host{Runner: &Runner{}}
	for file, want := range map[string][2]string{
		"":                    {"", here},
		"edge.yml":            {filepath.Join(here, "edge.yml"), here},
		"../edge.yml":         {filepath.Join(filepath.Dir(here), "edge.yml"), filepath.Dir(here)},
		"/etc/pathvector.yml": {"/etc/pathvector.yml", "/etc"},
	} {
		c := h.context(file, Step{})
		assert.Equal(t, want, [2]string{c.ConfigFile, c.ConfigDir}, file)
	}
}
