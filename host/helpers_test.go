//go:build linux

package host_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

const patience = 3 * time.Minute // more than any call takes that does not hang

// shell writes a plugin in sh, named as no English word is, so that tests can
// count how often an error names it.
func shell(t testing.TB, script string) host.Program {
	t.Helper()
	return file(t, "#!/bin/sh\n"+script, 0o755)
}

func file(t testing.TB, content string, mode os.FileMode) host.Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pathvector-plugin-zorb")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	require.NoError(t, os.Chmod(path, mode))
	return host.Program{Name: "zorb", Path: path, Env: []string{mark}}
}

// self is the test binary as a plugin. With the race detector it would take a
// second to exit.
func self(mode string) (host.Program, []string) {
	p := host.Program{Name: "zorb", Path: os.Args[0], Env: []string{mark, modeVariable, "GORACE"}}
	return p, []string{modeVariable + "=" + mode, "GORACE=atexit_sleep_ms=0"}
}

// rig is a Runner that remembers what it showed, and that can tell what is
// left of the plugins that it ran.
type rig struct {
	*host.Runner
	mark  string
	mu    sync.Mutex
	lines []string
}

func newRig(t testing.TB, environ ...string) *rig {
	r := &rig{mark: fmt.Sprintf("%s=%s-%d", mark, strings.ReplaceAll(t.Name(), " ", "_"), time.Now().UnixNano())}
	r.Runner = &host.Runner{
		Timeout: patience,
		Environ: append([]string{"PATH=" + os.Getenv("PATH"), r.mark}, environ...),
		Stderr: func(plugin, line string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.lines = append(r.lines, plugin+": "+line)
		},
	}
	return r
}

// patient gives plugins that exit by themselves all the time they need.
func (r *rig) patient() *rig {
	r.SetGraces(patience, patience)
	return r
}

// shown returns what has been shown so far.
func (r *rig) shown() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}

// call fails the test when the call hangs.
func (r *rig) call(t testing.TB, p host.Program, params string) (*host.Answer, error) {
	t.Helper()
	start := time.Now()
	answer, err := r.Call(context.Background(), p, host.Request{Method: "describe", Params: []byte(params)})
	require.Less(t, time.Since(start), patience)
	return answer, err
}

// nothingLeft checks that no process that the rig started still runs.
func (r *rig) nothingLeft(t testing.TB) {
	t.Helper()
	assert.Eventually(t, func() bool { return len(r.left()) == 0 }, patience, 5*time.Millisecond, "left: %v", r.left())
}

// left lists processes with the rig's mark. A zombie, which waits for whoever
// adopted it, has no environment.
func (r *rig) left() []string {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	var left []string
	for _, file := range environments {
		if b, err := os.ReadFile(file); err == nil && bytes.Contains(b, []byte(r.mark)) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			left = append(left, fmt.Sprintf("%s %q", filepath.Dir(file), command))
		}
	}
	return left
}

// openFiles counts this process's open files.
func openFiles(t testing.TB) int {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(names)
}
