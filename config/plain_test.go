package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestPlainValue(t *testing.T) {
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte("asn: 012\nhostname: 0x10\na: &a [yes, true]\nb: *a"), &doc))
	v, err := PlainValue("settings.yml", doc.Content[0])
	require.NoError(t, err)
	assert.Equal(t, `{"asn":10,"hostname":16,"a":["yes",true],"b":["yes",true]}`, asJSON(v))

	require.NoError(t, yaml.Unmarshal([]byte("a:\n  - .inf"), &doc))
	_, err = PlainValue("settings.yml", doc.Content[0])
	require.EqualError(t, err, `settings.yml:2:5: /a/0: expected a finite number, got ".inf"`)
}

func TestSecretsOfATree(t *testing.T) {
	d := load(t, "peers: {A: {password: &p short, description: *p}}\npeeringdb-api-key: the longest one\n"+
		"later: {password: [a longer, 12345, {x: deep}], list: [{password: inner}], empty: {password: \"\"}}\nhostname: public\n")
	assert.ElementsMatch(t, []string{"the longest one", "a longer", "12345", "short", "short", "inner", "deep"}, d.Secrets(d.Tree()))
	assert.Equal(t, "the longest one", d.Secrets(d.Tree())[0])
	out, err := NewView(d.Tree(), d, granted).Apply(byMerge(`{"peers":{"B":{"password":"added"}}}`))
	require.NoError(t, err)
	assert.Contains(t, d.Secrets(out.Tree), "added")
}
