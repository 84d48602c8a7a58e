package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/settings"
	"github.com/natesales/pathvector-plugin/spec"
)

func TestBundledPlugins(t *testing.T) {
	plugins := bundled(t)
	for _, tc := range []struct {
		name string
		test func(*testing.T, []discovery.Plugin)
	}{
		{"describe themselves", describeThemselves},
		{"pass the transcripts", passTheTranscripts},
		{"answer until stdin ends", answerUntilStdinEnds},
		{"on the edge router", onTheEdgeRouter},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.test(t, plugins) })
	}
}

// bundled returns the executables of all bundled plugins, those in Go built.
func bundled(t *testing.T) []discovery.Plugin {
	needs(t, "jq", "python3")
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin+"/", "./plugins/...").CombinedOutput()
	require.NoError(t, err, "%s", out)
	scripts, err := filepath.Abs("plugins")
	require.NoError(t, err)
	var found []discovery.Plugin
	for _, p := range discovery.Scan(discovery.Places([]string{bin, scripts}, "")).Plugins() {
		if p.Err == nil && p.ShadowedBy == "" {
			found = append(found, p)
		}
	}
	folders, err := filepath.Glob("plugins/pathvector-plugin-*")
	require.NoError(t, err)
	require.Len(t, found, len(folders))
	return found
}

// hand runs a plugin as a person does, in a process group of its own, and
// returns its stdout. It checks that the plugin exits and that nothing of its
// group is left (INV-8, ENV-6).
func hand(t *testing.T, p discovery.Plugin, input string, args ...string) string {
	cmd := exec.Command(p.Path, args...)
	cmd.Stdin = strings.NewReader(input)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s %v: %s", p.Name, args, stderr.String())
	assert.ErrorIs(t, syscall.Kill(-cmd.Process.Pid, 0), syscall.ESRCH, "%s left a process", p.Name)
	return stdout.String()
}

const describeRequest = `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}` + "\n"

// FRM-1, FRM-11, DSC-3: one line and nothing else, the same each time, with
// the method as argument and without.
func describeThemselves(t *testing.T, plugins []discovery.Plugin) {
	for _, p := range plugins {
		first := hand(t, p, describeRequest, "describe")
		assert.Equal(t, 1, strings.Count(first, "\n"), p.Name)
		assert.NoError(t, spec.Validate("describe-answer", []byte(first)), p.Name)
		assert.Equal(t, first, hand(t, p, describeRequest, "describe"), p.Name)
		assert.Equal(t, first, hand(t, p, describeRequest), p.Name)
	}
}

// Every exchange that all plugins must come to the same end with.
func passTheTranscripts(t *testing.T, plugins []discovery.Plugin) {
	transcripts, err := spec.Transcripts()
	require.NoError(t, err)
	for _, p := range plugins {
		played := 0
		for _, tr := range transcripts {
			if !tr.AnyPlugin {
				continue
			}
			played++
			var answer struct {
				Result json.RawMessage
				Error  struct{ Code int }
			}
			out := hand(t, p, string(tr.Request), tr.Args...)
			require.NoError(t, json.Unmarshal([]byte(out), &answer), "%s %s: %s", p.Name, tr.Name, out)
			switch tr.Outcome.Kind {
			case spec.Result:
				assert.NotEmpty(t, answer.Result, "%s %s: %s", p.Name, tr.Name, out)
			case spec.Error:
				assert.Equal(t, tr.Outcome.Code, answer.Error.Code, "%s %s: %s", p.Name, tr.Name, out)
			default:
				t.Errorf("%s: no plugin may come to %s", tr.Name, tr.Outcome.Kind)
			}
		}
		assert.NotZero(t, played)
	}
}

// INV-14, INV-16, NTF-3: what the SDK makes answers line after line until
// stdin ends, whatever the ids are, and passes over notifications.
func answerUntilStdinEnds(t *testing.T, plugins []discovery.Plugin) {
	for _, p := range plugins {
		if p.Name != "site" {
			continue
		}
		ids := []string{"1", `"one"`, "-1", "1.5", "18446744073709551616", `"\u00e9"`}
		var input strings.Builder
		for _, id := range ids {
			input.WriteString(`{"jsonrpc":"2.0","method":"progress","params":{"request":1,"done":1,"total":2}}` + "\n")
			input.WriteString(strings.Replace(describeRequest, `"id":1`, `"id":`+id, 1))
		}
		answers := strings.Split(strings.TrimSuffix(hand(t, p, input.String()), "\n"), "\n")
		require.Len(t, answers, len(ids))
		for i, id := range ids {
			assert.True(t, strings.HasPrefix(answers[i], `{"jsonrpc":"2.0","id":`+id+`,`), "%s", answers[i])
		}
	}
}

// The bundled plugins on the edge router, run in / without a terminal (ENV-3):
// they change it, without a warning about a value (TYP-6); on the result they
// change nothing more; and a dry run leaves no file (MOD-10).
func onTheEdgeRouter(t *testing.T, plugins []discovery.Plugin) {
	text := []byte(read(t, "testdata/edge/pathvector.yml"))
	h := &host.Host{Runner: &host.Runner{}, StateDir: t.TempDir(), DryRun: true}
	once := onEdge(t, h, plugins, text)
	assert.NotEmpty(t, once.Changes)
	assert.Empty(t, config.History(once.Changes).Overlaps(), "they do not get in each other's way")
	for _, m := range once.Messages {
		assert.Equal(t, "info", m.Level, "%+v", m)
	}
	edited, err := once.Edit()
	require.NoError(t, err)
	assert.Empty(t, onEdge(t, h, plugins, edited.Text).Changes)
	require.NoError(t, filepath.WalkDir(h.StateDir, func(path string, d os.DirEntry, err error) error {
		assert.True(t, d.IsDir(), "%s was left", path)
		return err
	}))
	changed := map[string]bool{}
	for _, c := range once.Changes {
		changed[c.Plugin] = true
	}
	assert.Len(t, changed, 3, "all three change something")
}

func onEdge(t *testing.T, h *host.Host, plugins []discovery.Plugin, text []byte) *host.Outcome {
	file, err := filepath.Abs("testdata/edge/pathvector.yml")
	require.NoError(t, err)
	doc, err := config.Parse(file, text)
	require.NoError(t, err)
	set, err := settings.Load("testdata/edge/settings.yml")
	require.NoError(t, err)
	entries, err := doc.Plugins()
	require.NoError(t, err)
	byName := map[string]discovery.Plugin{}
	for _, p := range plugins {
		byName[p.Name] = p
	}
	selected, err := set.Select(nil, entries)
	require.NoError(t, err)
	var steps []host.Step
	for _, p := range selected {
		steps = append(steps, host.Step{Plugin: byName[p.Name], Options: p.Options})
	}
	out, err := h.Modify(t.Context(), doc, steps)
	var hint interface{ Hint() string }
	if errors.As(err, &hint) {
		t.Log(hint.Hint())
	}
	require.NoError(t, err)
	return out
}
