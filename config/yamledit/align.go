package yamledit

import (
	"strings"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// alignment is the end of a value in front of an inline comment.
type alignment struct {
	path tree.Path
	at   int
}

func (p *planner) align(path tree.Path, at int) { p.aligned = append(p.aligned, alignment{path, at}) }

// alignComments keeps inline comments in their column, or at least two spaces
// behind the value. One with a single space in front keeps that, unless another
// one in its column is right above or below it.
func (p *planner) alignComments() {
	byLine := map[int][]Edit{}
	for _, e := range p.edits {
		line := p.line(e.End)
		byLine[line] = append(byLine[line], e)
	}
	done := map[int]bool{}
	for _, a := range p.aligned {
		stop := p.skipBlanks(a.at)
		gap := stop - a.at
		if done[a.at] || p.byteAt(stop) != '#' || gap == 0 || strings.Contains(p.s[a.at:stop], "\t") {
			continue
		}
		done[a.at] = true
		if gap == 1 && !p.inColumn(stop) {
			continue
		}
		if width := max(min(gap, 2), gap-p.growth(byLine[p.line(a.at)], a.at)); width != gap {
			p.edit(a.path, a.at, stop, spaces(width))
		}
	}
}

// inColumn reports whether a comment stands right above or below another one.
func (p *planner) inColumn(at int) bool {
	column := p.column(at)
	for _, line := range []int{p.line(at) - 1, p.line(at) + 1} {
		if line < 0 || line >= len(p.lines) {
			continue
		}
		start := p.lines[line]
		end := p.lineEnd(start)
		if other, ok := p.offset(line+1, column+1); ok && other > start && other < end && p.s[other] == '#' && isSpace(p.s[other-1]) {
			return true
		}
	}
	return false
}

// growth returns by how many columns the edits of a line move what stands at
// an offset in it.
func (p *planner) growth(edits []Edit, at int) int {
	columns := 0
	for _, e := range edits {
		if e.End > at || e.Start == e.End && strings.Contains(e.Text, "\n") {
			continue
		}
		columns += utf8.RuneCountInString(e.Text)
		if e.Start < p.lineStart(at) {
			columns += p.column(e.Start) - p.column(e.End)
		} else {
			columns -= utf8.RuneCountInString(p.s[e.Start:e.End])
		}
	}
	return columns
}
