package yamledit

import "strings"

// layFlow lays a [list] or a {mapping} whose entries come and go: a separator
// goes with the entry behind it, and new ones are written like the others.
func (p *planner) layFlow(b *collection) error {
	if err := p.checkFlow(b); err != nil {
		return err
	}
	last := len(b.entries) - 1
	if b.lastKept() < 0 {
		p.replaceFlow(b)
		return nil
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

// checkFlow refuses comments between the entries.
func (p *planner) checkFlow(b *collection) error {
	at := b.flow.open
	for _, e := range append(b.entries, entry{start: b.flow.end, end: b.flow.end}) {
		if i := strings.IndexByte(p.s[at:e.start], '#'); i >= 0 {
			return p.refuse(at+i, "comments stand between the entries of the brackets here", "write it in lines, one entry each")
		}
		at = e.end
	}
	return nil
}
