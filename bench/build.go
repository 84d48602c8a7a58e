package main

import (
	"errors"
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
	root, err := moduleRoot()
	if err != nil {
		return binaries{}, err
	}
	for _, b := range []struct{ dir, packages string }{{root, "./plugins/..."}, {root, "./programs/..."}, {filepath.Dir(root), "."}} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", dir+"/", b.packages)
		cmd.Dir = b.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return binaries{}, fmt.Errorf("cannot build the programs to measure: %w\n%s", err, out)
		}
	}
	return binaries{dir}, nil
}

// moduleRoot is the folder of this module: the working directory, or bench in
// it.
func moduleRoot() (string, error) {
	for _, dir := range []string{".", "bench"} {
		if _, err := os.Stat(filepath.Join(dir, "plugins", binaryDecode)); err == nil {
			return filepath.Abs(dir)
		}
	}
	return "", errors.New("expected to run in the folder bench, as `go run -C bench .` does in the project")
}
