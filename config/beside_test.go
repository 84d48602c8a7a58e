package config

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

func TestPatternsOverlap(t *testing.T) {
	for _, tc := range []struct {
		a, b    string
		overlap bool
	}{
		{"", "/anything", true},
		{"/peers", "/peers", true},
		{"/peers", "/peers/*/asn", true},
		{"/peers", "/templates", false},
		{"/peers/*/asn", "/peers/*/tags", false},
		{"/peers/*/asn", "/peers/X", true},
		{"/peers/Calico*", "/peers/*ico", true},
		{"/peers/Calico*", "/peers/calico*", false},
		{"/peers/a*", "/peers/*b*", true},
		{"/peers/a*a", "/peers/a", false},
		{"/peers/a*a", "/peers/aa", true},
		{"/peers/*x", "/peers/*y", false},
		{"/peers/*x*", "/peers/*y*", true},
		{"/peers/~2", "/peers/X", false},
		{"/peers/~2", "/peers/*", true},
		{"/a~1b", "/a/b", false},
		{"/", "/x", false},
	} {
		a, b := patterns(t, tc.a)[0], patterns(t, tc.b)[0]
		assert.Equal(t, tc.overlap, a.Overlap(b), "%s and %s", tc.a, tc.b)
		assert.Equal(t, tc.overlap, b.Overlap(a), "%s and %s", tc.b, tc.a)
	}
}

// words returns all texts of a and b up to a length.
func words(longest int) []string {
	out := []string{""}
	for from := 0; longest > 0; longest-- {
		end := len(out)
		for _, w := range out[from:end] {
			out = append(out, w+"a", w+"b")
		}
		from = end
	}
	return out
}

// globs returns all segments of a, b and asterisks up to a length.
func globs(longest int) []glob {
	var out []glob
	for _, w := range words(longest) {
		for mask := range 1 << len(w) {
			text := []byte(w)
			for i := range text {
				if mask>>i&1 == 1 {
					text[i] = '*'
				}
			}
			out = append(out, strings.Split(string(text), "*"))
		}
	}
	return out
}

// Every two short segments, against every key that could match both: such a
// key has at most the letters of both.
func TestSegmentsOverlapExactly(t *testing.T) {
	keys := words(6)
	for _, g := range globs(3) {
		for _, h := range globs(3) {
			found := false
			for _, key := range keys {
				found = found || g.match(key) && h.match(key)
			}
			require.Equal(t, found, g.overlap(h), "%q and %q", g, h)
		}
	}
}

// SCP-12: scopes touch exactly when some value is covered by what the one
// writes and by what the other reads or writes, each with what the settings
// narrow it to.
func TestBesideIsExact(t *testing.T) {
	var paths []tree.Path
	for _, w := range words(8) {
		paths = append(paths, tree.Path{w})
	}
	for _, v := range words(4) {
		for _, w := range words(4) {
			paths = append(paths, tree.Path{v, w})
		}
	}
	beside := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 5))
		earlier, later := shortScopes(t, r), shortScopes(t, r)
		touch := false
		for _, p := range paths {
			touch = touch || earlier.writes().to(p).whole() && (later.reads().to(p).whole() || later.writes().to(p).whole())
		}
		require.Equal(t, !touch, later.Beside(earlier), "%d: %v %v", seed, earlier, later)
		if !touch {
			beside++
		}
	}
	assert.Greater(t, beside, 50)
	assert.Less(t, beside, 350)
}

// shortScopes have patterns of which any four that overlap do so in a short
// path: two letters in a pattern of one segment, one in each of two.
func shortScopes(t testing.TB, r *rand.Rand) Scopes {
	list := func() []Pattern {
		if r.IntN(4) == 0 {
			return nil
		}
		texts := make([]string, r.IntN(3))
		for i := range texts {
			texts[i] = []string{"/a", "/b", "/ab", "/a*", "/*b", "/a*b", "/*", "/b*a", "/a/b", "/a/*", "/*/a", "/b/*", "/*/b*", "/a*/*b", ""}[r.IntN(15)]
		}
		return patterns(t, texts...)
	}
	s := Scopes{Reads: list(), Writes: list()}
	if r.IntN(2) == 0 {
		s.NarrowReads, s.NarrowWrites = list(), list()
	}
	return s
}

// SCP-3, SCP-12: what declares nothing touches everything there is.
func TestUndeclaredScopesTouchEverything(t *testing.T) {
	undeclared, nothing := Scopes{}, Scopes{Reads: patterns(t), Writes: patterns(t)}
	hostname := Scopes{Reads: patterns(t), Writes: patterns(t, "/hostname")}
	assert.False(t, undeclared.Beside(undeclared))
	assert.False(t, undeclared.Beside(hostname), "it reads what that writes")
	assert.False(t, hostname.Beside(undeclared), "that may write what it writes")
	assert.True(t, nothing.Beside(undeclared))
	assert.True(t, undeclared.Beside(nothing))
	narrowed := Scopes{NarrowReads: patterns(t, "/asn"), NarrowWrites: patterns(t, "/asn")}
	assert.True(t, narrowed.Beside(hostname), "by the settings it reads and writes something else")
}

// A plugin that declares more than is compared waits for the others.
func TestTooManyPatternsCountAsTouching(t *testing.T) {
	var many []Pattern
	for i := range maxPairs + 1 {
		many = append(many, patterns(t, fmt.Sprintf("/peers/%d", i))...)
	}
	wide := Scopes{Reads: many, Writes: many, NarrowReads: patterns(t, "/peers", "/asn"), NarrowWrites: patterns(t, "/peers", "/asn")}
	other := Scopes{Reads: patterns(t), Writes: patterns(t, "/hostname")}
	assert.False(t, other.Beside(wide))
	assert.False(t, wide.Beside(other))
	assert.False(t, Scopes{Reads: many, Writes: patterns(t)}.Beside(other), "pairs of what one writes and the other reads")
}

// SCP-12, ASK-3: a plugin that may run beside an earlier one is sent the same
// view, byte for byte, and gets the same answers to questions, whether the earlier one's changes have been made or not.
func TestViewBesideAnEarlierPluginIsTheSame(t *testing.T) {
	beside := 0
	for seed := range uint64(4000) {
		g := newGenerator(seed)
		d := load(t, g.document())
		earlier, later := g.scopes(t), g.scopes(t)
		if !later.Beside(earlier) {
			continue
		}
		view := NewView(d.Tree(), d, later)
		before := string(view.AppendJSON(nil))
		for range 20 {
			out, err := NewView(d.Tree(), d, earlier).Apply(&protocol.ModifyResult{Merge: tree.Append(nil, g.result(d.Tree()))})
			if err != nil || len(out.Changes) == 0 {
				continue
			}
			beside++
			after := NewView(out.Tree, d, later)
			require.Equal(t, before, string(after.AppendJSON(nil)), "%d", seed)
			for _, c := range out.Changes {
				for at := path(t, c.Pointer); len(at) > 0; at = at[:len(at)-1] {
					was, found, readable := view.Get(at)
					is, stillFound, stillReadable := after.Get(at)
					require.Equal(t, []any{found, readable}, []any{stillFound, stillReadable}, "%d: %s", seed, at)
					require.True(t, tree.Equal(was, is), "%d: %s", seed, at)
				}
			}
		}
	}
	assert.Greater(t, beside, 500)
}
