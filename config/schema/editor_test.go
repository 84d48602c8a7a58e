package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// editor is a stock validator with the schema that editors are given.
func editor(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(ForEditors()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("editor.json", doc))
	s, err := c.Compile("editor.json")
	require.NoError(t, err)
	return s
}

// edited is what an editor makes of a file: JSON by YAML's own types.
func edited(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal(text, &v))
	data, err := json.Marshal(textKeys(v))
	require.NoError(t, err)
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return out
}

func textKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			v[key] = textKeys(child)
		}
	case map[any]any:
		out := map[string]any{}
		for key, child := range v {
			out[fmt.Sprint(key)] = textKeys(child)
		}
		return out
	case []any:
		for i, item := range v {
			v[i] = textKeys(item)
		}
	}
	return v
}

func TestEditorsTakeTheEdgeRouter(t *testing.T) {
	text, err := os.ReadFile("../../testdata/edge/pathvector.yml")
	require.NoError(t, err)
	assert.NoError(t, editor(t).Validate(edited(t, text)))
}

func TestEditorsTakeWhatPathvectorTakes(t *testing.T) {
	s := editor(t)
	for _, text := range []string{
		"hostname: 12", "hostname: true", "hostname: 1.50", "router-id: 1", "bogon-asns: [7, 1..5]", "asn: '1_000'", "asn: 0x10",
		"accept-default: yes", "accept-default: 'off'", "peers: {X: {as-prefs: {174: 1, 0xAE: 1}}}", "plugins: {a: 1, b: true, c: }",
		"peers: {X: {template: t, description: 5, tags: [1, true]}}", "templates: {X: {asn: 1}}", "later: {a: 1}", "kernel: {table: 1e3}",
	} {
		assert.NoError(t, s.Validate(edited(t, withRequired(text))), text)
	}
	for _, text := range []string{
		"asn: lots", "accept-default: maybe", "hostname: [a]", "peers: {X: {neighbors: 192.0.2.1}}", "peers: {X: {role: boss}}", "asn: 0",
		"rtr-server: '[2001:db8::1]:323'", "peers: {X: {as-prefs: {AS174: 1}}}", "peers: {X: {template: [t]}}", "templates: {X: {asn: a}}",
		"plugins: {a: {b: 1}}", "kernel: ", "peers: {X: {filter-irr: 7}}", "peers: {X: {neighbors: []}}",
	} {
		assert.Error(t, s.Validate(edited(t, withRequired(text))), text)
	}
}

func withRequired(text string) []byte {
	if !bytes.HasPrefix([]byte(text), []byte("asn:")) {
		text = "asn: 1\n" + text
	}
	if !bytes.Contains([]byte(text), []byte("router-id:")) {
		text = "router-id: 192.0.2.1\n" + text
	}
	return []byte(text)
}

// Editors show what a schema says at the key, and know nothing of Go.
func TestEditorsGetDescriptions(t *testing.T) {
	var file struct {
		ID         string                    `json:"$id"`
		Properties map[string]map[string]any `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(ForEditors(), &file))
	assert.Empty(t, file.ID)
	assert.Equal(t, At([]string{"asn"}).Format, file.Properties["asn"]["format"])
	assert.NotEmpty(t, file.Properties["asn"]["description"])
}
