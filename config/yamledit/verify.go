package yamledit

import (
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

var tabbed = regexp.MustCompile(`(?m)^ *\t`)

// verify parses the result and compares it, node by node, with the original
// nodes and the changes: values, tags, anchors, and the order of keys.
func (d *Document) verify(c *change, text string) error {
	after, err := Parse([]byte(text))
	if err != nil {
		if tab := tabbed.FindStringIndex(d.s); tab != nil {
			return d.refuse(tab[0], "this line is indented with a tab, which would not be YAML after this change", "indent it with spaces")
		}
		return fmt.Errorf("internal error: the edited text does not parse: %v", err)
	}
	var want *yaml.Node
	if d.root != nil {
		want = expected(d.root, c)
	} else if v, ok := c.value(); ok {
		want = fresh(v, c.path, c)
	}
	if path, same := compare(tree.Path{}, want, after.root); !same {
		if _, n, ok := d.lookup(path); ok && n.Style&blockStyles != 0 {
			return refusal(n.Line, n.Column, "the text block here would change with the lines behind it", "make this change by hand")
		}
		return fmt.Errorf("internal error: the edited text does not hold the new value at %q", path.String())
	}
	return nil
}

// expected returns what a node must be after the changes.
func expected(n *yaml.Node, c *change) *yaml.Node {
	if c == nil {
		return n
	}
	if c.op == nil && n.Kind == yaml.MappingNode {
		return expectedMapping(n, c)
	}
	if c.op == nil && n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		return expectedItems(n, c)
	}
	v, ok := c.value()
	list, isList := v.([]tree.Value)
	switch {
	case !ok:
		return n
	case isList && n.Kind == yaml.SequenceNode:
		return expectedList(n, c, list)
	}
	return fresh(v, c.path, c)
}

func expectedMapping(n *yaml.Node, c *change) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: n.Tag, Anchor: n.Anchor}
	added := map[int][]*yaml.Node{}
	index, stays := indexKeys(n), c.staying(n)
	for _, name := range c.names {
		sub := c.below[name]
		v, ok := sub.value()
		if _, there := index.own[name]; !there && ok {
			at := stays.follows(sub)
			added[at] = append(added[at], freshKey(name, c.path, sub), fresh(v, sub.path, sub))
		}
	}
	out.Content = append(out.Content, added[-1]...)
	for i, k := range keys(n) {
		sub := c.below[k.Value]
		if sub == nil || !sub.removes() {
			out.Content = append(out.Content, k, expected(n.Content[2*i+1], sub))
		}
		out.Content = append(out.Content, added[i]...)
	}
	return out
}

func expectedItems(n *yaml.Node, c *change) *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode, Tag: n.Tag, Anchor: n.Anchor}
	for i, item := range n.Content {
		sub := c.below[fmt.Sprint(i)]
		if sub == nil || !sub.removes() {
			out.Content = append(out.Content, expected(item, sub))
		}
	}
	return out
}

func expectedList(n *yaml.Node, c *change, values []tree.Value) *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode, Tag: n.Tag, Anchor: n.Anchor}
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

// compare returns the path of the first difference.
func compare(path tree.Path, want, got *yaml.Node) (tree.Path, bool) {
	if want == nil || got == nil {
		return path, want == got
	}
	if want.Kind != got.Kind || want.Anchor != got.Anchor || want.Value != got.Value || len(want.Content) != len(got.Content) ||
		want.Kind == yaml.ScalarNode && want.ShortTag() != got.ShortTag() {
		return path, false
	}
	for i := range want.Content {
		at := path.Child(fmt.Sprint(i))
		if want.Kind == yaml.MappingNode {
			at = path.Child(want.Content[i/2*2].Value)
		}
		if found, same := compare(at, want.Content[i], got.Content[i]); !same {
			return found, false
		}
	}
	return path, true
}
