package sdk_test

import (
	"bytes"
	"context"
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
	for _, form := range []string{"merge", "config", "error"} {
		assert.NotZero(t, forms[form], "a transcript with %s", form)
	}
}

func transcripts(t *testing.T) []spec.Transcript {
	t.Helper()
	all, err := spec.Transcripts()
	require.NoError(t, err)
	return all
}

// replayable returns what a function made with Modify can give: not a broken
// answer, nor one with parts that the SDK has no means to write yet.
func replayable(x spec.Transcript) (*protocol.ModifyResult, *protocol.Error, bool) {
	line, one := bytes.CutSuffix(x.Answer, []byte("\n"))
	if x.Method() != protocol.MethodModify || x.Outcome.Kind == spec.Violation || !one || bytes.Contains(line, []byte("\n")) {
		return nil, nil, false
	}
	message, err := protocol.ParseMessage(line)
	response, ok := message.(*protocol.Response)
	if err != nil || !ok || string(response.ID) != "1" {
		return nil, nil, false
	}
	if response.Error != nil {
		return nil, response.Error, true
	}
	result, err := protocol.DecodeModifyResult(response.Result)
	if err != nil || result.Patch != nil {
		return nil, nil, false
	}
	for _, m := range result.Messages {
		if m.Level != protocol.LevelInfo && m.Level != protocol.LevelWarning {
			return nil, nil, false
		}
	}
	return result, nil, true
}

func formOf(r *protocol.ModifyResult) string {
	switch {
	case r == nil:
		return "error"
	case r.Merge != nil:
		return "merge"
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
		return sdk.Merge(result.Merge), nil
	})
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
