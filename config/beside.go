package config

import (
	"slices"
	"strings"
)

// Overlap reports whether some value is covered by both patterns.
//
// Segment by segment some key must match both; where one pattern ends, it
// covers whatever the other one says further down.
func (p Pattern) Overlap(q Pattern) bool {
	for i := range min(len(p.segments), len(q.segments)) {
		if !p.segments[i].overlap(q.segments[i]) {
			return false
		}
	}
	return true
}

// overlap reports whether some key matches both. One without an asterisk is
// the only key that it matches. Of two with asterisks the longer beginning,
// then everything that either wants in its middle, then the longer end is such
// a key, if the beginnings agree and the ends do.
func (g glob) overlap(h glob) bool {
	switch {
	case len(g) == 1:
		return h.match(g[0])
	case len(h) == 1:
		return g.match(h[0])
	}
	start, otherStart := g[0], h[0]
	end, otherEnd := g[len(g)-1], h[len(h)-1]
	return (strings.HasPrefix(start, otherStart) || strings.HasPrefix(otherStart, start)) &&
		(strings.HasSuffix(end, otherEnd) || strings.HasSuffix(otherEnd, end))
}

// Beside reports whether a plugin with the scopes s may run at the same time as
// one with the scopes earlier, which comes before it, and yet have the outcome
// of running after it: what the earlier one writes must touch neither what s
// reads nor what s writes.
//
// Results are taken over in order, so only the view that the later plugin is
// sent could differ: it is cut from a tree in which the earlier one's changes
// are missing. It does not differ. A change is at a path that the earlier one's
// writes cover, with all below it, and it leaves every other value as it is,
// but for objects on the way to it, which it may make, also in place of a null.
// If no path is covered by those writes and by the reads of the later one, then
// no value that this one sees is at that path or below it; nor is the path
// below a value that its reads cover, as they would cover the path too. What
// is on the way is in a view only for the sake of covered values below it, and
// the change brings or takes none. The order of keys stays too: what is written
// keeps its place or goes to the end. Secrets by alias are those of the
// document, whatever the tree. So the later plugin is sent the same bytes, and
// its questions have the same answers (View.Get).
//
// Its result is held to the tree that it is applied to, so that what is hidden
// in there, and what its changes replace, is what it would have been. The
// reads of the earlier plugin do not matter, as it never sees a tree with the
// later one's changes. That writes must not touch either is for what scopes do
// not tell: two plugins that write the same place may work on the same thing
// outside of the configuration.
func (s Scopes) Beside(earlier Scopes) bool {
	written := both(earlier.Writes, earlier.NarrowWrites)
	return !written.touch(both(s.Reads, s.NarrowReads)) && !written.touch(both(s.Writes, s.NarrowWrites))
}

// coverage is what two lists of patterns cover together: each pair what both
// of its patterns cover.
type coverage [][2]Pattern

// both pairs what a plugin declares with what the settings narrow it to. A nil
// list covers everything.
func both(declared, narrowed []Pattern) coverage {
	everything := []Pattern{{}}
	if declared == nil {
		declared = everything
	}
	if narrowed == nil {
		narrowed = everything
	}
	if len(declared)*len(narrowed) > maxPairs {
		return coverage{{}}
	}
	var c coverage
	for _, p := range declared {
		for _, q := range narrowed {
			if p.Overlap(q) {
				c = append(c, [2]Pattern{p, q})
			}
		}
	}
	return c
}

// maxPairs is how many pairs of patterns are compared; more count as touching,
// so that a plugin that declares a great many holds up nothing.
const maxPairs = 10_000

// touch reports whether both cover some value. Patterns of which each two
// overlap have a value in common: of keys without an asterisk all are the same
// one, and otherwise the longest beginning, all middles and the longest end are
// a key for all of them.
func (c coverage) touch(d coverage) bool {
	if len(c)*len(d) > maxPairs {
		return true
	}
	return slices.ContainsFunc(c, func(p [2]Pattern) bool {
		return slices.ContainsFunc(d, func(q [2]Pattern) bool {
			return p[0].Overlap(q[0]) && p[0].Overlap(q[1]) && p[1].Overlap(q[0]) && p[1].Overlap(q[1])
		})
	})
}
