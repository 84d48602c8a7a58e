package yamledit

import "strings"

// layFlow lays a [list] or a {mapping} whose entries come and go: a separator
// goes with the entry behind it, and new ones are written like the others.
func (p *planner) layFlow(b *collection) error {
	last := len(b.entries) - 1
	if b.lastKept() < 0 {
		p.replaceFlow(b)
		return nil
	}
	if comment, ok := p.flowComment(b); ok {
		return p.layFlowLines(b, comment)
	}
	first := b.firstKept()
	for i, path := range b.removed {
		switch {
		case path == nil:
		case i < first:
			p.edit(path, p.entry(b, i).start, p.entry(b, i+1).start, "")
		default:
			p.edit(path, p.entry(b, i-1).end, p.entry(b, i).end, "")
		}
	}
	separator := p.separator(b)
	for _, in := range b.inserts[-1] {
		at := p.entry(b, first).start
		p.edit(in.path, at, at, in.text+separator)
	}
	for behind := 0; behind <= last; behind++ {
		for _, in := range b.inserts[behind] {
			at := p.entry(b, behind).end
			p.edit(in.path, at, at, separator+in.text)
		}
	}
	return nil
}

// replaceFlow lays a flow collection of which no entry stays.
func (p *planner) replaceFlow(b *collection) {
	if len(b.inserts[-1]) == 0 {
		p.edit(b.path, b.flow.open+1, b.flow.end-1, "")
		return
	}
	var parts []string
	for _, in := range b.inserts[-1] {
		parts = append(parts, in.text)
	}
	p.edit(b.path, p.entry(b, 0).start, p.entry(b, len(b.entries)-1).end, strings.Join(parts, p.separator(b)))
}

// separator returns what stands between two entries.
func (p *planner) separator(b *collection) string {
	if n := len(b.entries); n > 1 {
		return p.s[p.entry(b, n-2).end:p.entry(b, n-1).start]
	}
	return ", "
}

// flowComment returns the offset of the first comment between the entries.
func (p *planner) flowComment(b *collection) (at int, ok bool) {
	at = b.flow.open
	for i := 0; i <= len(b.entries); i++ {
		e := entry{start: b.flow.end, end: b.flow.end}
		if i < len(b.entries) {
			e = p.entry(b, i)
		}
		if i := strings.IndexByte(p.s[at:e.start], '#'); i >= 0 {
			return at + i, true
		}
		at = e.end
	}
	return 0, false
}

// layFlowLines lays a flow collection with comments, in which every entry
// must have lines of its own: whole lines come and go.
func (p *planner) layFlowLines(b *collection, comment int) error {
	for i := range b.entries {
		if !p.ownsLines(p.entry(b, i)) {
			return p.refuse(comment, "comments stand between the entries of the brackets here", "write it in lines, one entry each")
		}
	}
	for i, path := range b.removed {
		if path != nil {
			p.edit(path, p.flowTop(b, i), p.nextLine(p.entry(b, i).end), "")
		}
	}
	for behind := -1; behind < len(b.entries); behind++ {
		if len(b.inserts[behind]) > 0 {
			p.insertFlowLines(b, behind)
		}
	}
	return nil
}

// ownsLines reports whether an entry shares its lines with nothing but a comma
// and a comment behind it.
func (p *planner) ownsLines(e entry) bool {
	rest := p.skipBlanks(e.end)
	if p.byteAt(rest) == ',' {
		rest = p.skipBlanks(rest + 1)
	}
	return !p.sharesLine(e.start) && (rest >= p.lineEnd(e.end) || p.s[rest] == '#')
}

// flowTop returns where the comment lines right above an entry start.
func (p *planner) flowTop(b *collection, i int) int {
	low := p.nextLine(b.flow.open)
	if i > 0 {
		low = p.nextLine(p.entry(b, i-1).end)
	}
	top := p.lineStart(p.entry(b, i).start)
	for p.commentEnds(top, low) {
		top = p.lineStart(top - 1)
	}
	return top
}

func (p *planner) insertFlowLines(b *collection, behind int) {
	ins, final := b.inserts[behind], false
	at := 0
	if behind < 0 {
		at = p.flowTop(b, b.firstKept())
	} else {
		e := p.entry(b, behind)
		at = p.nextLine(e.end)
		if final = p.byteAt(p.skipBlanks(e.end)) != ','; final {
			p.edit(ins[0].path, e.end, e.end, ",")
		}
	}
	indent := spaces(p.column(p.entry(b, max(behind, 0)).start))
	for i, in := range ins {
		text := indent + in.text
		if !final || i+1 < len(ins) {
			text += ","
		}
		p.edit(in.path, at, at, text+p.newline(at))
	}
}
