//go:build linux

package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// patience is what only a hang exceeds.
const patience = 3 * time.Minute

// maxMemory is what only a host exceeds that keeps all that a plugin writes, in
// KiB. It is generous, for the race detector.
const maxMemory = 1 << 20

// TestMatrix runs every fault in both modes (INV-10, INV-12, INV-13, INV-20,
// INV-21, ENV-5, FRM-12, MSG-8).
func TestMatrix(t *testing.T) {
	for _, row := range matrix {
		for mode, want := range map[string]outcome{protocol.ModeOneShot: row.oneShot, protocol.ModeKeptRunning: row.kept} {
			t.Run(row.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, row, mode)
				r := b.run()
				for try := 1; try < 5 && starved(r, want); try++ {
					b = newBench(t, row, mode)
					r = b.run()
				}
				b.check(r, want)
			})
		}
	}
}

// starved reports whether the machine was so busy that a plugin could not even
// describe itself in time, or exit: that says nothing of the host.
func starved(r report, want outcome) bool {
	const slow = "did not exit within"
	return strings.Contains(r.Fault.Stderr, "describe: no answer within") ||
		strings.Contains(r.Fault.Stderr, slow) && !strings.Contains(want.says, slow) ||
		strings.Contains(r.Healthy.Stderr, slow)
}

// bench is the place where a cell runs.
type bench struct {
	*testing.T
	row          fault
	mode         string
	dir, mark    string
	config       string
	configBefore []byte
}

func newBench(t *testing.T, row fault, mode string) *bench {
	b := &bench{T: t, row: row, mode: mode, dir: t.TempDir()}
	b.mark = fmt.Sprintf("%s-%s-%d-%d", row.name, mode, os.Getpid(), time.Now().UnixNano())
	for _, name := range []string{"fault", "healthy"} {
		require.NoError(t, os.Symlink(executable(t), filepath.Join(b.dir, pluginPrefix+name)))
	}
	const small = "# The router's.\nasn: 64500\nhostname: edge\n"
	text := small
	if row.when.large {
		text += "global-config: \"" + strings.Repeat("0123456789", largeSize/10) + "\"\n"
	}
	b.configBefore = []byte(text)
	b.config = b.write("pathvector.yml", text)
	b.write("small.yml", small)
	b.write("settings.yml", b.settings())
	return b
}

func executable(t *testing.T) string {
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

func (b *bench) write(name, text string) string {
	path := filepath.Join(b.dir, name)
	require.NoError(b, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func (b *bench) settings() string {
	options := b.row.name
	if b.row.when.start {
		options = "none"
	}
	const entry = "  - name: %s\n    options: {fault: %s}\n    grants: {env: [%s, %s, GORACE]}\n"
	return "plugins:\n" + fmt.Sprintf(entry, "fault", options, markVariable, startVariable) +
		fmt.Sprintf(entry, "healthy", "none", markVariable, startVariable)
}

func (b *bench) args(config, plugin string, limit time.Duration) []string {
	return []string{
		"modify", "--json", "-c", filepath.Join(b.dir, config), "--settings", filepath.Join(b.dir, "settings.yml"),
		"--plugin-dir", b.dir, "--mode", b.mode, "--plugin", plugin, "--timeout", limit.String(),
	}
}

// run runs the cell in a process of its own.
func (b *bench) run() report {
	limit := patience
	if b.row.when.deadline {
		limit = timeout
	}
	c := cell{Fault: b.args("pathvector.yml", "fault", limit), Healthy: b.args("small.yml", "healthy", patience), Interrupt: b.row.when.interrupt}
	if b.row.when.start {
		c.Start = b.row.name
	}
	encoded, err := json.Marshal(c)
	require.NoError(b, err)
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, executable(b.T))
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir, markVariable + "=" + b.mark,
		cellVariable + "=" + string(encoded), "GORACE=atexit_sleep_ms=0",
	}
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	require.NoError(b, ctx.Err(), "it hangs")
	require.NoError(b, err, "%s", stderr.String())
	require.Empty(b, stderr.String())
	var r report
	require.NoError(b, json.Unmarshal(stdout.Bytes(), &r))
	return r
}

func (b *bench) check(r report, want outcome) {
	if want.exit == 0 {
		b.checkResult(r.Fault, want)
	} else {
		b.checkError(r.Fault, want)
	}
	assert.Empty(b, r.Goroutines, "goroutines are left")
	assert.Zero(b, r.Files, "open files are left")
	assert.Less(b, r.Memory, int64(maxMemory))
	after, err := os.ReadFile(b.config)
	require.NoError(b, err)
	assert.True(b, bytes.Equal(b.configBefore, after), "the configuration was touched")
	require.Eventually(b, func() bool { return len(b.left()) == 0 }, patience, 5*time.Millisecond, "processes are left: %v", b.left())
	b.checkResult(r.Healthy, result)
}

// pattern matches what is said.
func (o outcome) pattern() string {
	return strings.ReplaceAll(regexp.QuoteMeta(o.says), " … ", "(?s:.*)")
}

func (b *bench) checkResult(r ran, want outcome) {
	require.Zero(b, r.Exit, "%s", r.Stderr)
	var printed struct {
		Text    string
		Changes []struct{ Pointer string }
	}
	require.NoError(b, json.Unmarshal([]byte(r.Stdout), &printed))
	require.Len(b, printed.Changes, 1)
	assert.Equal(b, "/hostname", printed.Changes[0].Pointer)
	assert.True(b, strings.HasPrefix(printed.Text, "# The router's.\nasn: 64500\nhostname: changed\n"))
	var warnings, notes []string
	for _, e := range events(b, r.Stderr) {
		switch {
		case e.Level == "note":
			notes = append(notes, e.Message)
		case e.Level == protocol.LevelWarning && !strings.HasPrefix(e.Message, "expected a pointer"):
			warnings = append(warnings, e.Message)
		}
	}
	assert.Equal(b, want.note, strings.Join(notes, "; "))
	if want.says == "" {
		assert.Empty(b, warnings)
		return
	}
	require.NotEmpty(b, warnings)
	for _, w := range warnings { // about stderr there may be one after the answer, and one after the end
		assert.Regexp(b, want.pattern(), w)
	}
}

func (b *bench) checkError(r ran, want outcome) {
	assert.Equal(b, want.exit, r.Exit)
	assert.Empty(b, r.Stdout)
	all := events(b, r.Stderr)
	require.NotEmpty(b, all)
	last := all[len(all)-1]
	assert.Equal(b, want.exit, last.Code)
	assert.Equal(b, "fault", last.Plugin)
	assert.Equal(b, want.rule, last.Rule)
	assert.Regexp(b, want.pattern(), last.Message)
	assert.Equal(b, 1, strings.Count(last.Message, "plugin fault: "), last.Message)
	assert.Less(b, len(last.Message), 5000)
	assert.NotEmpty(b, last.Hint)
}

type event struct {
	Level, Plugin, Rule, Message, Hint string
	Code                               int
}

func events(t *bench, stderr string) []event {
	var all []event
	for line := range strings.Lines(stderr) {
		var e event
		require.NoError(t, json.Unmarshal([]byte(line), &e), "%s", line)
		all = append(all, e)
	}
	return all
}

// left lists the processes with the cell's mark.
func (b *bench) left() []string {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	return slices.DeleteFunc(environments, func(file string) bool {
		text, err := os.ReadFile(file)
		return err != nil || !bytes.Contains(text, []byte(b.mark))
	})
}
