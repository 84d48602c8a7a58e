package conform

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// A plugin that writes without end, or not at all, ends neither the test's
// memory nor its patience.
func TestEndlessOutput(t *testing.T) {
	for name, change := range map[string]string{
		"lines":  `$before = sub { print "y\n" while 1 };`,
		"a line": `$before = sub { print "y" while 1 };`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tested(t, written(t, "endless", change), 0)
			assert.Contains(t, []string{"FRM-9", "FRM-7"}, r.Broken(must)[0])
			assert.Len(t, r.Broken(must), 1)
		})
	}
}

func TestNoAnswerInTime(t *testing.T) {
	step := written(t, "slow", `$before = sub { sleep 60 };`)
	step.Timeout = 500 * time.Millisecond
	r := tested(t, step, 0)
	assert.Equal(t, []string{"MSG-7"}, r.Broken(must))
	assert.Contains(t, r.Checks[1].Findings[0].Problem, "none within 500ms")
	assert.Zero(t, r.FirstAnswerUs)
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(300*time.Millisecond, cancel)
	defer timer.Stop()
	_, err := Run(ctx, Options{Step: written(t, "slow", `$before = sub { sleep 60 };`)})
	assert.ErrorIs(t, err, context.Canceled)
}

// A password that the plugin was granted, and repeats in a line that is wrong,
// is in no finding (SCP-10).
func TestFindingsShowNoSecret(t *testing.T) {
	step := written(t, "leak", `$about{reads} = '["/peers/*/password"]'; $before = sub { print STDERR "$1\n", print "<$1>\n" if $_[2] =~ /"password":"([^"]*)"/ };`)
	step.Secrets = true
	r := tested(t, step, 0)
	assert.Equal(t, []string{"FRM-9"}, r.Broken(must))
	text, err := json.Marshal(r)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hush-for-the-test")
	assert.Contains(t, string(text), `"********`)
}

// The settings of the runner hold: here the environment.
func TestRunnerIsUsed(t *testing.T) {
	step := written(t, "granted", `if (!$ENV{ZORB}) { print STDERR "no ZORB\n"; exit 4 }`)
	runner := &host.Runner{Environ: []string{"PATH=/usr/bin:/bin", "ZORB=1"}}
	r, err := Run(t.Context(), Options{Step: step, Runner: runner})
	require.NoError(t, err)
	assert.Equal(t, []string{"MSG-7"}, r.Broken(must))
	assert.Equal(t, []string{"no ZORB"}, r.Checks[1].Findings[0].Stderr)
	step.Env = []string{"ZORB"}
	r, err = Run(t.Context(), Options{Step: step, Runner: runner})
	require.NoError(t, err)
	assert.Empty(t, r.Broken(must))
}
