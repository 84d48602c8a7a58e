package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// SCP-10: a list that holds a secret is one value, and not to be seen.
func TestApplyKeepsSecretLists(t *testing.T) {
	const list = "- {name: a, password: hunter2}\n"
	tests := []struct {
		name, text, pointer string
		result              *protocol.ModifyResult
	}{
		{"by merge", "later:\n" + list, "/later", byMerge(`{"later":["x"]}`)},
		{"by an object", "later:\n" + list, "/later", byMerge(`{"later":{"a":1}}`)},
		{"by an empty object", "later:\n" + list, "/later", byMerge(`{"later":{}}`)},
		{"by patch", "later:\n" + list, "/later", byPatch(`[{"op":"add","path":"/later","value":1}]`)},
		{"by config", "later:\n" + list, "/later", byConfig(`{"asn":1,"later":[]}`)},
		{"nested", "later:\n  b: 1\n  a:\n  " + list, "/later/a", byMerge(`{"later":{"a":[]}}`)},
		{"with what is around it", "later:\n  b: 1\n  a:\n  " + list, "/later/a", byMerge(`{"later":null}`)},
	}
	for _, tt := range tests {
		d := load(t, "asn: 1\n"+tt.text)
		_, err := NewView(d.Tree(), d, Scopes{}).Apply(tt.result)
		var r *RefusedError
		if assert.ErrorAs(t, err, &r, tt.name) {
			assert.Equal(t, RuleHidden, r.Rule, tt.name)
			assert.Equal(t, tt.pointer, r.Pointer, tt.name)
			assert.Contains(t, r.Hint(), "grants: {secrets: true}", tt.name)
		}
	}
	d := load(t, "later: [{password: hunter2}]\n")
	_, err := NewView(d.Tree(), d, Scopes{Secrets: true}).Apply(byMerge(`{"later":["x"]}`))
	assert.NoError(t, err, "with the grant")
}

// A secret by alias stays one whatever plugins do around it.
func TestApplyAliasSecrets(t *testing.T) {
	d := load(t, "hostname: &p hunter2\npeers: {A: {asn: 1, password: *p, tags: [*p]}}\n")
	for _, result := range []*protocol.ModifyResult{
		byMerge(`{"hostname":"x"}`), byMerge(`{"peers":{"A":{"tags":[]}}}`),
		byConfig(`{"hostname":"x","peers":{"A":{"asn":1}}}`),
	} {
		_, err := NewView(d.Tree(), d, Scopes{}).Apply(result)
		var r *RefusedError
		require.ErrorAs(t, err, &r)
		assert.Equal(t, RuleSecret, r.Rule)
	}
	_, err := NewView(d.Tree(), d, Scopes{Secrets: true}).Apply(byMerge(`{"hostname":["hunter2"]}`))
	var v *ValueError
	require.ErrorAs(t, err, &v)
	assert.NotContains(t, v.Error(), "hunter2")
	out, err := NewView(d.Tree(), d, Scopes{}).Apply(byMerge(`{"peers":{"A":null}}`))
	require.NoError(t, err)
	assert.Contains(t, string(out.Changes[0].Before), "hunter2")
	assert.JSONEq(t, `{"asn":1,"password":"********","tags":"********"}`, string(out.Changes[0].Masked().Before))
}
