package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Advice stays short however much is refused, and still allows all of it.
func TestAdviceForManyChanges(t *testing.T) {
	d := load(t, small)
	peers, keys := &tree.Object{}, &tree.Object{}
	for i := range 50 {
		peer := &tree.Object{}
		peer.Set("disabled", true)
		peers.Set(fmt.Sprintf("P%d", i), peer)
		keys.Set(fmt.Sprintf("k%d", i), i%2 == 0)
	}
	for _, tt := range []struct{ key, value, want string }{
		{"peers", asJSON(peers), `writes: ["/asn", "/peers/*/disabled"]`},
		{"later", asJSON(keys), `writes: ["/asn", "/later"]`},
	} {
		_, err := NewView(d.Tree(), d, Scopes{NarrowWrites: patterns(t, "/asn")}).Apply(byMerge(fmt.Sprintf(`{%q:%s}`, tt.key, tt.value)))
		var r *RefusedError
		require.ErrorAs(t, err, &r)
		assert.Equal(t, 49, r.More)
		assert.Contains(t, r.Error(), "(and 49 more changes)")
		assert.Contains(t, r.Hint(), tt.want)
	}
}
