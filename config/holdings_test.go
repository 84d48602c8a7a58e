package config

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Property: what is remembered of secrets makes no difference to a view,
// whatever plugins have done to the tree since (SCP-10).
func TestViewsWithAndWithoutHoldings(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		d, err := Parse("edge.yml", withPasswords(r))
		require.NoError(t, err)
		require.NotEmpty(t, d.held)
		forgetful, err := Parse("edge.yml", d.Text())
		require.NoError(t, err)
		forgetful.held = nil
		now := d.Tree()
		statics, _ := tree.Lookup(now, tree.Path{"kernel", "statics"})
		now = tree.With(now, tree.Path{"y"}, statics) // where the same key is a secret
		for range 20 {
			for _, s := range []Scopes{{}, {Reads: patterns(t, "/peers", "/x")}, {Secrets: true}} {
				require.Equal(t, string(NewView(now, forgetful, s).AppendJSON(nil)), string(NewView(now, d, s).AppendJSON(nil)), "%d", seed)
			}
			if out, err := NewView(now, d, Scopes{Secrets: true, Guarded: true}).Apply(&protocol.ModifyResult{Patch: step(r)}); err == nil {
				now = out.Tree
			}
		}
	}
}

func withPasswords(r *rand.Rand) []byte {
	var b strings.Builder
	b.WriteString("asn: 65000\nplugins:\n  site:\ntemplates:\n  t: {password: z}\nx:\n")
	section := func() {
		for i := range 70 + r.IntN(40) {
			fmt.Fprintf(&b, "  P%d: {asn: %d", i, i+1)
			if r.IntN(30) == 0 {
				fmt.Fprintf(&b, ", password: secret%d", i)
			}
			b.WriteString("}\n")
		}
	}
	section()
	b.WriteString("peers:\n")
	section()
	b.WriteString("kernel:\n  statics:\n    password: none here\n")
	for i := range 70 {
		fmt.Fprintf(&b, "    10.0.%d.0/24: 192.0.2.1\n", i)
	}
	return []byte(b.String())
}

// step is a patch that brings secrets, takes them, or moves what holds some.
func step(r *rand.Rand) []byte {
	peer := func() string { return fmt.Sprintf("/%s/P%d", []string{"peers", "x"}[r.IntN(2)], r.IntN(90)) }
	from, to := peer(), peer()
	switch r.IntN(6) {
	case 0:
		from, to = "/peers", "/templates"
		switch r.IntN(3) {
		case 0:
			from, to = "/x", "/peers"
		case 1:
			from, to = "/kernel/statics", "/x"
		}
	case 1:
		return fmt.Appendf(nil, `[{"op":"add","path":"%s/password","value":"new"}]`, to)
	case 2:
		return fmt.Appendf(nil, `[{"op":"remove","path":"%s/password"}]`, to)
	case 3:
		return fmt.Appendf(nil, `[{"op":"add","path":"%s","value":{"asn":7,"password":"new"}}]`, to)
	case 4:
		return fmt.Appendf(nil, `[{"op":"remove","path":%q}]`, to)
	}
	return fmt.Appendf(nil, `[{"op":%q,"from":%q,"path":%q}]`, []string{"move", "copy"}[r.IntN(2)], from, to)
}

// What a plugin without scopes is sent of many peers is found without a look
// at each, and so is what it changes.
func TestViewOfManyPeersIsSmallWork(t *testing.T) {
	d, err := Parse("edge.yml", configOf(5000))
	require.NoError(t, err)
	result := &protocol.ModifyResult{Merge: []byte(`{"peers":{"P50":{"local-pref":200},"New":{"asn":1}}}`)}
	var after tree.Value
	allocations := testing.AllocsPerRun(10, func() {
		out, err := NewView(d.Tree(), d, Scopes{}).Apply(result)
		require.NoError(t, err)
		require.Len(t, out.Changes, 2)
		after = out.Tree
		require.NotNil(t, NewView(after, d, Scopes{}))
	})
	require.Less(t, allocations, 2000.0) // not 5000 times several
}
