package yamledit

import (
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// use is an alias and where it stands.
type use struct {
	alias   *yaml.Node
	path    tree.Path
	mapping *yaml.Node // the one that merges the alias; nil for an alias that is a value
	fixed   bool       // no change can be made for it
}

// newSharing returns nil for a document without aliases.
func (d *Document) newSharing(root *change, ops []Op) *sharing {
	if d.anchors == 0 || d.root == nil {
		return nil
	}
	s := &sharing{Document: d, root: root, ops: ops}
	for _, op := range ops {
		if op.IntegerKeys != nil {
			s.integer = op.IntegerKeys
			break
		}
	}
	s.note(d.root)
	if len(s.targets) == 0 {
		return nil
	}
	return s
}

// note collects what aliases stand for.
func (s *sharing) note(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		if s.targets == nil {
			s.targets = map[*yaml.Node]bool{}
		}
		s.targets[n.Alias] = true
	}
	for _, c := range n.Content {
		s.note(c)
	}
}

// findUses notes the aliases in a node; at tells where that stands.
func (s *sharing) findUses(n *yaml.Node, at use) {
	if n.Anchor != "" {
		s.places[n] = at.path
	}
	switch n.Kind {
	case yaml.AliasNode:
		at.alias = n
		s.uses = append(s.uses, at)
	case yaml.SequenceNode:
		for i, item := range n.Content {
			inner := at
			inner.path = at.path.Child(strconv.Itoa(i))
			s.findUses(item, inner)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			s.findUsesBelow(n, n.Content[i], n.Content[i+1], at)
		}
	}
}

func (s *sharing) findUsesBelow(n, key, value *yaml.Node, at use) {
	inner := use{path: at.path, fixed: true}
	s.findUses(key, inner)
	switch {
	case !isMerge(key):
		inner.path, inner.fixed = at.path.Child(key.Value), at.fixed || key.Kind != yaml.ScalarNode
		s.findUses(value, inner)
		return
	case value.Kind == yaml.SequenceNode:
		for _, item := range value.Content {
			s.findMerged(n, item, at)
		}
		return
	}
	s.findMerged(n, value, at)
}

// findMerged notes what a merge key of the mapping n names.
func (s *sharing) findMerged(n, source *yaml.Node, at use) {
	if source.Kind == yaml.AliasNode {
		at.alias, at.mapping = source, n
		s.uses = append(s.uses, at)
		return
	}
	s.findUses(source, use{path: at.path, fixed: true})
}
