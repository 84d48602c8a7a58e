package yamledit

import (
	"fmt"
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
	at := indexKeys(n)
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
			err = p.remove(b, i, sub.path)
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
	return p.addKeys(b, n, c, added)
}

// addKeys plans new keys, each behind one that stays.
func (p *planner) addKeys(b *collection, n *yaml.Node, c *change, added []*change) error {
	stays, near, room := c.staying(n), p.near(n), map[int]bool{}
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
	at   map[string]int
	last int // the index of the last one, -1 for none
}

func (c *change) staying(n *yaml.Node) staying {
	s := staying{at: map[string]int{}, last: -1}
	for i, k := range keys(n) {
		if sub := c.below[k.Value]; sub == nil || !sub.removes() {
			s.last, s.at[k.Value] = i, i
		}
	}
	return s
}

// follows returns the index of the key that a new one goes behind: the best of
// those that its op names, else the last that stays.
func (s staying) follows(added *change) int {
	if added.op != nil {
		for _, name := range added.op.Behind {
			if i, ok := s.at[name]; ok {
				return i
			}
		}
	}
	return s.last
}

func keys(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		out = append(out, n.Content[i])
	}
	return out
}

// keyIndex finds the keys of a mapping by their text.
type keyIndex struct {
	node   *yaml.Node
	own    map[string]int
	merged []int // the merge keys
}

func indexKeys(n *yaml.Node) keyIndex {
	x := keyIndex{node: n, own: map[string]int{}}
	for i, k := range keys(n) {
		if isMerge(k) {
			x.merged = append(x.merged, i)
		} else if k.Kind == yaml.ScalarNode {
			x.own[k.Value] = i
		}
	}
	return x
}

// find returns the index of a mapping's own key, -1 where it has none. A key
// that the mapping merges is refused, unless it has the key itself and keeps
// it.
func (x keyIndex) find(sub *change) (int, error) {
	name := last(sub.path)
	i, found := x.own[name]
	if found && !sub.removes() {
		return i, nil
	}
	for _, m := range x.merged {
		k, v := x.node.Content[2*m], x.node.Content[2*m+1]
		if k.Value == name {
			return 0, refusal(k.Line, k.Column, "the key << here merges another mapping", "write the merged keys out")
		}
		if merges(v, name) {
			return 0, refusal(k.Line, k.Column, fmt.Sprintf("the merge key << here brings in the key %s", quote(name)),
				"write the merged keys out, or set this key in the mapping itself")
		}
	}
	if !found {
		return -1, nil
	}
	return i, nil
}

// merges reports whether the value of a merge key has a key.
func merges(v *yaml.Node, name string) bool {
	for _, source := range mergeSources(v) {
		if _, v := field(source, name, map[*yaml.Node]bool{}); v != nil {
			return true
		}
	}
	return false
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
