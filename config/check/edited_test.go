package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
	"github.com/natesales/pathvector-plugin/config/tree"
)

const tangled = `asn: 64500
router-id: !vault 192.0.2.1
templates:
  t: &t {announce: [nonsense], local-pref: 80, import-limit4: 1}
  secret: {password: &p open-sesame}
peers:
  A: {template: t, asn: 1, neighbors: [192.0.2.1]}
  B:
    <<: *t
    asn: 2
    description: *p
  C: {asn: 1, neighbors: [one], role: pear}
bogons4: ["2001:db8::/32"]
kernel:
  statics: {192.0.2.1/24: 192.0.2.1}
`

// Property: what is found in a result is what is found in its text, read anew.
func TestResultsAreCheckedAsIfTheyWereRead(t *testing.T) {
	paths := []tree.Path{
		{"router-id"},
		{"asn"},
		{"templates", "t", "announce"},
		{"templates", "t"},
		{"peers", "A"},
		{"peers", "A", "template"},
		{"peers", "A", "neighbors"},
		{"peers", "B", "asn"},
		{"peers", "B", "description"},
		{"peers", "a", "asn"},
		{"peers", "C", "role"},
		{"bogons4"},
		{"kernel", "statics", "10.0.0.1/8"},
		{"prefix"},
	}
	values := []string{`null`, `"x"`, `"peer"`, `"t"`, `3`, `0`, `["192.0.2.9"]`, `["64500:1","y"]`, `{"asn":1,"neighbors":["fe80::1"]}`}
	d, err := config.Parse("c.yml", []byte(tangled))
	require.NoError(t, err)
	checked := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 0))
		after := d.Tree()
		for range 1 + r.IntN(3) {
			at := paths[r.IntN(len(paths))]
			if r.IntN(4) == 0 {
				after = tree.Without(after, at)
				continue
			}
			v, err := tree.Parse([]byte(values[r.IntN(len(values))]))
			require.NoError(t, err)
			after = tree.With(after, at, v)
		}
		e, err := d.Edit(after)
		if err != nil {
			continue // of the wrong type, or a secret that would be written out
		}
		again, err := config.Parse("c.yml", e.Text)
		require.NoError(t, err)
		assert.Equal(t, found(again), found(e), "%d: %s", seed, e.Text)
		checked++
	}
	assert.Greater(t, checked, 100)
}

// found is what is found, wherever it stands.
func found(c check.Configuration) []string {
	var out []string
	for _, f := range check.Document(c) {
		out = append(out, fmt.Sprint(f.Code, f.Path, f.Related, f.Message, f.Instead, f.Missing))
	}
	slices.Sort(out)
	return out
}
