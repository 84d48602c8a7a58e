package sh_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// A plugin made with the SDK comes to the outcome of every transcript that
// holds for any plugin, and to those of two that a plugin SHOULD follow (VER-2,
// INV-5).
func TestTranscriptsOfAnyPlugin(t *testing.T) {
	all := transcripts(t)
	eachShell(t, func(t *testing.T, shell string) {
		ran := 0
		for _, x := range all {
			if !x.AnyPlugin && x.Name != "describe-later-version" && x.Name != "unknown-method" {
				continue
			}
			ran++
			out, _ := oneShot(t, start(t, shell, "demo", x.Args), string(x.Request))
			m := unmarshal[message](t, out)
			if x.Outcome.Kind == spec.Error {
				require.NotNil(t, m.Error, x.Name)
				assert.Equal(t, x.Outcome.Code, m.Error.Code, x.Name)
				continue
			}
			assert.NoError(t, spec.Validate("describe-answer", []byte(out)), x.Name)
		}
		assert.Greater(t, ran, 4)
	})
}

// What a function answers, by the means of the SDK, is what the transcripts have.
func TestTranscriptsOfFunctions(t *testing.T) {
	all := transcripts(t)
	eachShell(t, func(t *testing.T, shell string) {
		ran := map[string]int{}
		for _, x := range all {
			answer := strings.TrimSuffix(string(x.Answer), "\n")
			if x.Outcome.Kind == spec.Violation || x.Method() != "modify" && x.Method() != "command" || !sayable(t, answer) {
				continue
			}
			ran[x.Method()]++
			out, _ := oneShot(t, start(t, shell, "demo", x.Args, "REPLAY="+answer), string(x.Request))
			assert.JSONEq(t, answer, out, x.Name)
		}
		assert.Greater(t, ran["modify"], 8)
		assert.Greater(t, ran["command"], 1)
	})
}

// sayable leaves out answers with fields that no version knows yet, deeper ones
// than jq 1.6 reads, and those with lines before them.
func sayable(t *testing.T, answer string) bool {
	if strings.Contains(answer, "\n") || strings.Contains(answer, "x-") || strings.Contains(answer, `"requires"`) ||
		strings.Contains(answer, `"fatal"`) || strings.Count(answer, "[") > 200 || strings.Count(answer, "{") > 200 {
		return false
	}
	return answer != "" && unmarshal[map[string]any](t, answer)["id"] == 1.0
}

func transcripts(t *testing.T) []spec.Transcript {
	t.Helper()
	all, err := spec.Transcripts()
	require.NoError(t, err)
	return all
}

// A plugin made with the SDK comes to the outcomes of every dialogue that holds
// for any plugin (INV-14, INV-16, INV-19, MSG-3).
func TestDialoguesOfAnyPlugin(t *testing.T) {
	all, err := spec.Dialogues()
	require.NoError(t, err)
	eachShell(t, func(t *testing.T, shell string) {
		ran := 0
		for _, d := range all {
			if !d.AnyPlugin {
				continue
			}
			args := [][]string{{"serve"}, nil}[ran%2]
			ran++
			converse(t, serve(t, start(t, shell, "demo", args, "KEPT=1")), d)
		}
		assert.Greater(t, ran, 8)
	})
}

// converse plays the host's part, and judges the answers.
func converse(t *testing.T, p *peer, d spec.Dialogue) {
	answers, wanted := map[string]message{}, map[string]bool{}
	collect := func() {
		for len(answers) < len(wanted) {
			m := unmarshal[message](t, p.read(t))
			assert.NotContains(t, answers, string(m.ID), "%s: answered twice (MSG-4)", d.Name)
			answers[string(m.ID)] = m
		}
	}
	for _, s := range d.Steps {
		if s.Host {
			collect()
			p.write(t, string(s.Text))
			continue
		}
		wanted[string(unmarshal[message](t, string(s.Text)).ID)] = true
	}
	require.NoError(t, p.stdin.Close())
	collect()
	assert.Equal(t, d.Exit, p.end(t), d.Name)
	require.Len(t, answers, len(d.Calls), d.Name)
	for _, call := range d.Calls {
		require.Contains(t, answers, call.ID, d.Name)
		if got := answers[call.ID]; call.Kind == spec.Error {
			require.NotNil(t, got.Error, "%s: %s", d.Name, call.ID)
			assert.Equal(t, call.Code, got.Error.Code, "%s: %s", d.Name, call.ID)
		} else {
			assert.Nil(t, got.Error, "%s: %s", d.Name, call.ID)
		}
	}
}
