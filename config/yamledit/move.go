package yamledit

import (
	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// carry finds, for items that are new at their place, equal scalars among the
// old items that go from theirs. They take their lines along, comments and
// all. It notes them in sources, which tells the items that stay.
func (p *planner) carry(b *collection, old []item, sources []int, values []tree.Value) map[int]insert {
	if b.inner.flow {
		return nil
	}
	free := map[string][]int{}
	for i, item := range old {
		if b.removed[i] != nil && item.known {
			key := scalarKey(item.value)
			free[key] = append(free[key], i)
		}
	}
	moved := map[int]insert{}
	for j, v := range values {
		key := scalarKey(v)
		if sources[j] >= 0 || key == "" || len(free[key]) == 0 {
			continue
		}
		i := free[key][0]
		if lines, ok := p.ownLines(b, i); ok {
			moved[j] = insert{path: b.path, lines: lines, moved: true}
			sources[j], free[key] = i, free[key][1:]
		}
	}
	return moved
}

// scalarKey returns a text that only equal scalars have; none for other values.
func scalarKey(v tree.Value) string {
	switch v.(type) {
	case []tree.Value, *tree.Object:
		return ""
	}
	return string(tree.Append(nil, v))
}

// ownLines returns the lines of an item of one line, with the comments that
// belong to it; ok is false where they cannot stand elsewhere as they are.
func (p *planner) ownLines(b *collection, i int) (lines []string, ok bool) {
	e := p.entry(b, i)
	n := e.value
	if n.Kind != yaml.ScalarNode || n.Anchor != "" || n.Style&(yaml.TaggedStyle|blockStyles) != 0 || p.line(e.start) != p.line(e.end) {
		return nil, false
	}
	own := p.lineStart(e.start)
	for at := p.commentsAbove(b, i); at < own; at = p.nextLine(at) {
		if p.indent(at) > b.inner.indent { // it would become the text of a text block
			return nil, false
		}
		lines = append(lines, p.s[at:p.lineEnd(at)])
	}
	lines = append(lines, spaces(b.inner.indent)+p.s[e.start:p.lineEnd(own)])
	for at, end := p.nextLine(own), p.bottom(e, b.inner.indent); at < end; at = p.nextLine(at) {
		lines = append(lines, p.s[at:p.lineEnd(at)])
	}
	return lines, true
}
