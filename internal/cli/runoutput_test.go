package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

func newCommandOutput(t *testing.T, quiet, hold bool) (o *commandOutput, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	a := &app{env: Env{Stdout: stdout}, report: &reporter{w: stderr, quiet: quiet}}
	return &commandOutput{app: a, ctx: t.Context(), plugin: "zorb", hold: hold}, stdout, stderr
}

// CMD-8, CMD-9: stderr comes in parts and is shown in lines; a line that does
// not end is cut, and nothing of it is lost.
func TestStderrOfCommandInLines(t *testing.T) {
	o, stdout, stderr := newCommandOutput(t, false, false)
	endless := strings.Repeat("ä", 3*mostLine)
	for _, text := range []string{"one\ntw", "o\r\n\nthr", "ee", "\n" + endless} {
		require.NoError(t, o.write(protocol.StreamStderr, text))
	}
	o.end(false)
	assert.Empty(t, stdout.String())
	rest, ok := strings.CutPrefix(stderr.String(), "zorb: one\nzorb: two\nzorb: \nzorb: three\n")
	require.True(t, ok, stderr.String()[:100])
	for line := range strings.Lines(rest) {
		assert.LessOrEqual(t, len(line), len("zorb: \n")+mostLine)
	}
	assert.Equal(t, endless, strings.NewReplacer("zorb: ", "", "\n", "").Replace(rest))
}

// Under --quiet stderr is kept, up to a size, and shown of a command that fails.
func TestStderrOfCommandUnderQuiet(t *testing.T) {
	for _, failed := range []bool{false, true} {
		o, _, stderr := newCommandOutput(t, true, false)
		line := strings.Repeat("x", mostLine-1) + "\n"
		for range 2 * mostLines / mostLine {
			require.NoError(t, o.write(protocol.StreamStderr, line))
		}
		o.end(failed)
		if failed {
			assert.InDelta(t, mostLines, stderr.Len(), 3*mostLine)
		} else {
			assert.Empty(t, stderr.String())
		}
	}
}

// An empty line takes room, too.
func TestEmptyLinesUnderQuiet(t *testing.T) {
	o, _, _ := newCommandOutput(t, true, false)
	for range 3 {
		require.NoError(t, o.write(protocol.StreamStderr, strings.Repeat("\n", mostLines)))
	}
	assert.LessOrEqual(t, len(o.lines), mostLines)
}

// CMD-9: what goes into one document is held, and has a limit.
func TestHeldOutputHasALimit(t *testing.T) {
	o, stdout, _ := newCommandOutput(t, false, true)
	require.NoError(t, o.write(protocol.StreamStdout, strings.Repeat("x", mostHeld)))
	err := o.write(protocol.StreamStdout, "y")
	assert.ErrorContains(t, err, "plugin zorb: the command printed more than the 64 MiB")
	assert.Contains(t, hintOf(err), "leave --json out")
	assert.Equal(t, mostHeld, o.held.Len())
	assert.Empty(t, stdout.String())
}

// blocked is a stdout that nobody reads.
type blocked struct{ until chan struct{} }

func (b blocked) Write(p []byte) (int, error) { <-b.until; return len(p), nil }

func TestStdoutThatNobodyReads(t *testing.T) {
	o, _, _ := newCommandOutput(t, false, false)
	until := make(chan struct{})
	defer close(until)
	o.app.env.Stdout = blocked{until}
	ctx, cancel := context.WithCancel(t.Context())
	o.ctx = ctx
	cancel()
	err := o.write(protocol.StreamStdout, "x")
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, exitInterrupted, exitCode(err))
}
