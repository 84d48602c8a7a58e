package yamledit_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// checkInverse proves that undoing the edits gives the bytes that were there.
func checkInverse(t *testing.T, before, after string, edits []yamledit.Edit) {
	var b strings.Builder
	at, grown := 0, 0
	for _, e := range edits {
		start := e.Start + grown
		b.WriteString(after[at:start] + before[e.Start:e.End])
		at = start + len(e.Text)
		grown += len(e.Text) - (e.End - e.Start)
	}
	require.Equal(t, before, b.String()+after[at:])
}

// TestScalarBack: a scalar that becomes another one and then its old value
// again is as it was, whatever stands around it.
func TestScalarBack(t *testing.T) {
	for _, text := range []string{
		"a: 1\n", "a: one     # note\n", "a: 'one'\n", "a: \"one\" # note\nb: 1\n", "a: true\r\nb: 1\r\n", "a: ~1", "? a\n: one # note\n",
		"a: |\n  one\n  two\nb: 1\n", "a: |-   # note\n   one\n   two\n", "a: >\n  one\n", "a:\n  one\nb: 1\n", "a:   one\n", "{a: one, b: 1}\n", "---\na: \"o\\tne\"\n...\n",
	} {
		d, err := yamledit.Parse([]byte(text))
		require.NoError(t, err)
		old, _ := tree.Lookup(valueOf(d.Root()), tree.Path{"a"})
		value := tree.Value("other")
		switch {
		case strings.Contains(text, "|-"):
			value = "other\nlines"
		case strings.ContainsAny(text, "|>"):
			value = "other\n"
		case old == true:
			value = false
		}
		assert.Equal(t, text, thereAndBack(t, text, tree.Path{"a"}, value, old))
	}
}

func thereAndBack(t *testing.T, text string, path tree.Path, value, old tree.Value) string {
	for _, v := range []tree.Value{value, old} {
		d, err := yamledit.Parse([]byte(text))
		require.NoError(t, err)
		r, err := d.Apply([]yamledit.Op{{Path: path, Value: v}})
		require.NoError(t, err)
		text = string(r.Text)
	}
	return text
}

// asWritten is the scalars of generated documents that Apply writes in the same
// way.
var asWritten = map[string]bool{
	"1": true, "plain": true, "two words": true, `"quoted"`: true, "'single # it''s'": true, "true": true, "1.5": true,
	`"a\tb"`: true, "a#b": true, "é ü": true, "http://x/": true, `""`: true, "a": true, `"q"`: true, "'s'": true, "x y": true, `"a, b"`: true,
}

// TestScalarsBack does the same in generated documents, where the new value can
// have the style of the old one and leaves room for the comment behind it.
func TestScalarsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	done := 0
	for range 6000 {
		choices := make([]byte, 300)
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		c := &chooser{rest: choices}
		text := generate(c)
		d, err := yamledit.Parse([]byte(text))
		if err != nil || d.Root() == nil || cyclic(d.Root()) {
			continue
		}
		paths := []tree.Path{}
		collectPaths(d.Root(), tree.Path{}, &paths)
		if path := paths[random.IntN(len(paths))]; scalarBack(t, d, text, path, newScalars[random.IntN(len(newScalars))]) {
			done++
		}
	}
	assert.Greater(t, done, 500)
}

var newScalars = []tree.Value{"x", "new", "other value", "é", json.Number("7"), json.Number("12345"), true, false, "it's", "#"}

// scalarBack reports whether the value could be tried at the path.
func scalarBack(t *testing.T, d *yamledit.Document, text string, path tree.Path, value tree.Value) bool {
	r, err := d.Apply([]yamledit.Op{{Path: path, Value: value}})
	if err != nil || len(r.Edits) == 0 || !asWritten[text[r.Edits[0].Start:r.Edits[0].End]] || len(r.Edits) > 2 {
		return false
	}
	if pushes(text, r.Edits[0]) || len(r.Edits) == 2 && strings.Trim(r.Edits[1].Text, " ") != "" {
		return false // the comment has to move, or an alias keeps the old value
	}
	old, _ := tree.Lookup(valueOf(d.Root()), path)
	before, after := nodeAt(d.Root(), path), nodeAt(r.Root, path)
	if before == nil || after == nil || before.Style != after.Style || before.Anchor != "" {
		return false
	}
	require.Equal(t, text, thereAndBack(t, text, path, value, old), "%v %v", path, value)
	return true
}

// pushes reports whether an edit leaves less than two spaces before the comment
// behind it, where there were as many.
func pushes(text string, e yamledit.Edit) bool {
	line, _, _ := strings.Cut(text[e.End:], "\n")
	front, _, found := strings.Cut(line, " #")
	gap := 1 + len(front) - len(strings.TrimRight(front, " "))
	growth := utf8.RuneCountInString(e.Text) - utf8.RuneCountInString(text[e.Start:e.End])
	return found && gap > 1 && gap-growth < 2
}

// nodeAt returns the node at a path that leads through no alias.
func nodeAt(n *yaml.Node, path tree.Path) *yaml.Node {
	for i, seg := range path {
		if n == nil || n.Kind == yaml.AliasNode {
			return nil
		}
		if n.Kind == yaml.SequenceNode {
			at := -1
			if err := json.Unmarshal([]byte(seg), &at); err != nil || at >= len(n.Content) {
				return nil
			}
			n = n.Content[at]
			continue
		}
		var next *yaml.Node
		for k := 0; k+1 < len(n.Content); k += 2 {
			if n.Content[k].Value == path[i] {
				next = n.Content[k+1]
			}
		}
		n = next
	}
	return n
}
