package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// The parser says where a node starts, not where it ends. This file finds the
// ends from the text. A start or an end that the text does not confirm is
// refused.

// place is what the extent of a node depends on besides its own text.
type place struct {
	indent int  // column, from 0, of the block mapping or list around it
	flow   bool // it stands within [ ] or { }
}

// entry is one key with its value, or one item of a list.
type entry struct {
	key   *yaml.Node // nil for an item of a list
	value *yaml.Node
	start int // of the key, of a block list's dash, or of a flow list's item
	mark  int // just behind the colon or the dash; 0 in flow lists
	end   int // just behind the last character of the value, or the mark
}

// refuse returns the refusal of an edit at an offset.
func (d *Document) refuse(at int, problem, advice string) error {
	line, column := d.position(at)
	return refusal(line, column, problem, advice)
}

func (d *Document) uncertain(at int) error {
	return d.refuse(at, "it is not certain where the value here ends", "write it in a plainer form, or make this change by hand")
}

// at returns the offset where a node starts.
func (d *Document) at(n *yaml.Node) (int, error) {
	at, ok := d.offset(n.Line, n.Column)
	if !ok {
		return 0, refusal(n.Line, n.Column, "it is not certain where this value is in the text", "make this change by hand")
	}
	return at, nil
}

// skipProperties returns where a node's own text starts, behind an anchor and
// a tag.
func (d *Document) skipProperties(at int) int {
	for c := d.byteAt(at); c == '&' || c == '!'; c = d.byteAt(at) {
		end := at
		for !isSpace(d.byteAt(end)) {
			end++
		}
		if next := d.skipGap(end); next < len(d.s) {
			at = next
		} else {
			return end
		}
	}
	return at
}

// end returns the offset just behind the last character of a node.
func (d *Document) end(n *yaml.Node, p place) (int, error) {
	if end, ok := d.ends[n]; ok {
		return end, nil
	}
	start, err := d.at(n)
	if err != nil {
		return 0, err
	}
	end, err := d.findEnd(n, start, p)
	if err == nil && !isSpace(d.byteAt(end)) && strings.IndexByte(",]}:", d.s[end]) < 0 {
		err = d.uncertain(end)
	}
	if err == nil {
		d.ends[n] = end
	}
	return end, err
}

func (d *Document) findEnd(n *yaml.Node, start int, p place) (int, error) {
	switch {
	case n.Kind == yaml.AliasNode:
		if !strings.HasPrefix(d.s[start:], "*"+n.Value) {
			return 0, d.uncertain(start)
		}
		return start + 1 + len(n.Value), nil
	case n.Kind == yaml.ScalarNode:
		return d.scalarEnd(n, start, p)
	case n.Style&yaml.FlowStyle != 0:
		f, err := d.flow(n, p)
		return f.end, err
	}
	if n.Kind == yaml.MappingNode && len(n.Content) > 1 {
		last, err := d.blockPair(n, len(n.Content)/2-1)
		return last.end, err
	}
	items, err := d.blockItems(n)
	if err != nil {
		return 0, err
	}
	return items[len(items)-1].end, nil
}

// opening returns the offset of the first key or dash of a block collection.
func (d *Document) opening(n *yaml.Node) (int, error) {
	at, err := d.at(n)
	if err != nil {
		return 0, err
	}
	if n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		at = d.skipProperties(at)
	}
	if len(n.Content) == 0 {
		return 0, d.uncertain(at)
	}
	return at, nil
}

// blockPair returns an entry of a block mapping. Its extent is certain where it
// reaches to the next key.
func (d *Document) blockPair(n *yaml.Node, i int) (entry, error) {
	first, err := d.opening(n)
	if err != nil {
		return entry{}, err
	}
	column, at := d.column(first), first
	if i > 0 {
		at, err = d.keyLine(n.Content[2*i])
	}
	e := entry{start: at}
	if err == nil {
		e, err = d.pair(n.Content[2*i], n.Content[2*i+1], at, place{indent: column})
	}
	if err != nil {
		return e, err
	}
	if d.column(at) != column {
		return e, d.uncertain(at)
	}
	if 2*i+2 < len(n.Content) {
		next, err := d.keyLine(n.Content[2*i+2])
		if err != nil || d.skipGap(e.end) != next {
			return e, d.uncertain(e.start)
		}
	}
	return e, nil
}

// keyLine returns the offset of the first character on the line of a key.
func (d *Document) keyLine(key *yaml.Node) (int, error) {
	at, err := d.at(key)
	if err != nil {
		return 0, err
	}
	start := d.lineStart(at)
	return start + d.indent(start), nil
}

// pair returns the entry of a key that must start at the offset at.
func (d *Document) pair(key, value *yaml.Node, at int, p place) (entry, error) {
	e := entry{key: key, value: value, start: at}
	if d.byteAt(at) == '?' && isSpace(d.byteAt(at+1)) {
		return d.longPair(e, p)
	}
	if start, err := d.at(key); err != nil || start != at {
		return e, d.uncertain(at)
	}
	end, err := d.end(key, p)
	if err != nil {
		return e, err
	}
	if d.line(at) != d.line(end) {
		return e, d.refuse(at, "the key here has several lines", "write it on one line")
	}
	colon := d.skipBlanks(end)
	if p.flow {
		colon = d.skipGap(end)
	}
	if d.byteAt(colon) != ':' {
		if p.flow && isAbsent(value) {
			e.end = end
			return e, nil
		}
		return e, d.uncertain(at)
	}
	e.mark = colon + 1
	e.end, err = d.valueEnd(value, e.mark, p)
	return e, err
}

// longPair returns the entry of a key that is written as ? key, with : and the
// value on lines of their own. Its mark is 0 where there is no colon.
func (d *Document) longPair(e entry, p place) (entry, error) {
	if p.flow {
		return e, d.refuse(e.start, "the key here is written in the long form (? key)", "write it as key: value")
	}
	start, err := d.at(e.key)
	if err != nil || start != d.skipGap(e.start+1) {
		return e, d.uncertain(e.start)
	}
	if e.end, err = d.end(e.key, p); err != nil {
		return e, err
	}
	colon := d.skipGap(e.end)
	if d.byteAt(colon) != ':' || !isSpace(d.byteAt(colon+1)) || d.column(colon) != p.indent {
		if isAbsent(e.value) {
			return e, nil
		}
		return e, d.uncertain(e.start)
	}
	e.mark = colon + 1
	e.end, err = d.valueEnd(e.value, e.mark, p)
	return e, err
}

// blockItems returns the items of a block list.
func (d *Document) blockItems(n *yaml.Node) ([]entry, error) {
	first, err := d.opening(n)
	if err != nil {
		return nil, err
	}
	column := d.column(first)
	entries := make([]entry, 0, len(n.Content))
	at := first
	for _, item := range n.Content {
		dash := d.skipGap(at)
		if d.byteAt(dash) != '-' || !isSpace(d.byteAt(dash+1)) || d.column(dash) != column {
			return nil, d.uncertain(min(dash, len(d.s)))
		}
		e := entry{value: item, start: dash, mark: dash + 1}
		end, err := d.valueEnd(item, e.mark, place{indent: column})
		if err != nil {
			return nil, err
		}
		e.end = end
		entries = append(entries, e)
		at = end
	}
	return entries, nil
}

// valueEnd returns the end of a value that follows a colon or a dash.
func (d *Document) valueEnd(value *yaml.Node, mark int, p place) (int, error) {
	start, err := d.at(value)
	if isAbsent(value) && (err != nil || d.byteAt(start) != '!') {
		return d.absentEnd(mark, p)
	}
	if err != nil {
		return 0, err
	}
	if start != d.skipGap(mark) || !p.flow && !isBlock(value) && d.line(start) != d.line(mark) && d.column(start) <= p.indent {
		return 0, d.uncertain(mark)
	}
	return d.end(value, p)
}

// absentEnd returns the end of a value that is not written. In brackets, the
// space that ends the key belongs to it: [a:] is a list of the text a:.
func (d *Document) absentEnd(mark int, p place) (int, error) {
	c := d.byteAt(mark)
	switch {
	case p.flow && (c == ' ' || c == '\t'):
		return mark + 1, nil
	case p.flow && isSpace(c):
		return 0, d.uncertain(mark)
	}
	return mark, nil
}
