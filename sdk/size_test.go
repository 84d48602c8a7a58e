package sdk_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A plugin stays small: nothing heavy may get into the SDK's imports.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	binary := filepath.Join(t.TempDir(), "hello")
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", binary, "./testdata/hello")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	info, err := os.Stat(binary)
	require.NoError(t, err)
	t.Logf("hello plugin, stripped: %d bytes", info.Size())
	assert.Less(t, info.Size(), int64(3_500_000))
}
