package protocol

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

func TestDecodeCommandResult(t *testing.T) {
	for text, want := range map[string]*CommandResult{
		`{"exitCode":0}`: {},
		`{"output":"a\n\u001b[1m","exitCode":255,"ExitCode":1,"x":1}`: {ExitCode: 255, Output: "a\n\x1b[1m"},
		`{"exitCode":7,"output":"","requires":[]}`:                    {ExitCode: 7, Requires: []string{}},
	} {
		got, err := DecodeCommandResult([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
		assert.NoError(t, spec.Validate("command-result", []byte(text)))
	}
}

// CMD-5. The rows without beyond are refused by the JSON Schema too.
func TestDecodeCommandResultRefuses(t *testing.T) {
	for _, row := range []struct {
		text, rule, want string
		beyond           bool
	}{
		{text: `null`, rule: "CMD-5", want: "the result must be an object"},
		{text: `{}`, rule: "CMD-5", want: "exitCode is missing"},
		{text: `{"exitcode":0}`, rule: "CMD-5", want: "exitCode is missing"},
		{text: `{"exitCode":256}`, rule: "CMD-5", want: `exitCode must be an integer from 0 to 255, and is "256"`},
		{text: `{"exitCode":-1}`, rule: "CMD-5", want: `and is "-1"`},
		{text: `{"exitCode":0.5}`, rule: "CMD-5", want: `and is "0.5"`},
		{text: `{"exitCode":"0"}`, rule: "CMD-5", want: "exitCode must be an integer"},
		{text: `{"exitCode":null}`, rule: "CMD-5", want: "exitCode must be an integer"},
		{text: `{"exitCode":0,"output":["a"]}`, rule: "CMD-5", want: "output must be a string"},
		{text: `{"exitCode":0,"requires":7}`, rule: "CMD-5", want: "requires must be an array"},
		{text: `{"exitCode":-1,"requires":["x"]}`, rule: "VER-5", want: `it requires "x"`},
		{text: `{"exitCode":0`, rule: "FRM-9", want: "the line ends", beyond: true},
	} {
		r, err := DecodeCommandResult([]byte(row.text))
		assert.Nil(t, r)
		checkRefused(t, row.text, row.rule, row.want, err)
		if !row.beyond {
			assert.Error(t, spec.Validate("command-result", []byte(row.text)), row.text)
		}
	}
}

// What a plugin in Go writes is of the documented form (CMD-5, CMD-8).
func TestCommandTypesMatchTheirSchemas(t *testing.T) {
	for schema, v := range map[string]any{
		"command-result": CommandResult{},
		"command-params": CommandParams{Protocol: 1, Name: "a", Arguments: []string{}, Config: raw(`{}`), Options: raw(`{}`), Context: Context{ConfigDir: "/", TimeoutMs: 1, HostVersion: "0"}},
	} {
		text, err := EncodeParams(v)
		require.NoError(t, err)
		assert.NoError(t, spec.Validate(schema, text))
	}
	params, err := EncodeParams(OutputParams{Stream: StreamStdout})
	require.NoError(t, err)
	assert.NoError(t, spec.Validate("output", AppendMessage(nil, &Notification{Method: NoteOutput, Params: params})))
}
