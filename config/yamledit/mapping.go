package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// mapping plans the changes of the keys of one mapping that is not empty.
func (p *planner) mapping(e entry, in place, c *change) error {
	n := e.value
	b := newCollection(e, c.path, "{}")
	if err := p.open(b, n, in); err != nil {
		return err
	}
	at := p.index(n)
	var added []*change
	for _, name := range c.names {
		sub := c.below[name]
		i, err := at.find(sub)
		switch {
		case err != nil:
			return refusing(sub, err)
		case i < 0:
			added = append(added, sub)
		case sub.removes():
			b.remove(i, sub.path)
		default:
			e := p.entry(b, i)
			if err = p.failed; err == nil {
				err = p.value(e, b.inner, n, sub)
			}
		}
		if err != nil {
			return refusing(sub, err)
		}
	}
	if c.unmerge {
		for _, m := range at.merged {
			b.remove(m, c.path)
		}
	}
	return p.addKeys(b, n, c, added)
}

// addKeys plans new keys, each behind one that stays.
func (p *planner) addKeys(b *collection, n *yaml.Node, c *change, added []*change) error {
	stays, near, room := p.staying(n, c), p.near(n), map[int]bool{}
	for _, sub := range added {
		v, ok := sub.value()
		if !ok {
			continue
		}
		behind := stays.follows(sub)
		if _, known := room[behind]; !known {
			room[behind] = b.inner.flow || p.roomForBlocks(b, behind)
		}
		w := p.newWriter(sub)
		w.oneLine = !room[behind]
		ins := insert{path: sub.path}
		if b.inner.flow {
			ins.text = w.flowField(b.path, last(sub.path), v, b.quotes)
		} else {
			ins.lines = w.field(b.path, last(sub.path), v, b.inner.indent, b.quotes, near)
		}
		if err := p.written(w, p.entry(b, 0).start); err != nil {
			return refusing(sub, err)
		}
		b.inserts[behind] = append(b.inserts[behind], ins)
	}
	return p.lay(b)
}

// staying holds the keys of a mapping that stay.
type staying struct {
	*change
	index *keyIndex
	last  int // the index of the last one, -1 for none
}

func (d *Document) staying(n *yaml.Node, c *change) staying {
	s := staying{change: c, index: d.index(n), last: len(n.Content)/2 - 1}
	s.last = s.upTo(s.last)
	return s
}

// upTo returns the index of the last key that stays among those up to an
// index, -1 for none.
func (s staying) upTo(i int) int {
	for i >= 0 && !s.stays(s.index.node.Content[2*i]) {
		i--
	}
	return i
}

func (s staying) stays(key *yaml.Node) bool {
	switch {
	case isMerge(key):
		return !s.unmerge
	case key.Kind != yaml.ScalarNode:
		return true
	}
	sub := s.below[key.Value]
	return sub == nil || !sub.removes()
}

// follows returns the index of the key that a new one goes behind: what was
// before the merge key that brought it, the best of those that its op names,
// else the last that stays.
func (s staying) follows(added *change) int {
	switch {
	case added.merged:
		return s.upTo(s.index.merged[0])
	case added.op != nil:
		for _, name := range added.op.Behind {
			if i := s.index.own(name); i >= 0 && s.stays(s.index.node.Content[2*i]) {
				return i
			}
		}
	}
	return s.last
}

// keyIndex finds the keys of a mapping by their text.
type keyIndex struct {
	node   *yaml.Node
	merged []int          // the merge keys
	places map[string]int // of its own keys, once many were asked for
	asked  int
}

// index returns the index of a mapping, which the document keeps.
func (d *Document) index(n *yaml.Node) *keyIndex {
	x := d.indexes[n]
	if x != nil {
		return x
	}
	x = &keyIndex{node: n}
	for i := 0; i < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			x.merged = append(x.merged, i/2)
		}
	}
	d.indexes[n] = x
	return x
}

// own returns the index of a key that the mapping itself holds, -1 for none.
func (x *keyIndex) own(name string) int {
	if x.asked++; x.asked <= few {
		for i := 0; i < len(x.node.Content); i += 2 {
			if k := x.node.Content[i]; k.Kind == yaml.ScalarNode && k.Value == name && !isMerge(k) {
				return i / 2
			}
		}
		return -1
	}
	if x.places == nil {
		x.places = make(map[string]int, len(x.node.Content)/2)
		for i := 0; i < len(x.node.Content); i += 2 {
			if k := x.node.Content[i]; k.Kind == yaml.ScalarNode && !isMerge(k) {
				x.places[k.Value] = i / 2
			}
		}
	}
	if i, ok := x.places[name]; ok {
		return i
	}
	return -1
}

// find returns the index of a mapping's own key, -1 where it has none. It
// refuses to take the merge key for one.
func (x *keyIndex) find(sub *change) (int, error) {
	name := last(sub.path)
	i := x.own(name)
	for _, m := range x.merged {
		if k := x.node.Content[2*m]; i < 0 && k.Value == name {
			return 0, refusal(k.Line, k.Column, "the key << here merges another mapping", "write the merged keys out")
		}
	}
	return i, nil
}

// mergedField finds a key in what the mapping merges.
func (x *keyIndex) mergedField(name string) (key, value *yaml.Node) {
	seen := map[*yaml.Node]bool{x.node: true}
	for _, m := range x.merged {
		for _, source := range mergeSources(x.node.Content[2*m+1]) {
			if k, v := field(source, name, seen); v != nil {
				return k, v
			}
		}
	}
	return nil, nil
}

// mergedNames returns the keys of what the mapping merges, in order.
func (x *keyIndex) mergedNames() []string {
	var names []string
	known, seen := map[string]bool{}, map[*yaml.Node]bool{x.node: true}
	var gather func(n *yaml.Node)
	gather = func(n *yaml.Node) {
		if n == nil || n.Kind != yaml.MappingNode || seen[n] {
			return
		}
		seen[n] = true
		for i := 0; i < len(n.Content); i += 2 {
			if k := n.Content[i]; k.Kind == yaml.ScalarNode && !isMerge(k) && !known[k.Value] {
				known[k.Value] = true
				names = append(names, k.Value)
			}
		}
		for i := 0; i < len(n.Content); i += 2 {
			if isMerge(n.Content[i]) {
				for _, source := range mergeSources(n.Content[i+1]) {
					gather(source)
				}
			}
		}
	}
	for _, m := range x.merged {
		for _, source := range mergeSources(x.node.Content[2*m+1]) {
			gather(source)
		}
	}
	return names
}

// firstKeys writes the first keys of a text that holds none: behind all
// comments, but before the mark ... that ends a document.
func (p *planner) firstKeys(c *change) error {
	v, ok := c.value()
	if !ok {
		return nil
	}
	at := len(p.s)
	for _, start := range p.lines {
		if strings.HasPrefix(p.s[start:], "...") && isSpace(p.byteAt(start+3)) {
			at = start
			break
		}
	}
	w := p.newWriter(c)
	_, lines := w.below(owner{path: c.path}, v)
	if err := p.written(w, at); err != nil {
		return err
	}
	if before := p.lineStart(max(at-1, 0)); at > 0 && p.isComment(before) {
		lines = append([]string{""}, lines...)
	}
	p.insertLines(c.path, at, lines)
	return nil
}
