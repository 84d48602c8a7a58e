package python_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// unsayable are the dialogues of plugins that do what the SDK lets none do.
var unsayable = map[string]string{
	"config-get-no-call":     "it asks after its answer",
	"config-get-of-describe": "it asks about describe",
	"log-of-no-call":         "it logs outside of calls",
	"no-id":                  "it does not read the id",
	"unknown-question":       "it asks what no host knows",
}

// message is what the tests read of a line.
type message struct {
	ID     json.RawMessage
	Method string
	Error  *struct{ Code int }
}

func dialogues(t *testing.T) []spec.Dialogue {
	t.Helper()
	all, err := spec.Dialogues()
	require.NoError(t, err)
	return all
}

// A plugin made with the SDK comes to the outcomes of every dialogue that holds
// for any plugin, also one that is not meant to be kept running (INV-2, INV-14,
// INV-16, INV-19).
func TestDialoguesOfAnyPlugin(t *testing.T) {
	ran := 0
	for _, d := range dialogues(t) {
		if !d.AnyPlugin {
			continue
		}
		ran++
		t.Run(d.Name+" serve", func(t *testing.T) { converse(t, serve(t, []string{"serve"}, "KEPT=1"), d) })
		t.Run(d.Name, func(t *testing.T) { converse(t, serve(t, nil), d) })
	}
	assert.Greater(t, ran, 8)
}

// converse plays the host's part, and judges the answers.
func converse(t *testing.T, p *peer, d spec.Dialogue) {
	answers, wanted := map[string]message{}, map[string]bool{}
	collect := func() {
		for len(answers) < len(wanted) {
			m := unmarshal[message](t, p.read(t))
			assert.NotContains(t, answers, string(m.ID), "answered twice (MSG-4)")
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
	assert.Equal(t, d.Exit, p.end(t))
	require.Len(t, answers, len(d.Calls))
	for _, call := range d.Calls {
		require.Contains(t, answers, call.ID)
		code := 0
		if answers[call.ID].Error != nil {
			code = answers[call.ID].Error.Code
		}
		assert.Equal(t, call.Code, code, call.ID)
	}
}

// The lines that handlers bring about are those of the dialogues, byte for byte.
func TestDialoguesOfHandlers(t *testing.T) {
	ran := 0
	for _, d := range dialogues(t) {
		if _, no := unsayable[d.Name]; no || d.AnyPlugin || d.Outcome.Kind == spec.Violation {
			continue
		}
		ran++
		t.Run(d.Name, func(t *testing.T) { act(t, d) })
	}
	assert.Equal(t, 9, ran)
}

// act lets the plugin take the steps of its side, each at its turn.
func act(t *testing.T, d spec.Dialogue) {
	turns := t.TempDir()
	steps := make([]map[string]any, len(d.Steps))
	last := 0
	for i, s := range d.Steps {
		steps[i] = map[string]any{"Host": s.Host, "Text": string(s.Text)}
		if s.Host {
			last = i
		}
	}
	text, err := json.Marshal(steps)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "steps.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))

	p := serve(t, []string{"serve"}, "KEPT=1", "STEPS="+file, "TURNS="+turns)
	for i, s := range d.Steps {
		line := string(s.Text)
		if s.Host {
			if m := unmarshal[message](t, line); m.Method != "" {
				line = strings.Replace(line, `"options":{}`, fmt.Sprintf(`"options":{"call":%q}`, m.ID), 1)
			}
			p.write(t, line)
			if i == last {
				require.NoError(t, p.stdin.Close())
			}
			continue
		}
		require.NoError(t, os.WriteFile(filepath.Join(turns, strconv.Itoa(i)), nil, 0o600))
		want := strings.Replace(line, `"changed","params":{}}`, `"changed"}`, 1) // the same
		assert.Equal(t, want, p.read(t))
	}
	assert.Equal(t, d.Exit, p.end(t))
}
