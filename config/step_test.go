package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Every key of a large mapping is found where it stands, those in another base
// and those from merge keys too; others are not.
func TestPositionsInLargeMappings(t *testing.T) {
	var text strings.Builder
	text.WriteString("base: &base\n  M:\n    asn: 1\n  P7:\n    asn: 2\npeers:\n  <<: *base\n")
	for i := range 200 {
		fmt.Fprintf(&text, "  P%d: {asn: %d}\n", i, i+1)
	}
	text.WriteString("authorized-providers:\n")
	for i := range 200 {
		fmt.Fprintf(&text, "  0x%x: [%d]\n", i+1, i)
	}
	d := load(t, text.String())
	for i := range 200 {
		line, column, ok := d.Position(tree.Path{"peers", fmt.Sprintf("P%d", i), "asn"})
		assert.Equal(t, []any{8 + i, 7 + len(fmt.Sprint(i)), true}, []any{line, column, ok}, i)
		line, column, ok = d.Position(tree.Path{"authorized-providers", fmt.Sprint(i + 1)})
		assert.Equal(t, []any{209 + i, 3, true}, []any{line, column, ok}, i)
	}
	o, ok := d.Origin(path(t, "/peers/M/asn"))
	require.True(t, ok)
	assert.Equal(t, 3, o.Line)
	assert.Len(t, o.Via, 1)
	for _, pointer := range []string{"/peers/P200", "/peers/<<", "/authorized-providers/0x1", "/authorized-providers/201", "/authorized-providers/"} {
		_, ok := d.Origin(path(t, pointer))
		assert.False(t, ok, pointer)
	}
}
