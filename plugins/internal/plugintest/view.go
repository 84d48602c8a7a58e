package plugintest

import (
	"encoding/json"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/spec"
)

// YAML returns a YAML file as JSON.
func YAML(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var v map[string]any
	require.NoError(t, yaml.Unmarshal(text, &v), file)
	return Marshal(t, v)
}

// Marshal returns v as a JSON text.
func Marshal(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// Unmarshal returns a JSON text as a value.
func Unmarshal[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

// Describe is what tests look at in a describe result.
type Describe struct {
	Name    string
	Reads   []string
	Writes  []string
	Options json.RawMessage
}

// ReadDescribe reads the answer to describe, by the schemas of spec.
func ReadDescribe(t testing.TB, stdout string) Describe {
	t.Helper()
	a := ReadAnswer(t, "describe", stdout)
	require.NoError(t, spec.Validate("describe-result", a.Result))
	return Unmarshal[Describe](t, string(a.Result))
}

// View returns what the patterns cover of the config, a JSON text, with the
// objects on the way (SCP-2, SCP-5).
func View(t testing.TB, config string, patterns []string) string {
	t.Helper()
	v, _ := view(Unmarshal[any](t, config), "", patterns)
	if v == nil {
		return "{}"
	}
	return Marshal(t, v)
}

func view(v any, at string, patterns []string) (any, bool) {
	if Covered(at, patterns) {
		return v, true
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	kept := map[string]any{}
	for k, child := range object {
		if c, ok := view(child, at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(k), patterns); ok {
			kept[k] = c
		}
	}
	return kept, len(kept) > 0
}

// Covered reports whether one of the patterns covers the pointer (SCP-2).
func Covered(pointer string, patterns []string) bool {
	for _, p := range patterns {
		segments := strings.Split(pointer, "/")
		if n := strings.Count(p, "/") + 1; n <= len(segments) {
			if ok, err := path.Match(p, strings.Join(segments[:n], "/")); ok && err == nil {
				return true
			}
		}
	}
	return false
}
