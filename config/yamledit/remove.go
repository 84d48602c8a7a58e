package yamledit

import (
	"regexp"
	"sort"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
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
	e := b.entries[i]
	if rest := p.skipBlanks(e.end); rest < p.lineEnd(e.end) && p.s[rest] != '#' {
		return region{}, p.uncertain(rest)
	}
	r := region{path: b.removed[i], start: p.commentsAbove(b, i), end: p.bottom(e, b.inner.indent)}
	r.low, r.opens = p.low(b, i), i == 0 && b.lastKept() >= 0
	r.sticky = i > 0 && p.keepsBlanks(b.entries[i-1].value)
	return r, nil
}

// checkBlockAbove refuses a removal behind a block scalar if the comment that
// comes next would become part of its text.
func (p *planner) checkBlockAbove(b *collection, i, at int) error {
	if i == 0 || lastLeaf(b.entries[i-1].value).Style&blockStyles == 0 {
		return nil
	}
	if !p.room(at, b.entries[i].end, b.inner.indent) {
		return p.refuse(at, "the line here would become part of the text block above it", "indent it less")
	}
	return nil
}

// low returns the start of the first line behind what comes before an entry.
func (p *planner) low(b *collection, i int) int {
	switch {
	case i > 0:
		return p.nextLine(b.entries[i-1].end)
	case b.owner.mark == noMark:
		return p.lines[0]
	}
	return p.nextLine(b.owner.mark)
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

// commentsAbove returns where an entry starts together with the comment block
// that belongs to it, as ownComments finds it. The block does not belong to
// the entry if it reads as the heading of several:
//   - one of its lines is a ruler (######, # -----), or
//   - it opens a paragraph that has another entry, which has no such block of
//     its own right behind this entry.
func (p *planner) commentsAbove(b *collection, i int) int {
	own := p.lineStart(b.entries[i].start)
	top, ruled := p.ownComments(b, i)
	low := p.low(b, i)
	opens := top == low && i == 0 || top > low && p.isBlank(p.lineStart(top-1))
	if ruled || opens && p.headsMore(b, i) {
		return own
	}
	return top
}

// ownComments returns the start of the comment lines right above an entry that
// have its indentation and are no settings that were switched off; the entry's
// own line where there are none. Ruled says that a line among them is a ruler.
func (p *planner) ownComments(b *collection, i int) (top int, ruled bool) {
	top = p.lineStart(b.entries[i].start)
	for low := p.low(b, i); top > low; {
		above := p.lineStart(top - 1)
		line := p.s[above:p.lineEnd(above)]
		if above < low || !p.isComment(above) || p.indent(above) != b.inner.indent || switchedOff.MatchString(line) {
			break
		}
		ruled = ruled || isRuler(line)
		top = above
	}
	return top, ruled
}

// headsMore reports whether a comment above an entry may speak for the next
// entry, too.
func (p *planner) headsMore(b *collection, i int) bool {
	if i+1 >= len(b.entries) {
		return false
	}
	bottom, next := p.bottom(b.entries[i], b.inner.indent), p.lineStart(b.entries[i+1].start)
	top, _ := p.ownComments(b, i+1)
	return !p.blankBetween(bottom, next) && (top == next || top != bottom)
}

// switchedOff matches comment lines that hold YAML: #key: value, # - item.
var switchedOff = regexp.MustCompile(`^\s*#+\s*(?:- |-$|(?:"[^"]*"|'[^']*'|[a-z0-9][A-Za-z0-9_.-]*):(?:\s|$))`)

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
