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

// alignComments keeps inline comments in their column, with at least one
// space in front.
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
		if width := max(1, gap-p.growth(byLine[p.line(a.at)], a.at)); width != gap {
			p.edit(a.path, a.at, stop, spaces(width))
		}
	}
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
