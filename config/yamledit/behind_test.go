package yamledit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

// A new key goes behind the first key of Behind that stays, within its group
// of lines; else to the end.
func TestBehind(t *testing.T) {
	const grouped = "a: 1   # a\nb: 2   # b\n\nc: 3\n"
	const section = "a: 1\n\nb:\n  x: 1\n\nc:\n  y: 2\n"
	set := func(key string, v tree.Value, behind ...string) yamledit.Op {
		return yamledit.Op{Path: tree.Path{key}, Value: v, Behind: behind}
	}
	for _, tc := range []struct {
		name, text string
		ops        []yamledit.Op
		want       string
	}{
		{"in the middle of a group", grouped, []yamledit.Op{set("n", "x", "a")}, "a: 1   # a\n\"n\": x\nb: 2   # b\n\nc: 3\n"},
		{"at the end of a group", grouped, []yamledit.Op{set("new", "x", "b", "a")}, "a: 1   # a\nb: 2   # b\nnew: x\n\nc: 3\n"},
		{"the first that is there", grouped, []yamledit.Op{set("new", "x", "gone", "a")}, "a: 1   # a\nnew: x\nb: 2   # b\n\nc: 3\n"},
		{"none is there", grouped, []yamledit.Op{set("new", "x", "gone")}, "a: 1   # a\nb: 2   # b\n\nc: 3\n\nnew: x\n"},
		{"none is named", grouped, []yamledit.Op{set("new", "x")}, "a: 1   # a\nb: 2   # b\n\nc: 3\n\nnew: x\n"},
		{"not one that goes", grouped, []yamledit.Op{set("new", "x", "b", "a"), {Path: tree.Path{"b"}, Remove: true}}, "a: 1   # a\nnew: x\n\nc: 3\n"},
		{"two behind one keep their order", grouped, []yamledit.Op{set("n1", "x", "a"), set("n2", "x", "a")}, "a: 1   # a\nn1: x\nn2: x\nb: 2   # b\n\nc: 3\n"},
		{"where all stand apart", "a: 1\n\nb: 2\n\nc: 3\n", []yamledit.Op{set("new", "x", "a")}, "a: 1\n\nnew: x\n\nb: 2\n\nc: 3\n"},
		{"a section among sections", section, []yamledit.Op{set("new", &tree.Object{}, "b")}, "a: 1\n\nb:\n  x: 1\n\nnew: {}\n\nc:\n  y: 2\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			doc, err := yamledit.Parse([]byte(tc.text))
			require.NoError(t, err)
			got, _, err := apply(doc, tc.ops)
			require.NoError(t, err)
			assert.Equal(t, tc.want, string(got))
		})
	}
}
