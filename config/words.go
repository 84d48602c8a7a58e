package config

import (
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
)

// InWords says what patterns cover, those of the same peers or other entries
// together: "asn, tags of every peer".
func InWords(patterns []Pattern) []string {
	var order []string
	groups := map[string][]string{}
	for _, p := range patterns {
		of, what := p.words()
		if groups[of] == nil {
			order = append(order, of)
		}
		groups[of] = append(groups[of], what)
	}
	var out []string
	for _, of := range order {
		line := strings.Join(groups[of], ", ")
		if of != "" {
			line += " of " + of
		}
		out = append(out, line)
	}
	return out
}

// words splits the pattern into what it covers and the entry that this is in;
// of is empty for what is in none.
func (p Pattern) words() (of, what string) {
	switch len(p.segments) {
	case 0:
		return "", "everything"
	case 1, 2:
		return "", p.entry()
	}
	for i, g := range slices.Backward(p.segments[2:]) {
		what += g.words()
		if i > 0 {
			what += " of "
		}
	}
	return p.entry(), what
}

// singular names an entry of the mappings that hold entries by names of the
// operator's choice.
var singular = map[string]string{
	"peers": "peer", "templates": "template", "bfd": "BFD session", "vrrp": "VRRP instance", "mrt": "MRT dump",
}

// entry is the first two segments in words: a peer, a template, a key.
func (p Pattern) entry() string {
	top := p.segments[0].words()
	if len(p.segments) == 1 {
		return top
	}
	name := p.segments[1]
	thing, ok := singular[top]
	switch {
	case !ok:
		return name.words() + " of " + top
	case len(name) == 2 && name[0] == "" && name[1] == "":
		return "every " + thing
	case len(name) > 1:
		return "every " + thing + " named " + name.words()
	}
	return "the " + thing + " " + name.words()
}

func (g glob) words() string { return strings.Join(g, "*") }

// Withheld lists what in reach of the scopes is kept from the plugin for the
// lack of a grant: secrets that it would read or write, and guarded keys that it
// would write.
func (s Scopes) Withheld() (secrets, guarded []Pattern) {
	for _, p := range marked(func(n *schema.Node) bool { return n.XSecret }) {
		reads := meetsAny(s.Reads, p) && meetsAny(s.NarrowReads, p)
		writes := meetsAny(s.Writes, p) && meetsAny(s.NarrowWrites, p)
		if !s.Secrets && (reads || writes) {
			secrets = append(secrets, p)
		}
	}
	for _, p := range marked(func(n *schema.Node) bool { return n.XGuarded }) {
		if !s.Guarded && meetsAny(s.Writes, p) && meetsAny(s.NarrowWrites, p) {
			guarded = append(guarded, p)
		}
	}
	return secrets, guarded
}

// marked returns the patterns of the keys in the schema for which is holds.
func marked(is func(*schema.Node) bool) []Pattern {
	var out []Pattern
	schema.Root().Walk(func(path []string, n *schema.Node) {
		if !is(n) {
			return
		}
		p := Pattern{}
		for _, key := range path {
			g := glob{key}
			if key == schema.AnyKey {
				g = glob{"", ""}
			}
			p.segments = append(p.segments, g)
		}
		out = append(out, p)
	})
	return out
}

// meetsAny reports whether some value may be covered by a pattern of the list,
// nil being everything, and by p.
func meetsAny(patterns []Pattern, p Pattern) bool {
	return patterns == nil || slices.ContainsFunc(patterns, func(q Pattern) bool { return q.meets(p) })
}

func (p Pattern) meets(q Pattern) bool {
	for i := range min(len(p.segments), len(q.segments)) {
		if !p.segments[i].meets(q.segments[i]) {
			return false
		}
	}
	return true
}

// meets reports whether some key matches both. It fills a table: cell i, j says
// whether what is left of g behind i and of h behind j has a key in common.
func (g glob) meets(h glob) bool {
	a, b := g.runes(), h.runes()
	next := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		now := make([]bool, len(b)+1)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				now[j] = true
			case i < len(a) && a[i] == anyRunes:
				now[j] = next[j] || j < len(b) && now[j+1]
			case j < len(b) && b[j] == anyRunes:
				now[j] = now[j+1] || i < len(a) && next[j]
			default:
				now[j] = i < len(a) && j < len(b) && a[i] == b[j] && next[j+1]
			}
		}
		next = now
	}
	return next[0]
}

const anyRunes rune = -1

func (g glob) runes() []rune {
	var out []rune
	for i, part := range g {
		if i > 0 {
			out = append(out, anyRunes)
		}
		out = append(out, []rune(part)...)
	}
	return out
}
