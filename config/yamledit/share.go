package yamledit

import (
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// Aliases and merge keys let one text be the value of several places. A change
// is for one place, so it is written there: an alias is replaced by what it
// stands for, changed; a key that comes from a merge key is set in the mapping
// itself; a merge key of which a key is to go is replaced by what it merges.
// Where the text itself changes that others stand for, these keep what it was:
// the aliases are replaced by it, and mappings that merge it get the keys that
// change.

// sharing makes the changes that this takes.
type sharing struct {
	*Document
	root    *change
	targets map[*yaml.Node]bool      // what aliases stand for
	uses    []use                    // the aliases, once one may be concerned
	places  map[*yaml.Node]tree.Path // of the nodes with an anchor, once uses is known
	changed map[*yaml.Node]*change   // what changes at nodes that stay in part
	ops     []Op
	integer func(tree.Path) bool
}

// localize makes the changes below c at the node n stand where they are meant.
func (s *sharing) localize(n *yaml.Node, c *change) error {
	s.changed[n] = c
	if c.op != nil || len(n.Content) == 0 {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		for _, name := range c.names {
			if i, ok := index(name, len(n.Content)); ok {
				if err := s.localizeValue(n.Content[i], c.below[name]); err != nil {
					return refusing(c.below[name], err)
				}
			}
		}
		return nil
	}
	for _, name := range c.names {
		if err := s.localizeKey(n, c, c.below[name]); err != nil {
			return refusing(c.below[name], err)
		}
	}
	if c.unmerge {
		return s.unmerge(n, c)
	}
	return nil
}

func (s *sharing) localizeKey(n *yaml.Node, c, sub *change) error {
	x := s.index(n)
	name := last(sub.path)
	i := x.own(name)
	_, merged := x.mergedField(name)
	switch {
	case merged != nil && sub.removes():
		c.unmerge = true
	case i >= 0:
		return s.localizeValue(n.Content[2*i+1], sub)
	case merged != nil:
		return s.rebase(merged, sub)
	}
	return nil
}

func (s *sharing) localizeValue(n *yaml.Node, c *change) error {
	if n.Kind == yaml.AliasNode {
		return s.rebase(n, c)
	}
	return s.localize(n, c)
}

// rebase makes changes below a value that stands elsewhere a value of their
// own: that one, changed.
func (s *sharing) rebase(n *yaml.Node, c *change) (err error) {
	if n = resolve(n); c.op != nil {
		return s.respell(n, c)
	}
	if !c.touches(n) {
		return nil
	}
	if err := c.checkIndices(n); err != nil {
		return err
	}
	c.base, err = s.verbatim(n)
	c.based = true
	return err
}

// respell lets the items of a list that replaces an alias for one be written as
// those that are equal are there.
func (s *sharing) respell(n *yaml.Node, c *change) error {
	values, isList := c.op.Value.([]tree.Value)
	if !isList || n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	op := *c.op
	items := slices.Clone(values)
	for j, i := range match(typedItems(n, op.Before), values) {
		if i < 0 {
			continue
		}
		v, err := s.verbatim(n.Content[i])
		if err != nil {
			return err
		}
		items[j] = v
	}
	op.Value, c.op = items, &op
	return nil
}

// checkIndices refuses changes of items that lists do not have.
func (c *change) checkIndices(n *yaml.Node) error {
	n = resolve(n)
	for _, name := range c.names {
		_, v := child(n, name)
		if v == nil && n != nil && n.Kind == yaml.SequenceNode && len(n.Content) > 0 && !c.below[name].removes() {
			return noItem(n, name)
		}
		if err := c.below[name].checkIndices(v); err != nil {
			return err
		}
	}
	return nil
}

// touches reports whether a change changes a value at all.
func (c *change) touches(n *yaml.Node) bool {
	n = resolve(n)
	if c.op != nil {
		return !c.op.Remove || n != nil
	}
	for _, name := range c.names {
		_, v := child(n, name)
		if c.below[name].touches(v) {
			return true
		}
	}
	return false
}

// unmerge sets the keys that a mapping merges in the mapping itself.
func (s *sharing) unmerge(n *yaml.Node, c *change) error {
	x := s.index(n)
	for _, name := range x.mergedNames() {
		_, v := x.mergedField(name)
		if sub := c.below[name]; x.own(name) >= 0 || sub != nil && (sub.op != nil || sub.based) {
			continue
		}
		if err := s.keepAs(c.child(name), v); err != nil {
			return err
		}
		c.below[name].merged, c.below[name].cause = true, c.cause
		if c.cause == nil {
			c.below[name].cause = c.path
		}
	}
	return nil
}

// keepAs makes a change set what n is now.
func (s *sharing) keepAs(c *change, n *yaml.Node) error {
	v, err := s.verbatim(resolve(n))
	c.op = &Op{Path: c.path, Value: v, IntegerKeys: s.integer}
	c.names, c.below, c.keeps = nil, nil, true
	return err
}

// preserves reports whether a change leaves the value as it is, and only
// writes it otherwise.
func (c *change) preserves() bool {
	if c == nil || c.op != nil {
		return c != nil && c.keeps
	}
	for _, name := range c.names {
		if !c.below[name].preserves() {
			return false
		}
	}
	return true
}

// settle adds changes for the aliases whose meaning would change. It reports
// whether there were any; the edits have to be planned anew then.
func (s *sharing) settle(want *yaml.Node) (again bool, err error) {
	w := s.wanted(want)
	if w.allThere() {
		return false, nil
	}
	if s.uses == nil {
		s.places = map[*yaml.Node]tree.Path{}
		s.findUses(s.Document.root, use{path: tree.Path{}})
	}
	w.noteAliases(want)
	for _, u := range s.uses {
		if !w.there[u.alias] || w.means(u) {
			continue
		}
		again = true
		if err := s.keep(u); err != nil {
			return false, err
		}
	}
	return again, nil
}

// keep makes the place of an alias keep the value that it has.
func (s *sharing) keep(u use) error {
	c := s.root
	refuse := refusal(u.alias.Line, u.alias.Column, "the alias *"+u.alias.Value+" here stands for a value that is to change, or to go",
		"write the value out in place of the alias")
	refuse.Path = s.cause(u.alias.Alias)
	for _, seg := range u.path {
		if c.op != nil || c.based || u.fixed {
			return refuse
		}
		c = c.child(seg)
	}
	switch {
	case u.fixed || c.op != nil || c.unmerge:
		return refuse
	case u.mapping == nil:
		c.cause = s.cause(u.alias.Alias)
		return s.keepAs(c, u.alias)
	}
	return s.keepMerged(u, c)
}

// cause returns the path of the op that changes a node that has an anchor.
func (s *sharing) cause(n *yaml.Node) tree.Path {
	place := s.places[n]
	for _, op := range s.ops {
		if op.Path.HasPrefix(place) || place.HasPrefix(op.Path) {
			return op.Path
		}
	}
	return nil
}

// keepMerged makes a mapping keep what it merges. It sets the keys that change
// there, or all of them where new ones would come in.
func (s *sharing) keepMerged(u use, c *change) error {
	source, cause := s.changed[u.alias.Alias], s.cause(u.alias.Alias)
	if source == nil || source.op != nil || source.unmerge {
		c.unmerge, c.cause = true, cause
		return nil
	}
	x, added := s.index(u.mapping), false
	for _, name := range source.names {
		_, old := x.mergedField(name)
		switch {
		case x.own(name) >= 0 || c.below[name] != nil:
		case old == nil:
			c.unmerge = true
		default:
			added = true
			c.child(name).cause = cause
			if err := s.keepAs(c.child(name), old); err != nil {
				return err
			}
		}
	}
	if c.unmerge = c.unmerge || !added; c.unmerge {
		c.cause = cause
	}
	return nil
}
