package python_test

import (
	"encoding/json"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// answer is what the tests read of one.
type answer struct {
	ID     json.RawMessage
	Result map[string]json.RawMessage
	Error  *struct{ Code int }
}

func transcripts(t *testing.T) []spec.Transcript {
	t.Helper()
	all, err := spec.Transcripts()
	require.NoError(t, err)
	return all
}

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
			lines := oneShot(t, x.Args, x.Request)
			require.Len(t, lines, 1)
			assertOutcome(t, x, lines[0])
		})
	}
	assert.Greater(t, ran, 4)
}

// What a handler returns or raises is answered as the transcripts have it.
func TestTranscriptsOfHandlers(t *testing.T) {
	forms := map[string]int{}
	for _, x := range transcripts(t) {
		recorded, ok := replayable(x)
		if !ok {
			continue
		}
		t.Run(x.Name, func(t *testing.T) {
			lines := oneShot(t, x.Args, x.Request, "REPLAY="+recorded)
			line := lines[len(lines)-1]
			assertOutcome(t, x, line)
			forms[compare(t, x, recorded, line)]++
		})
	}
	for _, form := range []string{"merge", "patch", "config", "command", "error"} {
		assert.NotZero(t, forms[form], "a transcript with %s", form)
	}
}

// replayable returns the recorded answer, if a handler can give it: not a
// broken one, nor one that says what the SDK has no means to.
func replayable(x spec.Transcript) (string, bool) {
	line, one := strings.CutSuffix(string(x.Answer), "\n")
	if (x.Method() != "modify" && x.Method() != "command") || x.Outcome.Kind == spec.Violation || !one || strings.Contains(line, "\n") {
		return "", false
	}
	for _, unsayable := range []string{`"requires"`, `"x-`, `"id":null`, `"level":"debug"`, `"level":"error"`} {
		if strings.Contains(line, unsayable) {
			return "", false
		}
	}
	return line, x.Name != "unknown-method"
}

// compare compares an answer with the recorded one, and returns its form.
func compare(t *testing.T, x spec.Transcript, recorded, line string) string {
	t.Helper()
	want := unmarshal[answer](t, recorded)
	switch {
	case want.Error != nil:
		assert.JSONEq(t, recorded, line)
		return "error"
	case x.Method() == "command":
		assert.JSONEq(t, string(want.Result["exitCode"]), string(unmarshal[answer](t, line).Result["exitCode"]))
		return "command"
	case want.Result["config"] == nil:
		assert.JSONEq(t, recorded, line)
		if want.Result["patch"] != nil {
			return "patch"
		}
		return "merge"
	}
	request := unmarshal[struct {
		Params struct{ Config json.RawMessage }
	}](t, string(x.Request))
	patch, err := jsonpatch.DecodePatch(unmarshal[answer](t, line).Result["patch"])
	require.NoError(t, err)
	after, err := patch.Apply(request.Params.Config)
	require.NoError(t, err)
	assert.JSONEq(t, string(want.Result["config"]), string(after))
	return "config"
}

func assertOutcome(t *testing.T, x spec.Transcript, line string) {
	t.Helper()
	require.NoError(t, spec.Validate("answer", []byte(line)), line)
	got := unmarshal[answer](t, line)
	if x.Outcome.Kind == spec.Error {
		require.NotNil(t, got.Error, line)
		assert.Equal(t, x.Outcome.Code, got.Error.Code)
		return
	}
	require.Nil(t, got.Error, line)
	if x.Method() != "" {
		assert.NoError(t, spec.Validate(x.Method()+"-answer", []byte(line)))
	}
}
