//go:build linux

// Package faults is a test: a plugin that does everything wrong that a plugin
// can do, run through the command line in both modes, and the documentation of
// what comes of it.
package faults

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain makes the test binary the plugin, and the process that runs a cell.
func TestMain(m *testing.M) {
	switch {
	case strings.HasPrefix(filepath.Base(os.Args[0]), pluginPrefix) && len(os.Args) == 2:
		os.Exit(runPlugin(os.Args[1]))
	case os.Getenv(cellVariable) != "":
		os.Exit(runCell())
	}
	// Most cells wait for a deadline.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
