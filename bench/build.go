package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The binaries, which are named like their packages.
const (
	binaryHost   = "pathvector-plugin"
	binaryNoop   = "pathvector-plugin-noop"
	binaryDecode = "pathvector-plugin-decode"
	binarySmall  = "pathvector-plugin-small"
	binaryGRPC   = "grpc"
	binaryNetRPC = "netrpc"
	binaryLine   = "line"
	binaryParse  = "parse"
	binaryPeak   = "peak"
)

// binaries are the programs that are measured, all built in the same way.
type binaries struct{ dir string }

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// build builds all, stripped.
func (b binaries) build() error {
	if _, err := os.Stat(filepath.Join("plugins", binaryDecode)); err != nil {
		return fmt.Errorf("expected to run in the folder bench, as `go run -C bench .` does: %w", err)
	}
	for _, part := range []struct{ dir, packages string }{{".", "./plugins/..."}, {".", "./programs/..."}, {"..", "."}} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.dir+"/", part.packages)
		cmd.Dir = part.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("cannot build the programs to measure: %w\n%s", err, out)
		}
	}
	return nil
}
