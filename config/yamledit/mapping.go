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
	var added []*change
	for _, name := range c.names {
		sub := c.below[name]
		i, err := p.findKey(n, sub)
		switch {
		case err != nil:
			return refusing(sub, err)
		case i < 0:
			added = append(added, sub)
		case sub.removes():
			err = p.remove(b, i, sub.path)
		default:
			err = p.value(b.entries[i], b.inner, n, sub)
		}
		if err != nil {
			return refusing(sub, err)
		}
	}
	return p.addKeys(b, n, c, added)
}

// addKeys plans new keys, each behind one that stays.
func (p *planner) addKeys(b *collection, n *yaml.Node, c *change, added []*change) error {
	for _, sub := range added {
		v, ok := sub.value()
		if !ok {
			continue
		}
		behind := c.follows(n, sub)
		w := p.newWriter(sub)
		w.oneLine = !b.inner.flow && !p.roomForBlocks(b, behind)
		ins := insert{path: sub.path}
		if b.inner.flow {
			ins.text = w.flowField(b.path, last(sub.path), v, b.quotes)
		} else {
			ins.lines = w.field(b.path, last(sub.path), v, b.inner.indent, b.quotes, p.near(n))
		}
		if err := p.written(w, b.entries[0].start); err != nil {
			return refusing(sub, err)
		}
		b.inserts[behind] = append(b.inserts[behind], ins)
	}
	return p.lay(b)
}

// follows returns the index of the key of n that a new one goes behind: the
// best of those that its op names, else the last that stays.
func (c *change) follows(n *yaml.Node, added *change) int {
	last := -1
	at := map[string]int{}
	for i, k := range keys(n) {
		if sub := c.below[k.Value]; sub == nil || !sub.removes() {
			last, at[k.Value] = i, i
		}
	}
	if added.op != nil {
		for _, name := range added.op.Behind {
			if i, ok := at[name]; ok {
				return i
			}
		}
	}
	return last
}

func keys(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		out = append(out, n.Content[i])
	}
	return out
}

// findKey returns the index of a mapping's own key, -1 where it has none. A
// key that the mapping merges is refused, unless it has the key itself and
// keeps it.
func (p *planner) findKey(n *yaml.Node, sub *change) (int, error) {
	name, found := last(sub.path), -1
	for i, k := range keys(n) {
		if k.Kind == yaml.ScalarNode && k.Value == name {
			if isMerge(k) {
				return 0, refusal(k.Line, k.Column, "the key << here merges another mapping", "write the merged keys out")
			}
			found = i
		}
	}
	if found >= 0 && !sub.removes() {
		return found, nil
	}
	for i, k := range keys(n) {
		if isMerge(k) && merges(n.Content[2*i+1], name) {
			return 0, refusal(k.Line, k.Column, fmt.Sprintf("the merge key << here brings in the key %s", quote(name)),
				"write the merged keys out, or set this key in the mapping itself")
		}
	}
	return found, nil
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
