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
				_, _, err := d.Apply(ops)
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
