package yamledit

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// list plans how a list that is not empty becomes another one: items that
// both have stay, the others go and come.
func (p *planner) list(e entry, in place, c *change, values []tree.Value) error {
	b := newCollection(e, c.path, "[]")
	if err := p.open(b, e.value, in); err != nil {
		return err
	}
	old := typedItems(e.value, c.op.Before)
	kept := match(old, values)
	b.removeOthers(kept)
	c.sources = slices.Clone(kept)
	moved := p.carry(b, old, c.sources, values)
	oneLine := b.inner.flow || !p.roomForBlocks(b, -1)
	behind := -1
	for j, v := range values {
		if kept[j] >= 0 {
			behind = kept[j]
		} else if c.sources[j] >= 0 {
			b.inserts[behind] = append(b.inserts[behind], moved[j])
		} else if err := p.addItem(b, behind, c, c.path, v, oneLine); err != nil {
			return err
		}
	}
	return p.lay(b)
}

// removeOthers plans that the items go that are not kept.
func (b *collection) removeOthers(kept []int) {
	stays := map[int]bool{}
	for _, i := range kept {
		stays[i] = true
	}
	for i := range b.entries {
		if stays[i] {
			continue
		}
		b.remove(i, b.path)
	}
}

// addItem plans a new item behind the one with an index.
func (p *planner) addItem(b *collection, behind int, c *change, path tree.Path, v tree.Value, oneLine bool) error {
	w := p.newWriter(c)
	w.oneLine = oneLine
	ins := insert{path: path}
	if b.inner.flow {
		ins.text = w.flowValue(b.path, v, b.quotes, true)
	} else {
		ins.lines = w.item(b.path, v, b.inner.indent, p.dashGap(p.entry(b, 0)), b.quotes)
	}
	b.inserts[behind] = append(b.inserts[behind], ins)
	return p.written(w, p.entry(b, 0).start)
}

// dashGap returns the number of columns from a dash to the value behind it.
func (p *planner) dashGap(e entry) int {
	if at := p.skipBlanks(e.mark); !isSpace(p.byteAt(at)) && p.byteAt(at) != '#' && p.indent(e.mark) == at-e.mark {
		return 1 + at - e.mark
	}
	return defaultDash
}

// itemsByIndex plans changes of single items.
func (p *planner) itemsByIndex(e entry, in place, c *change) error {
	n := e.value
	b := newCollection(e, c.path, "[]")
	if err := p.open(b, n, in); err != nil {
		return err
	}
	for _, name := range byIndex(c.names) {
		sub := c.below[name]
		i, ok := index(name, len(n.Content))
		switch {
		case !ok && sub.removes():
			continue
		case !ok:
			return noItem(n, name)
		}
		if err := p.changeItem(b, i, sub); err != nil {
			return err
		}
	}
	return p.lay(b)
}

func noItem(n *yaml.Node, name string) error {
	return refusal(n.Line, n.Column, fmt.Sprintf("expected an index from 0 to %d for the list here, got %s", len(n.Content)-1, quote(name)),
		"give the whole list")
}

// byIndex sorts indices; other names come first.
func byIndex(names []string) []string {
	number := func(s string) int {
		i, _ := strconv.Atoi(s)
		return i
	}
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int { return number(a) - number(b) })
	return sorted
}

func (p *planner) changeItem(b *collection, i int, sub *change) error {
	item := b.entries[i].value
	if sub.removes() {
		b.remove(i, sub.path)
		return nil
	}
	v, ok := sub.value()
	if b.inner.flow || !ok || !p.needsLines(item, sub, v) {
		return p.value(p.entry(b, i), b.inner, nil, sub)
	}
	if err := p.editable(item); err != nil {
		return err
	}
	b.remove(i, sub.path)
	return p.addItem(b, b.keptBefore(i), sub, sub.path, v, !p.roomForBlocks(b, -1))
}

// needsLines reports whether an item has to be written anew as a whole.
func (p *planner) needsLines(item *yaml.Node, sub *change, v tree.Value) bool {
	if sub.op == nil && len(item.Content) > 0 {
		return false
	}
	switch v := v.(type) {
	case *tree.Object:
		return v.Len() > 0 || isBlock(item)
	case []tree.Value:
		return len(v) > 0 && (item.Kind != yaml.SequenceNode || len(item.Content) == 0) || item.Kind == yaml.MappingNode && isBlock(item)
	}
	return isBlock(item)
}

// isBlock reports whether n is a collection in block style.
func isBlock(n *yaml.Node) bool {
	return (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && n.Style&yaml.FlowStyle == 0
}
