package yamledit

import (
	"sort"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
)

// region is a run of whole lines to remove: an entry with the comments that
// belong to it.
type region struct {
	path       tree.Path
	start, end int
	low        int  // nothing in front of this offset may be touched
	opens      bool // the entry is the first one of several
	sticky     bool // blank lines behind what comes before are part of it
	filled     bool // something new stands in its place
}

func (p *planner) region(b *collection, i int) (region, error) {
	e := p.entry(b, i)
	if rest := p.skipBlanks(e.end); rest < p.lineEnd(e.end) && p.s[rest] != '#' {
		return region{}, p.uncertain(rest)
	}
	r := region{path: b.removed[i], start: p.commentsAbove(b, i), end: p.bottom(e, b.inner.indent)}
	r.low, r.opens = p.lowest(b, i), i == 0 && b.lastKept() >= 0
	r.sticky = i > 0 && p.keepsBlanks(b.entries[i-1].value)
	return r, nil
}

// checkBlockAbove refuses a removal behind a block scalar if the comment that
// comes next would become part of its text.
func (p *planner) checkBlockAbove(b *collection, i, at int) error {
	if i == 0 || lastLeaf(b.entries[i-1].value).Style&blockStyles == 0 {
		return nil
	}
	if !p.room(at, p.entry(b, i).end, b.inner.indent) {
		return p.refuse(at, "the line here would become part of the text block above it", "indent it less")
	}
	return nil
}

// low returns the start of the first line behind what comes before an entry.
func (p *planner) low(b *collection, i int) int {
	switch {
	case i > 0:
		return p.nextLine(p.entry(b, i-1).end)
	case b.owner.mark == noMark:
		return p.lines[0]
	}
	return p.nextLine(b.owner.mark)
}

// lowest returns the start of the first line that can belong to an entry: the
// one behind what comes before with the comments below that.
func (p *planner) lowest(b *collection, i int) int {
	if i > 0 {
		return p.bottom(p.entry(b, i-1), b.inner.indent)
	}
	return p.low(b, i)
}

// bottom returns the start of the line behind an entry: behind its last line
// and the comment lines right below that are indented deeper than its key or
// dash, which belong to it.
func (p *planner) bottom(e entry, column int) int {
	at := p.nextLine(e.end)
	for at < len(p.s) && p.isComment(at) && p.indent(at) > column && p.line(at) < len(p.lines) {
		at = p.nextLine(at)
	}
	return at
}

// commentsAbove returns where an entry starts together with the comment that
// belongs to it: the comment lines right above it, up to a blank line. Not
// among them are settings that were switched off, with what stands above
// them, and a block with a ruler (######, # -----), which is a heading.
func (p *planner) commentsAbove(b *collection, i int) int {
	own := p.lineStart(p.entry(b, i).start)
	top := own
	for low := p.lowest(b, i); top > low; {
		above := p.lineStart(top - 1)
		line := p.s[above:p.lineEnd(above)]
		switch {
		case above < low || !p.isComment(above) || switchedOff().MatchString(line):
			return top
		case isRuler(line):
			return own
		}
		top = above
	}
	return top
}

// commentBlock returns where all comment lines right above an entry start.
func (p *planner) commentBlock(b *collection, i int) int {
	top := p.lineStart(p.entry(b, i).start)
	for low := p.lowest(b, i); p.commentEnds(top, low); {
		top = p.lineStart(top - 1)
	}
	return top
}

// commentEnds reports whether the line that ends at an offset is a comment,
// and not in front of the offset low.
func (p *planner) commentEnds(at, low int) bool {
	return at > low && p.lineStart(at-1) >= low && p.isComment(p.lineStart(at-1))
}

// switchedOff matches comment lines that hold YAML: #key: value, # - item.
var switchedOff = lazyregexp.New(`^\s*#+\s*(?:- |-$|(?:"[^"]*"|'[^']*'|[a-z0-9][A-Za-z0-9_.-]*):(?:\s|$))`)

const shortestRuler = 4

// isRuler reports whether a comment line is nothing but a line drawn with
// signs.
func isRuler(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= shortestRuler && strings.Trim(line, "#-=*~_+ ") == ""
}

// closeGaps turns the regions into edits. Where a removal would leave two
// runs of blank lines one after the other, the longer one stays; none stays
// at the end of the file or right below the line that opens a mapping or list.
// A blank line stays or comes below a comment that stays, which would else
// stand above the next entry as if it belonged there.
func (p *planner) closeGaps() {
	sort.SliceStable(p.regions, func(i, j int) bool { return p.regions[i].start < p.regions[j].start })
	inserted := map[int]bool{}
	for _, e := range p.edits {
		inserted[e.Start] = inserted[e.Start] || e.Start == e.End
	}
	for i := 0; i < len(p.regions); {
		j := i + 1
		for j < len(p.regions) && !p.regions[j].filled && !p.regions[i].filled && p.blanksBelow(p.regions[j-1].end, inserted) == p.regions[j].start {
			j++
		}
		if !p.regions[i].filled {
			p.closeGap(p.regions[i:j], inserted)
		}
		i = j
	}
	for _, r := range p.regions {
		p.edit(r.path, r.start, r.end, "")
	}
	p.alignComments()
}

// blanksBelow returns the offset behind the blank lines at an offset, unless
// something is inserted there.
func (p *planner) blanksBelow(at int, inserted map[int]bool) int {
	for !inserted[at] && p.isBlank(at) {
		at = p.nextLine(at)
	}
	return at
}

// closeGap removes blank lines around and between regions that have nothing
// but blank lines between them.
func (p *planner) closeGap(group []region, inserted map[int]bool) {
	first, final := &group[0], &group[len(group)-1]
	above := first.start
	for above > first.low && p.isBlank(p.lineStart(above-1)) && p.lineStart(above-1) >= first.low {
		above = p.lineStart(above - 1)
	}
	below := p.blanksBelow(final.end, inserted)
	for i := range group[1:] {
		group[i].end = group[i+1].start
	}
	count := func(from, to int) int { return strings.Count(p.s[from:to], "\n") }
	switch {
	case p.commentEnds(first.start, first.low):
		if final.end == below && below < len(p.s) {
			p.edit(first.path, first.start, first.start, p.newline(first.start))
		}
	case first.sticky:
		final.end = below
	case below == len(p.s):
		first.start = above
	case first.opens && above == first.start, count(above, first.start) >= count(final.end, below):
		final.end = below
	default:
		first.start = above
	}
}
