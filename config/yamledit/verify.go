package yamledit

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"go.yaml.in/yaml/v3"
)

var tabbed = lazyregexp.New(`(?m)^ *\t`)

// goal returns the root that the changes are to lead to.
func (d *Document) goal(c *change) *yaml.Node {
	if d.root != nil {
		return d.expected(d.root, c)
	}
	if v, ok := c.value(); ok {
		return fresh(v, c.path, c)
	}
	return nil
}

// verify parses the result and compares it, node by node, with what it is to
// be: values, tags, anchors, and the order of keys. It returns the root of the
// result, in which what did not change is the original nodes, unless aliases
// stand for what did. Where it can, it parses only what is around the edits
// (see outline).
func (d *Document) verify(want *yaml.Node, edits []Edit, text []byte) (*yaml.Node, error) {
	if !d.moved {
		if root, ok := d.verifyOutline(want, edits); ok {
			return root, nil
		}
	}
	after, err := Parse(text)
	if err != nil {
		if tab := tabbed().FindStringIndex(d.s); tab != nil {
			return nil, d.refuse(tab[0], "this line is indented with a tab, which would not be YAML after this change", "indent it with spaces")
		}
		return nil, fmt.Errorf("internal error: the edited text does not parse: %v", err)
	}
	g := grafting{}
	root := g.graft(want, after.root)
	switch {
	case !g.failed && d.moved:
		return after.root, nil
	case !g.failed:
		return root, nil
	}
	slices.Reverse(g.path)
	if _, n, ok := d.lookup(g.path); ok && n.Style&blockStyles != 0 {
		return nil, refusal(n.Line, n.Column, "the text block here would change with the lines behind it", "make this change by hand")
	}
	return nil, fmt.Errorf("internal error: the edited text does not hold the new value at %q", g.path.String())
}

// expected returns what a node must be after the changes.
func (d *Document) expected(n *yaml.Node, c *change) *yaml.Node {
	if c == nil {
		return n
	}
	if c.op == nil && n.Kind == yaml.MappingNode && len(n.Content) > 0 {
		return d.expectedMapping(n, c)
	}
	if c.op == nil && n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		return d.expectedItems(n, c)
	}
	v, ok := c.value()
	list, isList := v.([]tree.Value)
	switch {
	case !ok || isEmpty(n, v):
		return n
	case isList && n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		return d.expectedList(n, c, list)
	}
	return fresh(v, c.path, c)
}

// changedCopy returns what stands for a collection of which some of the content
// is to change: it has a column, as original nodes have, but no line.
func (d *Document) changedCopy(n *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Anchor: n.Anchor, Column: n.Column}
	d.copied[out] = n
	return out
}

func isOriginal(n *yaml.Node) bool { return n.Line > 0 }

func isChangedCopy(n *yaml.Node) bool { return n.Line == 0 && n.Column > 0 }

func (d *Document) expectedMapping(n *yaml.Node, c *change) *yaml.Node {
	out := d.changedCopy(n)
	added := map[int][]*yaml.Node{}
	out.Content = make([]*yaml.Node, 0, len(n.Content)+2*len(c.names))
	index, stays := d.index(n), d.staying(n, c)
	for _, name := range c.names {
		sub := c.below[name]
		v, ok := sub.value()
		if ok && index.own(name) < 0 {
			at := stays.follows(sub)
			added[at] = append(added[at], freshKey(name, c.path, sub), fresh(v, sub.path, sub))
		}
	}
	out.Content = append(out.Content, added[-1]...)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; isMerge(key) && !c.unmerge || key.Kind != yaml.ScalarNode {
			out.Content = append(out.Content, key, n.Content[i+1])
		} else if stays.stays(key) {
			out.Content = append(out.Content, key, d.expected(n.Content[i+1], c.below[key.Value]))
		}
		out.Content = append(out.Content, added[i/2]...)
	}
	return out
}

func (d *Document) expectedItems(n *yaml.Node, c *change) *yaml.Node {
	out := d.changedCopy(n)
	for i, item := range n.Content {
		sub := c.below[fmt.Sprint(i)]
		if sub == nil || !sub.removes() {
			out.Content = append(out.Content, d.expected(item, sub))
		}
	}
	return out
}

func (d *Document) expectedList(n *yaml.Node, c *change, values []tree.Value) *yaml.Node {
	out := d.changedCopy(n)
	for j, v := range values {
		if len(c.sources) > 0 && c.sources[j] >= 0 {
			out.Content = append(out.Content, n.Content[c.sources[j]])
		} else {
			out.Content = append(out.Content, fresh(v, c.path, c))
		}
	}
	return out
}

// fresh returns the node of a new value.
func fresh(v tree.Value, path tree.Path, c *change) *yaml.Node {
	switch v := v.(type) {
	case *source:
		if v.value != nil {
			return fresh(v.value, path, c)
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: v.node.ShortTag(), Value: v.node.Value}
	case *tree.Object:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for name, field := range v.All() {
			n.Content = append(n.Content, freshKey(name, path, c), fresh(field, path.Child(name), c))
		}
		return n
	case []tree.Value:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v {
			n.Content = append(n.Content, fresh(item, path, c))
		}
		return n
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: boolTag, Value: fmt.Sprint(v)}
	case json.Number:
		n := &yaml.Node{Kind: yaml.ScalarNode, Value: string(v)}
		n.Tag = n.ShortTag()
		return n
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: strTag, Value: v}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: nullTag, Value: "null"}
}

func freshKey(name string, mapping tree.Path, c *change) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: name}
	if !c.integerKeys(mapping) || n.ShortTag() != intTag {
		n.Tag = strTag
	}
	return n
}
