package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Objects that begin like the one before, or have the same keys in another
// order, are what is written (TYP-1).
func TestPeersThatAreAlikeAtFirst(t *testing.T) {
	const text = `peers:
  A: {asn: 1, local-pref: 80, med: 1}
  B: {asn: 2, local-pref: 90, med: 2}
  C: {asn: 3, local-pref: 70, next: 3}
  D: {asn: 4, med: 5, local-pref: 6}
  E: {asn: 7, local-pref: 8}
  F: {asn: 9, local-pref: 10, med: 11}
`
	d, err := Parse("edge.yml", []byte(text))
	require.NoError(t, err)
	assert.JSONEq(t, `{"peers":{"A":{"asn":1,"local-pref":80,"med":1},"B":{"asn":2,"local-pref":90,"med":2},
		"C":{"asn":3,"local-pref":70,"next":3},"D":{"asn":4,"med":5,"local-pref":6},
		"E":{"asn":7,"local-pref":8},"F":{"asn":9,"local-pref":10,"med":11}}}`, asJSON(d.Tree()))
	v, _ := tree.Lookup(d.Tree(), tree.Path{"peers", "D"})
	assert.Equal(t, []string{"asn", "med", "local-pref"}, v.(*tree.Object).Keys())
	after := tree.With(d.Tree(), tree.Path{"peers", "B", "asn"}, tree.Value(number("5")))
	assert.Len(t, tree.Diff(d.Tree(), after), 1)

	_, err = Parse("edge.yml", []byte("x:\n  - {a: &k b, b: 1}\n  - {a: 1, *k : 2, b: 3}\n"))
	require.ErrorContains(t, err, "stands twice")
}
