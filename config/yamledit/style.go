package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// habits is how the file is written, for what has to be added to it.
type habits struct {
	step   int                  // spaces from a mapping to the mappings below it
	dash   int                  // spaces from a key to the dashes of its list
	quotes yaml.Style           // of strings that need quotes
	lists  map[string]listStyle // by key, of its last list
}

// listStyle is how a list is written.
type listStyle struct {
	flow   bool       // in brackets
	quotes yaml.Style // of its items
	pad    string     // behind the opening bracket
}

const defaultStep = 2

// style looks at the whole file once.
func (d *Document) style() *habits {
	if d.habits != nil {
		return d.habits
	}
	c := &counts{Document: d, steps: map[int]int{}, dashes: map[int]int{}, quotes: map[yaml.Style]int{}, lists: map[string]listStyle{}}
	c.node(d.root)
	h := &habits{step: most(c.steps, defaultStep), quotes: yaml.DoubleQuotedStyle, lists: c.lists}
	h.dash = most(c.dashes, h.step)
	if c.quotes[yaml.SingleQuotedStyle] > c.quotes[yaml.DoubleQuotedStyle] {
		h.quotes = yaml.SingleQuotedStyle
	}
	d.habits = h
	return h
}

type counts struct {
	*Document
	steps, dashes map[int]int
	quotes        map[yaml.Style]int
	lists         map[string]listStyle
}

func (c *counts) node(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind == yaml.ScalarNode {
		c.quotes[n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle)]++
	}
	for i, child := range n.Content {
		c.node(child)
		if n.Kind != yaml.MappingNode || i%2 == 0 {
			continue
		}
		if child.Kind == yaml.SequenceNode && len(child.Content) > 0 {
			c.lists[n.Content[i-1].Value] = c.listStyle(child)
		}
		if by, ok := below(n.Content[i-1], child); ok && child.Kind == yaml.MappingNode {
			c.steps[by]++
		} else if ok {
			c.dashes[by]++
		}
	}
}

func (c *counts) listStyle(n *yaml.Node) listStyle {
	l := listStyle{flow: n.Style&yaml.FlowStyle != 0, quotes: quotesOf(n.Content, 1)}
	if at, err := c.at(n); err == nil && l.flow && strings.HasPrefix(c.s[at:], "[ ") {
		l.pad = " "
	}
	return l
}

// below returns how far a block collection is indented below its key.
func below(key, value *yaml.Node) (int, bool) {
	block := value.Kind == yaml.MappingNode || value.Kind == yaml.SequenceNode
	if !block || value.Style&(yaml.FlowStyle|yaml.TaggedStyle) != 0 || value.Anchor != "" || value.Line == key.Line {
		return 0, false
	}
	by := value.Column - key.Column
	return by, by > 0 || by == 0 && value.Kind == yaml.SequenceNode
}

// most returns the commonest number; the smaller one of several.
func most(counted map[int]int, otherwise int) int {
	best := otherwise
	for n, times := range counted {
		if times > counted[best] || times == counted[best] && times > 0 && n < best {
			best = n
		}
	}
	return best
}

// near returns the habits within one mapping: those of its last block
// collections, then those of the file.
func (d *Document) near(n *yaml.Node) habits {
	h := *d.style()
	if n == nil || n.Kind != yaml.MappingNode {
		return h
	}
	if known, ok := d.nearby[n]; ok {
		return known
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if by, ok := below(n.Content[i], n.Content[i+1]); ok && n.Content[i+1].Kind == yaml.MappingNode {
			h.step = by
		} else if ok {
			h.dash = by
		}
	}
	d.nearby[n] = h
	return h
}

// quotesOf returns the quotes that all strings among every step-th of the
// nodes are in; 0 where there are none or some are plain.
func quotesOf(nodes []*yaml.Node, step int) yaml.Style {
	var common yaml.Style
	for i := 0; i < len(nodes); i += step {
		n := nodes[i]
		if n.Kind != yaml.ScalarNode || n.ShortTag() != strTag {
			continue
		}
		style := n.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
		if style == 0 {
			return 0
		}
		common = style
	}
	return common
}
