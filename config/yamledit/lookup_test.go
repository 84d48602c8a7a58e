package yamledit

import (
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLookup(t *testing.T) {
	d, err := Parse([]byte(`# configuration
base: &base
  asn: 1
  deep: {é: [x, &y yes]}
own: &own
  asn: 2
  <<: *base
peers:
  A:
    <<: [*own, *base]
    list: [a, *y]
  B: *own
  C:
loop: &loop
  <<: *loop
`))
	require.NoError(t, err)
	for pointer, want := range map[string]struct {
		line, column int
		value        string
	}{
		"/base/asn":         {3, 8, "1"},
		"/base/deep/é/0":    {4, 14, "x"},
		"/peers/A/asn":      {6, 8, "2"},
		"/peers/A/deep/é/1": {4, 17, "yes"},
		"/peers/A/list/1":   {11, 15, "y"},
		"/peers/B/asn":      {6, 8, "2"},
		"/peers/B":          {12, 6, "own"},
		"/peers/C":          {13, 5, ""},
	} {
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		_, n, ok := d.lookup(path)
		require.True(t, ok, pointer)
		assert.Equal(t, []int{want.line, want.column}, []int{n.Line, n.Column}, pointer)
		assert.Equal(t, want.value, n.Value, pointer)
	}
	for _, pointer := range []string{"/x", "/peers/A/x", "/peers/A/list/2", "/peers/A/list/01", "/peers/A/list/x", "/base/asn/x", "/loop/x", "/own/<<"} {
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		_, _, ok := d.lookup(path)
		assert.False(t, ok, pointer)
	}
	key, value, ok := d.lookup(tree.Path{"peers", "A"})
	require.True(t, ok)
	assert.Equal(t, []int{9, 3, 10}, []int{key.Line, key.Column, value.Line})
	key, value, ok = d.lookup(tree.Path{})
	require.True(t, ok)
	assert.Nil(t, key)
	assert.Same(t, d.Root(), value)
}
