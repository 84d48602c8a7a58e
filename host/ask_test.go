package host_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

const asked = `asn: 65000
rtr-server: 192.0.2.1:8282
plugins: {drain: ""}
peers:
  A B/C: {asn: 65001, password: hunter2, tags: [x, y], neighbors: [192.0.2.9]}
  Z: {asn: 65002}
`

// ASK-2, ASK-3, ASK-4, ASK-5: what a plugin with these reads is told of what it asks for.
func TestConfigGet(t *testing.T) {
	const refused = `expected a pointer to what the plugin may read, got `
	for _, tc := range []struct{ params, result, fails string }{
		{`{"request":1,"pointer":"/asn"}`, `{"found":true,"value":65000}`, ""},
		{`{"request":1,"pointer":"/hostname"}`, `{"found":false}`, ""},
		{`{"request":1,"pointer":"/peers/A B~1C/tags/1"}`, `{"found":true,"value":"y"}`, ""},
		{`{"request":1,"pointer":"/peers/A B~1C/tags/2"}`, `{"found":false}`, ""},
		{`{"request":1,"pointer":"/peers/A B~1C"}`, `{"found":true,"value":{"tags":["x","y"]}}`, ""},
		{`{"request":1,"pointer":"","x":1}`, `{"found":true,"value":{"asn":65000,"peers":{"A B/C":{"tags":["x","y"]}}}}`, ""},
		{`{"request":1,"pointer":"/peers/None/tags"}`, `{"found":false}`, ""},

		{`{"request":1,"pointer":"/peers/A B~1C/password"}`, "", refused}, // SCP-10
		{`{"request":1,"pointer":"/peers/Z/password"}`, "", refused},
		{`{"request":1,"pointer":"/peers/Z"}`, "", refused},
		{`{"request":1,"pointer":"/rtr-server"}`, "", refused}, // SCP-2
		{`{"request":1,"pointer":"/plugins"}`, "", refused},    // SCP-6
		{`{"request":1,"pointer":"/router-id"}`, "", refused},  // SCP-4
		{`{"request":1,"pointer":"asn"}`, "", "must be empty or start with a slash"},
		{`{"request":1,"pointer":"/~2"}`, "", "tilde"},
		{`{"request":1,"pointer":7}`, "", `config.get: params.pointer must be a string, and is "7"`},
		{`{"request":1}`, "", "config.get: params.pointer is missing"},
		{`{"pointer":"/asn"}`, "", "config.get: params.request is missing"},
		{``, "", "config.get: params.request is missing"},
	} {
		doc, err := config.Parse("edge.yml", []byte(asked))
		require.NoError(t, err)
		view := config.NewView(doc.Tree(), doc, config.Scopes{
			Reads:       patterns(t, "/asn", "/hostname", "/router-id", "/plugins", "/peers/*/tags", "/peers/*/password"),
			NarrowReads: patterns(t, "/asn", "/hostname", "/peers", "/plugins"),
		})
		result, err := host.Answers(view)(&protocol.Request{Method: "config.get", Params: []byte(tc.params)})
		if tc.fails == "" {
			require.NoError(t, err, tc.params)
			assert.Equal(t, tc.result, string(result), tc.params)
			assert.NoError(t, spec.Validate("config-get-result", result))
			continue
		}
		require.ErrorIs(t, err, &protocol.Error{Code: protocol.CodeInvalidParams}, tc.params)
		assert.ErrorContains(t, err, tc.fails, tc.params)
	}
	_, err := host.Answers(nil)(&protocol.Request{Method: "config.set"})
	require.ErrorIs(t, err, &protocol.Error{Code: protocol.CodeMethodNotFound})
	assert.ErrorContains(t, err, `expected the method config.get, got "config.set"`)
	_, err = host.Answers(nil)(&protocol.Request{Method: "config.get", Params: []byte(`{"request":1,"pointer":"/asn"}`)})
	require.ErrorIs(t, err, &protocol.Error{Code: protocol.CodeInvalidParams})
	assert.ErrorContains(t, err, "during a call that is sent a view")
}

// A grant opens what is secret to questions too (SCP-10).
func TestConfigGetOfAGrantedSecret(t *testing.T) {
	doc, err := config.Parse("edge.yml", []byte(asked))
	require.NoError(t, err)
	view := config.NewView(doc.Tree(), doc, config.Scopes{Secrets: true})
	result, err := host.Answers(view)(&protocol.Request{Method: "config.get", Params: []byte(`{"request":1,"pointer":"/peers/A B~1C/password"}`)})
	require.NoError(t, err)
	assert.Equal(t, `{"found":true,"value":"hunter2"}`, string(result))
}

func patterns(t *testing.T, texts ...string) []config.Pattern {
	var out []config.Pattern
	for _, text := range texts {
		p, err := config.ParsePattern(text)
		require.NoError(t, err)
		out = append(out, p)
	}
	return out
}
