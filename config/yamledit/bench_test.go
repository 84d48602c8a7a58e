package yamledit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/stretchr/testify/require"
)

// manyPeers is a configuration with n peers of twelve lines each.
func manyPeers(n int) string {
	var b strings.Builder
	b.WriteString("asn: 65000\npeers:\n")
	for i := range n {
		fmt.Fprintf(&b, "  # peer %d\n  P%d:\n    asn: %d   # theirs\n    template: upstream\n    neighbors:\n      - 192.0.2.1\n      - 2001:db8::1\n"+
			"    announce: [ \"65000:1\", \"65000:2\" ]\n    local-pref: 100\n    tags:\n      - ixp   # where\n\n", i, i, 64512+i)
	}
	return b.String()
}

// BenchmarkApply changes one value, and five in each peer, of 3000 peers.
func BenchmarkApply(b *testing.B) {
	const peers = 3000
	text := []byte(manyPeers(peers))
	d, err := yamledit.Parse(text)
	require.NoError(b, err)
	var all []yamledit.Op
	for i := range peers {
		peer := tree.Path{"peers", fmt.Sprintf("P%d", i)}
		all = append(
			all,
			yamledit.Op{Path: peer.Child("asn"), Value: json.Number("4200000000")},
			yamledit.Op{Path: peer.Child("local-pref"), Remove: true},
			yamledit.Op{Path: peer.Child("tags"), Value: []tree.Value{"ixp", "drained"}},
			yamledit.Op{Path: peer.Child("announce"), Value: []tree.Value{"65000:1", "65000:3"}},
			yamledit.Op{Path: peer.Child("prepends"), Value: json.Number("3")},
		)
	}
	for name, ops := range map[string][]yamledit.Op{"one": all[:1], "all": all} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _, err := apply(d, ops)
				require.NoError(b, err)
			}
		})
	}
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			_, err := yamledit.Parse(text)
			require.NoError(b, err)
		}
	})
}

// BenchmarkKeys adds 10,000 keys to a mapping of as many, and replaces and
// removes those, one op each or as one mapping.
func BenchmarkKeys(b *testing.B) {
	const keys = 10_000
	text := manyKeys(keys)
	d, err := yamledit.Parse(text)
	require.NoError(b, err)
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			_, err := yamledit.Parse(text)
			require.NoError(b, err)
		}
	})
	for name, ops := range opsOnKeys(keys) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _, err := apply(d, ops)
				require.NoError(b, err)
			}
		})
	}
}

func manyKeys(n int) []byte {
	var b strings.Builder
	b.WriteString("kernel:\n  statics:\n")
	for i := range n {
		fmt.Fprintf(&b, "    10.%d.%d.0/24: 192.0.2.1\n", i/250, i%250)
	}
	return []byte(b.String())
}

func opsOnKeys(n int) map[string][]yamledit.Op {
	statics := tree.Path{"kernel", "statics"}
	none := func(tree.Path) bool { return false }
	ops := map[string][]yamledit.Op{}
	whole := &tree.Object{}
	for i := range n {
		old := statics.Child(fmt.Sprintf("10.%d.%d.0/24", i/250, i%250))
		added := statics.Child(fmt.Sprintf("172.%d.%d.0/24", i/250, i%250))
		whole.Set(added[2], "192.0.2.9")
		ops["add"] = append(ops["add"], yamledit.Op{Path: added, Value: "192.0.2.9", IntegerKeys: none})
		ops["add mappings"] = append(ops["add mappings"], yamledit.Op{Path: added, Value: object("a", "b"), IntegerKeys: none})
		ops["set"] = append(ops["set"], yamledit.Op{Path: old, Value: "192.0.2.9"})
		ops["remove"] = append(ops["remove"], yamledit.Op{Path: old, Remove: true})
		ops["add below"] = append(ops["add below"], yamledit.Op{Path: tree.Path{"new", added[2]}, Value: "x", IntegerKeys: none})
	}
	ops["whole"] = []yamledit.Op{{Path: statics, Value: whole, IntegerKeys: none}}
	return ops
}

// TestManyKeys: what BenchmarkKeys measures does what it should.
func TestManyKeys(t *testing.T) {
	const keys = 3000
	d, err := yamledit.Parse(manyKeys(keys))
	require.NoError(t, err)
	want := map[string]int{"add": 2 * keys, "add mappings": 2 * keys, "set": keys, "remove": 0, "whole": keys, "add below": keys}
	for name, ops := range opsOnKeys(keys) {
		text, _, err := apply(d, ops)
		require.NoError(t, err, name)
		after, err := yamledit.Parse(text)
		require.NoError(t, err, name)
		mapping := ops[0].Path[:len(ops[0].Path)-1]
		if name == "whole" {
			mapping = ops[0].Path
		}
		v, _ := tree.Lookup(valueOf(after.Root()), mapping)
		require.IsType(t, &tree.Object{}, v, name)
		require.Equal(t, want[name], v.(*tree.Object).Len(), name)
		for _, op := range []yamledit.Op{ops[0], ops[len(ops)-1]} {
			v, _ := tree.Lookup(valueOf(after.Root()), op.Path)
			require.True(t, op.Remove && v == nil || tree.Equal(op.Value, v), name)
		}
	}
}
