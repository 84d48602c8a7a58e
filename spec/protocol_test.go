package spec_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// The numbers in the text are those of package protocol.
func TestConstants(t *testing.T) {
	text := spec.Protocol()
	assert.Equal(t, 1, protocol.Version)
	assert.Contains(t, text, "67,108,864 bytes")
	assert.Equal(t, 67_108_864, protocol.DefaultLimit)
	assert.Contains(t, text, "nested deeper than 1000")
	assert.Equal(t, 1000, protocol.MaxDepth)
	for _, code := range []int{
		protocol.CodeParseError, protocol.CodeInvalidRequest, protocol.CodeMethodNotFound, protocol.CodeInvalidParams, protocol.CodeInternalError,
		protocol.CodeUnsupportedProtocol, protocol.CodeInvalidOptions, protocol.CodeUnavailable, protocol.CodeCancelled,
	} {
		error := protocol.AppendMessage(nil, &protocol.Response{Error: &protocol.Error{Code: code, Message: "m", Data: []byte(`{"supported":[1]}`)}})
		assert.NoError(t, spec.Validate("error-answer", error))
	}
}

// What package protocol takes for a name is what the schema does (NAM-1).
func TestNames(t *testing.T) {
	for _, name := range []string{"a", "ix-f2", "0", "", "-", "a-", "-a", "a--b", "A", "a_b", "a/b", "ä", "a.b"} {
		text, err := protocol.EncodeParams(name)
		require.NoError(t, err)
		assert.Equal(t, spec.Validate("name", text) == nil, protocol.ValidName(name), "%q", name)
	}
}

// beyondProtocol are rules that package protocol leaves to whoever applies a
// result: patterns, schemas, and whether a patch fits the view.
var beyondProtocol = []string{"SCP-1", "OPT-2", "MOD-4"}

// Every transcript comes to its outcome when package protocol reads it.
func TestTranscriptsAgreeWithProtocol(t *testing.T) {
	all, err := spec.Transcripts()
	require.NoError(t, err)
	for _, x := range all {
		t.Run(x.Name, func(t *testing.T) {
			answer, err := read(x)
			var wire *protocol.Error
			var violation *protocol.Violation
			switch {
			case errors.As(err, &violation):
				assert.Equal(t, x.Outcome, spec.Outcome{Kind: spec.Violation, Rule: violation.Rule}, "%v", err)
			case errors.As(err, &wire):
				assert.Equal(t, x.Outcome, spec.Outcome{Kind: spec.Error, Code: wire.Code})
			case slices.Contains(beyondProtocol, x.Outcome.Rule):
				assert.NotEmpty(t, answer)
			default:
				require.NoError(t, err)
				assert.Equal(t, spec.Outcome{Kind: spec.Result}, x.Outcome)
			}
		})
	}
}

// read judges an exchange as the host of a one-shot call does, as far as no
// process is needed for it.
func read(x spec.Transcript) ([]byte, error) {
	r := protocol.NewReader(bytes.NewReader(x.Answer), x.Limit)
	var answer *protocol.Response
	for {
		line, err := r.ReadLine()
		if errors.Is(err, io.EOF) {
			return decode(x, answer)
		}
		if err != nil {
			return nil, err
		}
		m, err := protocol.ParseMessage(line)
		if err != nil {
			return nil, err
		}
		switch m := m.(type) {
		case *protocol.Request:
			return nil, protocol.NewViolation(protocol.UnexpectedRequest, line, "")
		case *protocol.Response:
			if answer != nil {
				return nil, protocol.NewViolation(protocol.TwoAnswers, line, "")
			}
			if string(m.ID) != "1" && string(m.ID) != "null" {
				return nil, protocol.NewViolation(protocol.WrongID, line, "")
			}
			answer = m
		}
	}
}

func decode(x spec.Transcript, answer *protocol.Response) ([]byte, error) {
	switch {
	case answer == nil:
		return nil, protocol.NewViolation(protocol.NoAnswer, nil, "")
	case answer.Error != nil:
		return nil, answer.Error
	case strings.HasPrefix(x.Name, protocol.MethodModify):
		_, err := protocol.DecodeModifyResult(answer.Result)
		return answer.Result, err
	case strings.HasPrefix(x.Name, protocol.MethodCheck):
		_, err := protocol.DecodeCheckResult(answer.Result)
		return answer.Result, err
	case strings.HasPrefix(x.Name, protocol.MethodCommand):
		_, err := protocol.DecodeCommandResult(answer.Result)
		return answer.Result, err
	}
	d, _, err := protocol.DecodeDescribe(answer.Result)
	if err == nil && d.Name != spec.TranscriptPlugin {
		err = &protocol.Violation{Kind: protocol.BadResult, Rule: "NAM-2"}
	}
	return answer.Result, err
}
