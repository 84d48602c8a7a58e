package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Property: an edit either is exact and leaves everything else alone, or is
// refused with its place. Nearly nothing is refused.
func TestEditGenerated(t *testing.T) {
	edits, refused := 0, 0
	for seed := range uint64(1200) {
		g := newGenerator(seed)
		text := g.document()
		d, err := Parse("edge.yml", []byte(text))
		require.NoError(t, err, "%d\n%s", seed, text)
		out, err := NewView(d.Tree(), d, granted).Apply(&protocol.ModifyResult{Merge: tree.Append(nil, g.result(d.Tree()))})
		if err != nil {
			require.True(t, errors.As(err, new(*ValueError)), "%d: %v", seed, err)
			continue
		}
		if !tryEdit(t, d, out.Tree) {
			refused++
			t.Logf("%d refused", seed)
		}
		edits++
	}
	assert.Greater(t, edits, 900)
	assert.Less(t, refused, edits/50)
}

// tryEdit reports whether the edit was made.
func tryEdit(t testing.TB, d *Document, after tree.Value) bool {
	t.Helper()
	e, err := d.Edit(after)
	if err != nil {
		var refused *Error
		require.ErrorAs(t, err, &refused)
		require.NotEmpty(t, refused.Problem)
		require.True(t, refused.Line > 0 || d.yaml.Root() == nil, refused.Error())
		return false
	}
	checkEdit(t, string(d.text), after, e)
	checkLines(t, string(d.text), e)
	return true
}

// checkLines holds an edit to leaving the lines alone that it does not touch.
func checkLines(t testing.TB, before string, e *Edited) {
	t.Helper()
	lines := strings.SplitAfter(before, "\n")
	at, after := 0, string(e.Text)
	for _, line := range lines {
		start, end := at, at+len(line)
		at = end
		touched := false
		for _, x := range e.Edits {
			touched = touched || x.Start < end && x.End > start || x.Start == x.End && x.Start >= start && x.Start <= end
		}
		if touched {
			continue
		}
		i := strings.Index(after, line)
		require.GreaterOrEqual(t, i, 0, "the line %q is gone or moved", line)
		after = after[i+len(line):]
	}
}

// Property: the plugin gets what it asks for, nothing else changes, and the
// changes are the whole of it.
func TestApplyGenerated(t *testing.T) {
	applied, refused := 0, 0
	for seed := range uint64(1200) {
		g := newGenerator(seed)
		d := load(t, g.document())
		s := g.scopes(t)
		v := NewView(d.Tree(), d, s)
		merge := g.result(d.Tree())
		out, err := v.Apply(&protocol.ModifyResult{Merge: tree.Append(nil, merge)})
		if err != nil {
			refused++
			require.True(t, errors.As(err, new(*ValueError)) || errors.As(err, new(*RefusedError)), "%d: %v", seed, err)
			continue
		}
		applied++
		again := d.Tree()
		for _, c := range out.Changes {
			at := path(t, c.Pointer)
			require.True(t, s.writes().to(at).whole(), "%d: %s is not in writes", seed, c.Pointer)
			require.False(t, !s.Secrets && at[len(at)-1] == "password" && len(at) == 3, "%d: %s", seed, c.Pointer)
			if c.Op == tree.Remove {
				again = tree.Without(again, at)
			} else {
				again = tree.With(again, at, value(t, string(c.After)))
			}
			before, ok := tree.Lookup(d.Tree(), at)
			require.Equal(t, c.Op != tree.Add, ok, "%d: %s %s", seed, c.Op, c.Pointer)
			if ok {
				require.True(t, tree.Equal(before, value(t, string(c.Before))))
			}
		}
		require.True(t, tree.Equal(again, out.Tree), "%d: %s\nis not %s", seed, asJSON(again), asJSON(out.Tree))
		if s.Reads == nil && s.NarrowReads == nil && s.Secrets {
			seen := NewView(out.Tree, d, s).shown
			require.True(t, tree.Equal(mergePatch(v.shown, merge), seen) || removedPlugins(merge), "%d", seed)
		}
	}
	assert.Greater(t, applied, 200)
	assert.Greater(t, refused, 200)
}

func removedPlugins(v tree.Value) bool { return v.(*tree.Object).Has("plugins") }

func (g *generator) scopes(t testing.TB) Scopes {
	lists := [][]Pattern{
		nil, nil, patterns(t), patterns(t, "/peers"), patterns(t, "/peers/*/tags", "/peers/*/disabled"), patterns(t, "/peers/T*", "/later", "/kernel"),
		patterns(t, "/asn", "/hostname", "/prefixes", "/peers/*/asn"), patterns(t, ""),
	}
	pick := func() []Pattern { return lists[g.IntN(len(lists))] }
	s := Scopes{Reads: pick(), Writes: pick(), Secrets: g.some(2), Guarded: g.some(2)}
	if g.some(4) {
		s.NarrowReads, s.NarrowWrites = pick(), pick()
	}
	return s
}

// FuzzEdit: for every text and every result, parse(edit(text)) equals
// apply(parse(text)), and lines that are not touched are identical. An empty
// merge stands for one made from the seed.
func FuzzEdit(f *testing.F) {
	for seed := range uint64(40) {
		g := newGenerator(seed)
		text := g.document()
		d := load(f, text)
		f.Add(text, string(tree.Append(nil, g.result(d.Tree()))), uint64(0))
		f.Add(text, "", seed)
	}
	files, err := filepath.Glob("../testdata/*/*.yml")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text), `{"asn":64999,"peers":{"New":{"asn":1,"neighbors":["192.0.2.1"]}}}`, uint64(0))
		f.Add(string(text), "", uint64(1))
	}
	f.Fuzz(func(t *testing.T, text, merge string, seed uint64) {
		d, err := Parse("edge.yml", []byte(text))
		if err != nil {
			require.True(t, errors.As(err, new(*Error)))
			return
		}
		if _, err := d.Plugins(); err != nil {
			require.True(t, errors.As(err, new(*Error)))
		}
		require.NoError(t, protocol.Validate(NewView(d.Tree(), d, granted).AppendJSON(nil)))
		if merge == "" {
			merge = asJSON(newGenerator(seed).result(d.Tree()))
		}
		out, err := NewView(d.Tree(), d, granted).Apply(byMerge(merge))
		if err != nil || protocol.Validate([]byte(merge)) != nil {
			return
		}
		tryEdit(t, d, out.Tree)
	})
}
