package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Each of these would take longer than the age of the universe.
func TestMergeKeysThatMultiply(t *testing.T) {
	bomb := func(first string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "a0: &a0 {%s}\n", first)
		for i := 1; i < 64; i++ {
			fmt.Fprintf(&b, "a%d: &a%d {<<: [*a%d, *a%d]}\n", i, i, i-1, i-1)
		}
		return b.String()
	}
	for _, first := range []string{"", "k: 1"} {
		_, err := Parse("f.yml", []byte(bomb(first)))
		var e *Error
		if assert.ErrorAs(t, err, &e) {
			assert.Equal(t, "aliases make the configuration too large", e.Problem)
			assert.Positive(t, e.Line)
		}
	}
}

// What Parse takes, a look for a key that is nowhere must not walk again and
// again: here one mapping is merged in by 2^16 ways.
func TestLookupVisitsOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 {}\n")
	for i := 1; i <= 16; i++ {
		fmt.Fprintf(&b, "a%d: &a%d {<<: [*a%d, *a%d]}\n", i, i, i-1, i-1)
	}
	d, err := Parse("f.yml", []byte(b.String()))
	require.NoError(t, err)
	_, root := lookup(d.yaml.Root(), nil, "a16")
	s := search{name: "nope", seen: map[*yaml.Node]bool{}}
	_, value := s.in(root)
	assert.Nil(t, value)
	assert.Len(t, s.seen, 17)
	_, _, ok := d.Position(path(t, "/a16/nope"))
	assert.False(t, ok)
}
