//go:build linux

package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// The configuration whose view the transcripts of modify carry.
const transcriptConfig = "asn: 65530\npeers:\n  Example:\n    asn: 65510\n    disabled: false\n"

// TestTranscripts plays every recorded exchange with a fake plugin that prints
// the recorded bytes: the host must come to the recorded outcome, and name the
// rule that was broken (FRM-1 to FRM-12, MSG-1 to MSG-13, DSC-2, VER-3, VER-4,
// VER-5, OPT-2, NAM-3, SCP-1, MOD-2 to MOD-5, MOD-8, CHK-3, CMD-5 to CMD-8, NTF-1 to
// NTF-4, NTF-6, ERR-3).
func TestTranscripts(t *testing.T) {
	transcripts, err := spec.Transcripts()
	require.NoError(t, err)
	played := 0
	for _, tr := range transcripts {
		if !slices.Contains([]string{protocol.MethodDescribe, protocol.MethodModify, protocol.MethodCheck, protocol.MethodCommand}, tr.Method()) {
			continue
		}
		played++
		t.Run(tr.Name, func(t *testing.T) {
			t.Parallel()
			h, step := recorded(t, tr)
			switch err := play(h, step, tr.Method()); tr.Outcome.Kind {
			case spec.Result:
				require.NoError(t, err)
			case spec.Error:
				var answered *protocol.Error
				require.ErrorAs(t, err, &answered)
				assert.Equal(t, tr.Outcome.Code, answered.Code)
			case spec.Violation:
				var broken *protocol.Violation
				require.ErrorAs(t, err, &broken)
				assert.Equal(t, tr.Outcome.Rule, broken.Rule, "%v", err)
				assert.NotEmpty(t, broken.Hint())
			default:
				t.Fatalf("outcome %q", tr.Outcome.Kind)
			}
		})
	}
	assert.Greater(t, played, 90)
}

// recorded is a host and a plugin that prints what was recorded. A transcript
// of modify, check or command needs a describe before it.
func recorded(t *testing.T, tr spec.Transcript) (*host.Host, host.Step) {
	dir := t.TempDir()
	write := func(name string, data []byte, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, mode))
		return path
	}
	answers := map[string][]byte{
		protocol.MethodDescribe: []byte(`{"jsonrpc":"2.0","id":1,"result":{"name":"demo","version":"1","protocols":[1],"methods":["modify","check","command"],"commands":[{"name":"status"}]}}` + "\n"),
	}
	answers[tr.Method()] = tr.Answer
	for method, answer := range answers {
		write(method, answer, 0o600)
	}
	write("stderr", tr.Stderr, 0o600)
	script := fmt.Sprintf("#!/bin/sh\ncat %[1]s/stderr >&2\ncat %[1]s/$1\n[ $1 != %[2]s ] || exit %[3]d\n", dir, tr.Method(), tr.Exit)
	path := write("pathvector-plugin-"+spec.TranscriptPlugin, []byte(script), 0o700)
	h := &host.Host{Runner: &host.Runner{Limit: tr.Limit, Environ: []string{"PATH=" + os.Getenv("PATH")}}}
	return h, host.Step{Plugin: discovery.Plugin{Name: spec.TranscriptPlugin, Path: path}}
}

func play(h *host.Host, step host.Step, method string) error {
	if method == protocol.MethodDescribe {
		_, err := h.Describe(context.Background(), step)
		return err
	}
	doc, err := config.Parse("edge.yml", []byte(transcriptConfig))
	if err != nil {
		return err
	}
	if method == protocol.MethodModify {
		_, err = h.Modify(context.Background(), doc, []host.Step{step})
		return err
	}
	if method == protocol.MethodCheck {
		out, err := h.Open(context.Background(), doc, []host.Step{step})
		if err != nil {
			return err
		}
		_, err = h.Check(context.Background(), out)
		return err
	}
	p, err := h.Prepare(context.Background(), step)
	if err != nil {
		return err
	}
	_, err = h.Command(context.Background(), p, doc, "status", nil, func(string, string) error { return nil })
	return err
}

// TestRequestsMatchTheSchema looks at what the host really writes to a
// plugin's stdin (MSG-2, VER-1, MOD-1, OPT-1, INV-17).
func TestRequestsMatchTheSchema(t *testing.T) {
	dir := t.TempDir()
	step := pluginStep(t, "spy", `
tee "`+dir+`/$1" >/dev/null
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"spy","version":"1","protocols":[1],"reads":["/asn"]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`)
	h := newHost()
	h.StateDir = t.TempDir()
	modify(t, h, transcriptConfig, step)

	describe := readFile(t, dir, "describe")
	assert.Equal(t, `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`+"\n", describe)
	sent := readFile(t, dir, "modify")
	assert.NoError(t, spec.Validate("modify-request", []byte(sent)))
	assert.Regexp(t, `^\{"jsonrpc":"2.0","id":1,"method":"modify","params":\{"protocol":1,"options":\{\},"context":\{.*\},"config":\{"asn":65530\}\}\}\n$`, sent)
	var request struct{ Params protocol.ModifyParams }
	require.NoError(t, json.Unmarshal([]byte(sent), &request))
	c := request.Params.Context
	assert.True(t, filepath.IsAbs(c.ConfigFile))
	assert.Equal(t, filepath.Dir(c.ConfigFile), c.ConfigDir)
	assert.Equal(t, filepath.Join(h.StateDir, "spy"), c.StateDir)
	assert.DirExists(t, c.StateDir)
	assert.Equal(t, host.DefaultTimeout.Milliseconds(), c.TimeoutMs)
	assert.Equal(t, "0.0.1", c.HostVersion)
	assert.False(t, c.DryRun)
}

func newHost() *host.Host {
	h := &host.Host{Runner: &host.Runner{Environ: []string{"PATH=" + os.Getenv("PATH")}}, Version: "0.0.1"}
	h.Runner.SetGraces(patience, patience)
	return h
}

// pluginStep is a plugin in sh.
func pluginStep(t testing.TB, name, script string) host.Step {
	path := filepath.Join(t.TempDir(), "pathvector-plugin-"+name)
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	return host.Step{Plugin: discovery.Plugin{Name: name, Path: path}}
}

func modify(t *testing.T, h *host.Host, text string, steps ...host.Step) *host.Outcome {
	out, err := tryModify(t, h, text, steps...)
	require.NoError(t, err)
	return out
}

func tryModify(t *testing.T, h *host.Host, text string, steps ...host.Step) (*host.Outcome, error) {
	out, err := h.Modify(context.Background(), parsed(t, text), steps)
	if err != nil && !errors.As(err, new(*host.OptionsError)) {
		require.ErrorAs(t, err, new(*host.PluginError))
	}
	return out, err
}

func readFile(t *testing.T, dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(data)
}

func parsed(t testing.TB, text string) *config.Document {
	doc, err := config.Parse("edge.yml", []byte(text))
	require.NoError(t, err)
	return doc
}
