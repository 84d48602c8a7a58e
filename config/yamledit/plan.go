package yamledit

import (
	"fmt"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// planner collects the edits that the changes need.
type planner struct {
	*Document
	edits   []Edit
	regions []region
	aligned []alignment
	aliases []*yaml.Node // all in the document, once they were asked for
	failed  error        // the first extent that was not certain
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
	if !ok {
		return nil
	}
	if list, isList := v.([]tree.Value); isList && n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		return p.list(e, in, c, list)
	}
	return p.replace(e, in, parent, c, v)
}

// editable refuses nodes that cannot be changed for themselves alone.
func (p *planner) editable(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.AliasNode:
		return refusal(n.Line, n.Column, "the value here is the alias *"+n.Value+", and what it stands for is used elsewhere",
			"write the value out in place of the alias")
	case n.Anchor != "":
		return refusal(n.Line, n.Column, "the value here has the anchor &"+n.Anchor+", so a change of it could change other places",
			"write the value out wherever *"+n.Anchor+" is used, and remove the anchor")
	case n.Style&yaml.TaggedStyle != 0 || p.startsWith(n, '!'):
		return refusal(n.Line, n.Column, "the value here has a tag", "remove the tag")
	}
	return nil
}

func (p *planner) startsWith(n *yaml.Node, c byte) bool {
	at, err := p.at(n)
	return err == nil && p.byteAt(at) == c
}

// removable refuses to remove nodes that an alias elsewhere stands for.
func (p *planner) removable(nodes ...*yaml.Node) error {
	if p.aliases == nil {
		p.aliases = collect(p.root, yaml.AliasNode, []*yaml.Node{})
	}
	if len(p.aliases) == 0 {
		return nil
	}
	gone := map[*yaml.Node]bool{}
	for _, n := range nodes {
		for _, below := range collect(n, 0, nil) {
			gone[below] = true
		}
	}
	for _, a := range p.aliases {
		if gone[a.Alias] && !gone[a] {
			return refusal(a.Alias.Line, a.Alias.Column,
				fmt.Sprintf("the value here is to go, but *%s stands for it on line %d", a.Value, a.Line),
				"write the value out in place of the alias")
		}
	}
	return nil
}

// collect appends the nodes of a kind, or of any kind, in a subtree.
func collect(n *yaml.Node, kind yaml.Kind, to []*yaml.Node) []*yaml.Node {
	if n == nil {
		return to
	}
	if kind == 0 || n.Kind == kind {
		to = append(to, n)
	}
	for _, c := range n.Content {
		to = collect(c, kind, to)
	}
	return to
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
