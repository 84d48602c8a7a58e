package yamledit

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// planner collects the edits that the changes need.
type planner struct {
	*Document
	edits   []Edit
	regions []region
	aligned []alignment
	failed  error // the first extent that was not certain
}

func (p *planner) edit(path tree.Path, start, end int, text string) {
	p.edits = append(p.edits, Edit{Path: path, Start: start, End: end, Text: text})
}

// document plans the changes below the root.
func (p *planner) document(c *change) error {
	if p.root == nil {
		return p.firstKeys(c)
	}
	e := entry{value: p.root, mark: noMark}
	if p.root.Style&yaml.FlowStyle != 0 {
		var err error
		if e.end, err = p.end(p.root, place{indent: -1}); err != nil {
			return err
		}
	}
	return p.value(e, place{indent: -1}, nil, c)
}

// noMark is the mark of the root, which has neither key nor dash.
const noMark = -1

// value plans the change of one value. Parent is the mapping around it.
func (p *planner) value(e entry, in place, parent *yaml.Node, c *change) error {
	n := e.value
	if err := p.editable(n); err != nil {
		return err
	}
	if n.Style&yaml.FlowStyle != 0 && !in.flow {
		defer p.align(c.path, e.end)
	}
	if c.op == nil && len(n.Content) > 0 {
		if n.Kind == yaml.MappingNode {
			return p.mapping(e, in, c)
		}
		return p.itemsByIndex(e, in, c)
	}
	v, ok := c.value()
	if !ok || isEmpty(n, v) {
		return nil
	}
	if list, isList := v.([]tree.Value); isList && n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		return p.list(e, in, c, list)
	}
	return p.replace(e, in, parent, c, v)
}

// isEmpty reports whether a value is an empty collection, and n the same.
func isEmpty(n *yaml.Node, v tree.Value) bool {
	switch v := v.(type) {
	case *tree.Object:
		return n.Kind == yaml.MappingNode && len(n.Content) == 0 && v.Len() == 0
	case []tree.Value:
		return n.Kind == yaml.SequenceNode && len(n.Content) == 0 && len(v) == 0
	}
	return false
}

// editable refuses nodes with a tag that leaves their type open.
func (p *planner) editable(n *yaml.Node) error {
	at, err := p.at(n)
	if err != nil || n.Kind == yaml.ScalarNode && n.Style&yaml.TaggedStyle != 0 {
		return err
	}
	if p.byteAt(at) == '!' && isSpace(p.byteAt(at+1)) || n.Anchor != "" && strings.Contains(p.s[at:p.skipProperties(at)], " ! ") {
		return refusal(n.Line, n.Column, "the value here has the tag !, which says nothing", "remove the tag")
	}
	return nil
}

// newWriter returns a writer for values that a change makes.
func (p *planner) newWriter(c *change) *writer {
	return &writer{Document: p.Document, integerKeys: c.integerKeys}
}

// written refuses what the writer could not write, at the place meant for it.
func (p *planner) written(w *writer, at int) error {
	if w.err == nil {
		return nil
	}
	return p.refuse(at, w.err.Error(), "give a value that YAML can hold")
}
