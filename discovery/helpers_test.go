package discovery_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
)

// write makes a file of the given mode, whatever the umask, and returns its
// path.
func write(t testing.TB, mode os.FileMode, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte("#!/bin/sh\n"), 0o600))
	require.NoError(t, os.Chmod(file, mode))
	return file
}

// places makes a searched place of each directory.
func places(dirs ...string) []discovery.Place {
	var all []discovery.Place
	for _, d := range dirs {
		all = append(all, discovery.Place{Dir: d, Origin: discovery.OriginPath})
	}
	return all
}

func skipped(inv *discovery.Inventory) []discovery.Place {
	return slices.DeleteFunc(inv.Places(), func(p discovery.Place) bool { return p.Skip == nil })
}

func hint(t *testing.T, err error) string {
	t.Helper()
	var h interface{ Hint() string }
	require.ErrorAs(t, err, &h)
	return h.Hint()
}
