package discovery

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAt(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "pathvector-plugin-zorb")
	inner := filepath.Join(folder, "pathvector-plugin-zorb")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(inner, []byte("#!/bin/sh\n"), 0o755))
	odd := filepath.Join(dir, "Odd.sh")
	require.NoError(t, os.WriteFile(odd, nil, 0o644))

	for _, path := range []string{folder, inner} {
		p := At(path)
		assert.NoError(t, p.Err)
		assert.Equal(t, "zorb", p.Name)
		assert.Equal(t, inner, p.Path)
		assert.Equal(t, folder, p.Place.Dir)
	}
	p := At(odd)
	assert.Equal(t, "Odd.sh", p.Name)
	assert.EqualError(t, p.Err, "is not executable")
	assert.EqualError(t, At(filepath.Join(dir, "none")).Err, "does not exist")
}
