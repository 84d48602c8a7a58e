package yamledit

import "strings"

// layShared lays a block collection whose first entry stands on the line of
// the dash it belongs to.
func (p *planner) layShared(b *collection) error {
	first := b.firstKept()
	start := p.entry(b, 0).start
	if first == len(b.entries) {
		text, end := b.empty, p.entry(b, first-1).end
		if ins := b.inserts[-1]; len(ins) > 0 {
			text, end = p.sharedText(b, ins), p.lineEnd(end)
			if end == len(p.s) {
				text += p.newline(end)
			}
		}
		p.edit(b.path, start, end, text)
		return nil
	}
	if first > 0 && p.commentsAbove(b, first) < p.lineStart(p.entry(b, first).start) {
		return p.layBelowDash(b, first)
	}
	for i := range first {
		p.edit(b.removed[i], p.entry(b, i).start, p.entry(b, i+1).start, "")
	}
	if ins := b.inserts[-1]; len(ins) > 0 {
		at := p.entry(b, first).start
		p.edit(ins[0].path, at, at, p.sharedText(b, ins)+p.newline(at)+spaces(b.inner.indent))
		delete(b.inserts, -1)
	}
	return p.layLines(b, first+1)
}

// layBelowDash leaves nothing behind the dash, as comments stand above the
// first entry that stays.
func (p *planner) layBelowDash(b *collection, first int) error {
	dash := p.s[p.lineStart(p.entry(b, 0).start):p.entry(b, 0).start]
	start := p.entry(b, 0).start - len(dash) + len(strings.TrimRight(dash, " "))
	end := p.commentsAbove(b, first)
	p.edit(b.removed[0], start, end, p.newline(start))
	if ins := b.inserts[-1]; len(ins) > 0 {
		p.insertBlocks(b, -1, end, false)
		delete(b.inserts, -1)
	}
	return p.layLines(b, first+1)
}

// sharedText joins new entries for a place behind a dash.
func (p *planner) sharedText(b *collection, ins []insert) string {
	var lines []string
	for _, in := range ins {
		lines = append(lines, in.lines...)
	}
	return strings.TrimLeft(strings.Join(lines, p.newline(p.entry(b, 0).start)), " ")
}
