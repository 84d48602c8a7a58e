package conn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// judgedElsewhere are the transcripts whose violation lies in what a result
// means and not in its form: whoever knows the plugin's name, JSON Schema,
// patterns or the view finds it.
var judgedElsewhere = map[string]bool{
	"describe-other-name":     true,
	"describe-options-remote": true,
	"describe-options-schema": true,
	"describe-pattern":        true,
	"describe-pattern-escape": true,
	"modify-patch-missing":    true,
	"modify-patch-no-value":   true,
	"modify-patch-operation":  true,
	"modify-patch-test":       true,
}

func TestTranscripts(t *testing.T) {
	all, err := spec.Transcripts()
	require.NoError(t, err)
	for _, script := range all {
		t.Run(script.Name, func(t *testing.T) {
			err := judge(t, script)
			if script.Outcome.Kind == spec.Result || judgedElsewhere[script.Name] {
				require.NoError(t, err)
				return
			}
			var wire *protocol.Error
			var v *protocol.Violation
			switch script.Outcome.Kind {
			case spec.Error:
				require.ErrorAs(t, err, &wire)
				assert.Equal(t, script.Outcome.Code, wire.Code)
			case spec.Violation:
				require.ErrorAs(t, err, &v)
				assert.Equal(t, script.Outcome.Rule, v.Rule, "%v", v)
			}
		})
	}
}

// judge makes the call of a transcript and returns how it ended.
func judge(t *testing.T, script spec.Transcript) error {
	m, err := protocol.ParseMessage(script.Request[:len(script.Request)-1])
	require.NoError(t, err)
	require.IsType(t, &protocol.Request{}, m)
	req := m.(*protocol.Request)
	c := printed(t, string(script.Answer), Options{Limit: script.Limit})
	result, err := c.Call(patient(t), Call{Method: req.Method, Params: req.Params})
	wait(t, c.Done())
	switch {
	case err != nil:
		return err
	case c.Err() != nil:
		return c.Err()
	case req.Method == protocol.MethodDescribe:
		_, _, err = protocol.DecodeDescribe(result)
	case req.Method == protocol.MethodModify:
		_, err = protocol.DecodeModifyResult(result)
	case req.Method == protocol.MethodCheck:
		_, err = protocol.DecodeCheckResult(result)
	case req.Method == protocol.MethodCommand:
		_, err = protocol.DecodeCommandResult(result)
	}
	return err
}
