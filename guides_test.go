package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGuides does what the guides in docs tell a reader to do, each in an empty
// directory with an empty home and without a network: it saves the blocks with
// file=NAME, runs the commands in order, and compares what they print.
func TestGuides(t *testing.T) {
	needs(t, "bash", "jq", "python3")
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin+"/pathvector-plugin", ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	guides, err := filepath.Glob("docs/first-plugin-*.md")
	require.NoError(t, err)
	require.Len(t, guides, 3)
	for _, guide := range guides {
		t.Run(filepath.Base(guide), func(t *testing.T) {
			t.Parallel()
			r := reader{dir: t.TempDir(), env: append(freshHome(t), "GOPROXY=off", "GOFLAGS=-mod=vendor", "PATH="+bin+":"+os.Getenv("PATH"))}
			for _, block := range blocks(t, guide) {
				r.follow(t, block)
			}
			assert.Equal(t, 8, r.ran)
		})
	}
}

// reader follows a guide, and is in a directory while doing so.
type reader struct {
	dir string
	env []string
	ran int
}

func (r *reader) follow(t *testing.T, b block) {
	if _, name, ok := strings.Cut(b.info, " file="); ok {
		require.NoError(t, os.WriteFile(filepath.Join(r.dir, name), []byte(b.text), 0o644))
	}
	if b.info != "console" {
		return
	}
	for _, c := range consoleCommands(b.text) {
		if dir, ok := strings.CutPrefix(strings.TrimSpace(c.command), "cd "); ok {
			r.dir = filepath.Join(r.dir, dir)
			continue
		}
		cmd := exec.Command("bash", "-c", c.command)
		cmd.Dir, cmd.Env = r.dir, r.env
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "$ %s\n%s", c.command, out)
		assert.Regexp(t, c.pattern(), string(out), "$ %s", c.command)
		r.ran++
	}
}
