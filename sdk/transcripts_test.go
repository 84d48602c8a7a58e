package sdk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// A plugin made with the SDK comes to the outcome of every transcript that
// holds for any plugin, and to those of two that a plugin SHOULD follow
// (VER-2, INV-5).
func TestTranscriptsOfAnyPlugin(t *testing.T) {
	ran := 0
	for _, x := range transcripts(t) {
		if !x.AnyPlugin && x.Name != "describe-later-version" && x.Name != "unknown-method" {
			continue
		}
		ran++
		t.Run(x.Name, func(t *testing.T) {
			demo := &sdk.Plugin{Name: spec.TranscriptPlugin, Version: "1.0.0", Modify: replay(nil, nil)}
			assertOutcome(t, x, exchange(t, demo, x))
		})
	}
	assert.Greater(t, ran, 4)
}

// What a plugin's own function returns, a result or an error, is answered as
// the transcripts have it.
func TestTranscriptsOfModify(t *testing.T) {
	forms := map[string]int{}
	for _, x := range transcripts(t) {
		result, failure, ok := replayable(x)
		if !ok {
			continue
		}
		forms[formOf(result)]++
		t.Run(x.Name, func(t *testing.T) {
			line := exchange(t, &sdk.Plugin{Name: spec.TranscriptPlugin, Version: "1.0.0", Modify: replay(result, failure)}, x)
			assertOutcome(t, x, line)
			want := &protocol.Response{ID: []byte("1"), Error: failure}
			if failure == nil {
				var err error
				want.Result, err = protocol.EncodeParams(result)
				require.NoError(t, err)
			}
			assert.JSONEq(t, string(protocol.AppendMessage(nil, want)), string(line))
		})
	}
	for _, form := range []string{"merge", "patch", "config", "error"} {
		assert.NotZero(t, forms[form], "a transcript with %s", form)
	}
}

// So is what a plugin's own check returns.
func TestTranscriptsOfCheck(t *testing.T) {
	ran := map[bool]int{}
	for _, x := range transcripts(t) {
		response, ok := oneAnswer(x, protocol.MethodCheck)
		if !ok {
			continue
		}
		var findings []sdk.Finding
		if response.Error == nil {
			result, err := protocol.DecodeCheckResult(response.Result)
			if err != nil {
				continue
			}
			for _, f := range result.Findings {
				finding := sdk.Finding{Severity: f.Severity, Pointer: f.Pointer, Message: f.Message, Code: f.Code}
				if f.Proposed != nil {
					finding.Proposed = f.Proposed
				}
				findings = append(findings, finding)
			}
		}
		ran[response.Error != nil]++
		t.Run(x.Name, func(t *testing.T) {
			var changes []sdk.Change
			demo := &sdk.Plugin{Name: spec.TranscriptPlugin, Version: "1.0.0", Check: sdk.Check(
				func(_ context.Context, c *sdk.CheckCall[map[string]any, map[string]any]) ([]sdk.Finding, error) {
					changes = c.Changes
					if response.Error != nil {
						return nil, response.Error
					}
					return findings, nil
				})}
			line := exchange(t, demo, x)
			assertOutcome(t, x, line)
			assertSentChanges(t, x, changes)
			want := protocol.AppendMessage(nil, response)
			if x.Name == "check-unknown-fields" { // which a plugin cannot say with the SDK
				want = []byte(`{"jsonrpc":"2.0","id":1,"result":{"findings":[{"severity":"info","pointer":"/asn","message":"m"}]}}`)
			}
			assert.JSONEq(t, string(want), string(line))
		})
	}
	assert.Greater(t, ran[false], 3)
	assert.NotZero(t, ran[true])
}

// assertSentChanges checks that the plugin got all changes of the request
// (CHK-1).
func assertSentChanges(t *testing.T, x spec.Transcript, got []sdk.Change) {
	t.Helper()
	message, err := protocol.ParseMessage(bytes.TrimSuffix(x.Request, []byte("\n")))
	require.NoError(t, err)
	var params protocol.CheckParams
	require.NoError(t, json.Unmarshal(message.(*protocol.Request).Params, &params))
	assert.Equal(t, params.Changes, got)
}

func transcripts(t *testing.T) []spec.Transcript {
	t.Helper()
	all, err := spec.Transcripts()
	require.NoError(t, err)
	return all
}

// replayable returns what a function made with Modify can give: not a broken
// answer, nor one with parts that the SDK has no means to write.
func replayable(x spec.Transcript) (*protocol.ModifyResult, *protocol.Error, bool) {
	response, ok := oneAnswer(x, protocol.MethodModify)
	if !ok {
		return nil, nil, false
	}
	if response.Error != nil {
		return nil, response.Error, true
	}
	result, err := protocol.DecodeModifyResult(response.Result)
	if err != nil {
		return nil, nil, false
	}
	for _, m := range result.Messages {
		if m.Level != protocol.LevelInfo && m.Level != protocol.LevelWarning {
			return nil, nil, false
		}
	}
	return result, nil, true
}

// oneAnswer is the only line of what the plugin answers to the method, unless
// it breaks the protocol.
func oneAnswer(x spec.Transcript, method string) (*protocol.Response, bool) {
	line, one := bytes.CutSuffix(x.Answer, []byte("\n"))
	if x.Method() != method || x.Outcome.Kind == spec.Violation || !one || bytes.Contains(line, []byte("\n")) {
		return nil, false
	}
	message, err := protocol.ParseMessage(line)
	response, ok := message.(*protocol.Response)
	return response, err == nil && ok && string(response.ID) == "1"
}

func formOf(r *protocol.ModifyResult) string {
	switch {
	case r == nil:
		return "error"
	case r.Merge != nil:
		return "merge"
	case r.Patch != nil:
		return "patch"
	}
	return "config"
}

// replay is a plugin's function that returns what was recorded, through the
// constructors that plugins use.
func replay(result *protocol.ModifyResult, failure *protocol.Error) sdk.Modifier {
	return sdk.Modify(func(_ context.Context, c *sdk.Call[map[string]any, map[string]any]) (sdk.Result, error) {
		if failure != nil {
			return sdk.Result{}, failure
		}
		if result == nil {
			return sdk.Result{}, nil
		}
		for _, m := range result.Messages {
			if m.Level == protocol.LevelWarning {
				c.Warnf(m.Pointer, "%s", m.Message)
			} else {
				c.Infof(m.Pointer, "%s", m.Message)
			}
		}
		if result.Config != nil {
			return sdk.Changed(result.Config), nil
		}
		if result.Patch != nil {
			return sdk.Patch(operations(result.Patch)...), nil
		}
		return sdk.Merge(result.Merge), nil
	})
}

func operations(patch json.RawMessage) (all []sdk.Operation) {
	var steps []struct {
		Op, Path, From string
		Value          any
	}
	if err := json.Unmarshal(patch, &steps); err != nil {
		panic(err) // it was decoded before
	}
	for _, s := range steps {
		all = append(all, map[string]sdk.Operation{
			"add": sdk.Add(s.Path, s.Value), "replace": sdk.Replace(s.Path, s.Value), "test": sdk.Test(s.Path, s.Value),
			"remove": sdk.Remove(s.Path), "move": sdk.Move(s.From, s.Path), "copy": sdk.Copy(s.From, s.Path),
		}[s.Op])
	}
	return all
}

func exchange(t *testing.T, p *sdk.Plugin, x spec.Transcript) []byte {
	t.Helper()
	var out bytes.Buffer
	code := p.Run(context.Background(), x.Args, bytes.NewReader(x.Request), &out, io.Discard)
	assert.Zero(t, code)
	require.NoError(t, spec.Validate("answer", out.Bytes()), out.String())
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

func assertOutcome(t *testing.T, x spec.Transcript, line []byte) {
	t.Helper()
	message, err := protocol.ParseMessage(line)
	require.NoError(t, err)
	answer, ok := message.(*protocol.Response)
	require.True(t, ok)
	if x.Outcome.Kind == spec.Error {
		require.NotNil(t, answer.Error, "%s", line)
		assert.Equal(t, x.Outcome.Code, answer.Error.Code)
		return
	}
	require.Nil(t, answer.Error, "%s", line)
	if x.Method() != "" {
		assert.NoError(t, spec.Validate(x.Method()+"-answer", line))
	}
}
