package discovery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
)

// BenchmarkScan searches a PATH of ten directories with 10,000 other files
// and ten plugins in all.
func BenchmarkScan(b *testing.B) {
	root := b.TempDir()
	var dirs []string
	for d := range 10 {
		dir := filepath.Join(root, fmt.Sprint(d))
		dirs = append(dirs, dir)
		write(b, 0o755, dir, fmt.Sprintf("%sx%d", discovery.Prefix, d))
		for f := range 1000 {
			require.NoError(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("program-%d", f)), nil, 0o755))
		}
	}
	for b.Loop() {
		if n := len(discovery.Scan(places(dirs...)).Plugins()); n != 10 {
			b.Fatalf("found %d plugins", n)
		}
	}
}
