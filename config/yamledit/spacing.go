package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// spaced reports whether a new entry goes behind a blank line. Between entries
// of one line it does if the one it follows stands apart on both sides. Else it
// does if the last two siblings of its shape (one line, or several) are apart;
// without such siblings, if all are apart, or entries of several lines that
// are indented like it are apart elsewhere, or some are at the top level.
func (p *planner) spaced(b *collection, behind int, in insert) bool {
	key := spacing{behind: behind, tall: len(in.lines) > 1 && !in.moved}
	if _, known := b.spaced[key]; !known {
		b.spaced[key] = p.findSpaced(b, key)
	}
	return b.spaced[key]
}

// spacing is what the blank line before a new entry depends on.
type spacing struct {
	behind int
	tall   bool // the entry has several lines
}

func (p *planner) findSpaced(b *collection, s spacing) bool {
	behind := s.behind
	if behind < 0 || p.keepsBlanks(b.entries[behind].value) {
		return false
	}
	tall := func(e entry) bool { return p.line(e.start) != p.line(e.end) }
	want := s.tall || tall(p.entry(b, behind))
	if !want && behind+1 < len(b.entries) {
		return (behind == 0 || p.apart(b, behind)) && p.apart(b, behind+1)
	}
	blanks, gaps := 0, len(b.entries)-1
	for i := len(b.entries) - 1; i > 0; i-- {
		above, below := p.entry(b, i-1), p.entry(b, i)
		blank := p.apart(b, i)
		if want == (tall(above) || tall(below)) {
			return blank
		}
		if blank {
			blanks++
		}
	}
	switch {
	case gaps > 0 && blanks == gaps:
		return true
	case b.owner.mark == noMark:
		return want && (blanks > 0 || gaps == 0)
	}
	return want && p.spacedElsewhere(p.root, b.inner.indent)
}

// apart reports whether blank lines stand before an entry that is not the
// first.
func (p *planner) apart(b *collection, i int) bool {
	return p.blankBetween(p.nextLine(p.entry(b, i-1).end), p.entry(b, i).start)
}

// spacedElsewhere reports whether entries of several lines that are indented
// by a number of columns are apart in the first mapping that has two of them.
func (p *planner) spacedElsewhere(n *yaml.Node, column int) bool {
	if n.Kind != yaml.MappingNode || !isBlock(n) || n.Column > column+1 {
		return false
	}
	for i := 0; 2*i < len(n.Content); i++ {
		if n.Column == column+1 && i > 0 {
			above, errAbove := p.blockPair(n, i-1)
			e, err := p.blockPair(n, i)
			if err != nil || errAbove != nil {
				return false
			}
			if p.line(e.start) != p.line(e.end) {
				return p.blankBetween(p.nextLine(above.end), e.start)
			}
		}
		if p.spacedElsewhere(n.Content[2*i+1], column) {
			return true
		}
	}
	return false
}

// keepsBlanks reports whether blank lines behind a value are part of it.
func (p *planner) keepsBlanks(n *yaml.Node) bool {
	n = lastLeaf(n)
	if n.Style&blockStyles == 0 {
		return false
	}
	at, err := p.at(n)
	return err != nil || strings.Contains(p.s[at:p.lineEnd(at)], "+")
}
