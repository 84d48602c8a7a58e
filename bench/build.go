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

// build builds all into dir, stripped.
func build(dir string) (binaries, error) {
	if _, err := os.Stat(filepath.Join("plugins", binaryDecode)); err != nil {
		return binaries{}, fmt.Errorf("expected to run in the folder bench, as `go run -C bench .` does: %w", err)
	}
	for _, b := range []struct{ dir, packages string }{{".", "./plugins/..."}, {".", "./programs/..."}, {"..", "."}} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", dir+"/", b.packages)
		cmd.Dir = b.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return binaries{}, fmt.Errorf("cannot build the programs to measure: %w\n%s", err, out)
		}
	}
	return binaries{dir}, nil
}
