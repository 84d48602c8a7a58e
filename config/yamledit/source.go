package yamledit

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// source is a value that is written as it stands elsewhere in the text.
type source struct {
	node  *yaml.Node
	text  string     // of a scalar
	value tree.Value // of a collection in brackets; nil for a scalar
}

// maxCopied limits how many values are written out for aliases.
const maxCopied = 100_000

// verbatim returns the value of a node that may hold aliases and merge keys,
// for the writer: its scalars keep their spelling.
func (d *Document) verbatim(n *yaml.Node) (tree.Value, error) {
	c := copying{Document: d, open: map[*yaml.Node]bool{}}
	v := c.value(n)
	return v, c.err
}

type copying struct {
	*Document
	open  map[*yaml.Node]bool
	count int
	err   error // the first one
}

func (c *copying) fail(n *yaml.Node, problem, advice string) tree.Value {
	if c.err == nil {
		c.err = refusal(n.Line, n.Column, problem, advice)
	}
	return nil
}

func (c *copying) value(n *yaml.Node) tree.Value {
	n = resolve(n)
	c.count++
	switch {
	case c.err != nil:
		return nil
	case c.open[n]:
		return c.fail(n, "the value here contains itself", "write it out without an alias")
	case c.count > maxCopied:
		return c.fail(n, "the value here is too large to be written out for its aliases", "use fewer aliases")
	case n.Style&yaml.TaggedStyle != 0:
		return c.fail(n, "the value here has a tag, and would have to be written out elsewhere", "remove the tag")
	case n.Kind == yaml.ScalarNode:
		return c.scalar(n)
	}
	c.open[n] = true
	defer delete(c.open, n)
	var v tree.Value
	if n.Kind == yaml.SequenceNode {
		items := make([]tree.Value, len(n.Content))
		for i, item := range n.Content {
			items[i] = c.value(item)
		}
		v = items
	} else {
		v = c.mapping(n)
	}
	if n.Style&yaml.FlowStyle != 0 {
		return &source{node: n, value: v}
	}
	return v
}

func (c *copying) mapping(n *yaml.Node) tree.Value {
	o := &tree.Object{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch k := n.Content[i]; {
		case isMerge(k):
		case k.Kind != yaml.ScalarNode || k.Style&yaml.TaggedStyle != 0:
			return c.fail(k, "the key here is no plain word, and would have to be written out elsewhere", "write the key as a word")
		default:
			o.Set(k.Value, c.value(n.Content[i+1]))
		}
	}
	x := c.index(n)
	for _, name := range x.mergedNames() {
		if _, v := x.mergedField(name); !o.Has(name) {
			o.Set(name, c.value(v))
		}
	}
	return o
}

// scalar keeps the text of a scalar on one line; others are text.
func (c *copying) scalar(n *yaml.Node) tree.Value {
	if n.ShortTag() == nullTag {
		return nil
	}
	at, err := c.at(n)
	if err == nil {
		at = c.skipProperties(at)
	}
	quotes := n.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
	switch {
	case err != nil:
	case n.Style == 0 && strings.HasPrefix(c.s[at:], n.Value) && !strings.Contains(n.Value, "\n"):
		return &source{node: n, text: n.Value}
	case quotes != 0 && n.Style == quotes:
		if end, err := c.quotedEnd(at, c.s[at]); err == nil && c.line(end) == c.line(at) {
			return &source{node: n, text: c.s[at:end]}
		}
	}
	if n.ShortTag() != strTag {
		return c.fail(n, "the value here would have to be written out elsewhere", "write it in a plainer form")
	}
	return n.Value
}

// inText returns how a scalar is written; in brackets a plain one may need
// quotes.
func (d *Document) inText(s *source, flow bool) string {
	if flow && s.node.Style == 0 && s.node.ShortTag() == strTag && !plainSafe(s.text, true) && strings.ContainsAny(s.text, ",[]{}?:") {
		return quoted(s.text, d.style().quotes)
	}
	return s.text
}
