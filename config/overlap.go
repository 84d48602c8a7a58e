package config

import (
	"encoding/json"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Overlap says that a plugin changed what another one had changed before it.
type Overlap struct {
	Pointer        string // of the value that both changed
	Earlier, Later int    // the two changes, as indices in the History
	// Extends says that the value is a list, and that all the earlier plugin
	// added to it is still there and all it took out is still gone.
	Extends bool
}

// Overlaps returns every place where a plugin changed what another one had
// set, in the order of the later changes. A plugin that sets what is there
// already makes no change, so two that agree do not overlap. Neither do those
// that both remove a value, one of them with what is around it.
func (h History) Overlaps() []Overlap {
	var out []Overlap
	root := newSetter()
	for i := range h {
		for _, met := range root.set(h[i].path(), i) {
			if h[met.change].Plugin == h[i].Plugin {
				continue
			}
			if overlap, extends := h.compare(met.change, i, met.at); overlap {
				out = append(out, Overlap{Pointer: met.at.String(), Earlier: met.change, Later: i, Extends: extends})
			}
		}
	}
	return out
}

// On returns the change as far as it concerns the value at the pointer, which
// is the change's own or lies below it. ok is false where it has nothing to do
// with that value.
func (c Change) On(pointer string) (on Change, ok bool) {
	path, err := tree.ParsePointer(pointer)
	own := c.path()
	if err != nil || !path.HasPrefix(own) {
		return c, false
	}
	before, had := below(c.Before, path[len(own):])
	after, has := below(c.After, path[len(own):])
	c.Pointer, c.Before, c.After = pointer, before, after
	switch {
	case had && has:
		c.Op = tree.Replace
	case has:
		c.Op = tree.Add
	default:
		c.Op = tree.Remove
	}
	return c, had || has
}

// below returns what a change's value has at a path in it.
func below(raw json.RawMessage, path tree.Path) (json.RawMessage, bool) {
	if raw == nil || len(path) == 0 {
		return raw, raw != nil
	}
	v, ok := tree.Lookup(parsed(raw), path)
	if !ok {
		return nil, false
	}
	return tree.Append(nil, v), true
}

// parsed reads a change's value; absent ones are nil, as a null is.
func parsed(raw json.RawMessage) tree.Value {
	v, _ := tree.Parse(raw)
	return v
}

func (c Change) path() tree.Path {
	path, _ := tree.ParsePointer(c.Pointer)
	return path
}

// compare says whether change later undoes what change earlier made of the
// value at a path, which is the longer one of theirs.
func (h History) compare(earlier, later int, at tree.Path) (overlap, extends bool) {
	a, b := h[earlier], h[later]
	was, isThere := below(a.After, at[len(a.path()):])
	is, stays := below(b.After, at[len(b.path()):])
	if !isThere && a.After != nil {
		_, open := parsed(a.After).(*tree.Object)
		return !open, false // beside what was set, or in place of it
	}
	if !isThere || !stays {
		return isThere != stays, false
	}
	if tree.Equal(parsed(was), parsed(is)) {
		return false, false
	}
	own, _ := below(a.Before, at[len(a.path()):])
	return true, keepsList(parsed(own), parsed(was), parsed(is))
}

// keepsList reports whether a list that was made of before still shows in now.
func keepsList(before, made, now tree.Value) bool {
	b, _ := before.([]tree.Value)
	m, isList := made.([]tree.Value)
	n, stays := now.([]tree.Value)
	if !isList || !stays {
		return false
	}
	added, gone := surplus(m, b), surplus(b, m)
	if len(added) == 0 && len(gone) == 0 {
		return inOrder(m, n)
	}
	return len(surplus(added, surplus(n, b))) == 0 && len(surplus(gone, surplus(b, n))) == 0
}

// surplus returns the items of list that other has not, or not as often.
func surplus(list, other []tree.Value) []tree.Value {
	count := map[string]int{}
	for _, v := range other {
		count[string(tree.Append(nil, v))]++
	}
	var out []tree.Value
	for _, v := range list {
		key := string(tree.Append(nil, v))
		if count[key]--; count[key] < 0 {
			out = append(out, v)
		}
	}
	return out
}

// inOrder reports whether all items of part stand in whole in their order.
func inOrder(part, whole []tree.Value) bool {
	for _, v := range whole {
		if len(part) > 0 && tree.Equal(part[0], v) {
			part = part[1:]
		}
	}
	return len(part) == 0
}

// setter knows which change set a value last, and those below it since then.
type setter struct {
	last  int // -1 for none
	keys  []string
	below map[string]*setter
}

// met is a change that a later one meets, and the value at which.
type met struct {
	change int
	at     tree.Path
}

func newSetter() *setter { return &setter{last: -1, below: map[string]*setter{}} }

// set records that a change sets the value at path, and returns the changes
// that set it, what is around it, or what is in it before.
func (s *setter) set(path tree.Path, change int) []met {
	around := s.last
	for _, key := range path {
		next, ok := s.below[key]
		if !ok {
			next = newSetter()
			s.keys, s.below[key] = append(s.keys, key), next
		}
		if s = next; s.last >= 0 {
			around = s.last
		}
	}
	var out []met
	if around >= 0 {
		out = append(out, met{around, path})
	}
	out = s.inside(path, out)
	s.last, s.keys, s.below = change, nil, map[string]*setter{}
	return out
}

func (s *setter) inside(path tree.Path, out []met) []met {
	for _, key := range s.keys {
		child, at := s.below[key], path.Child(key)
		if child.last >= 0 {
			out = append(out, met{child.last, slices.Clone(at)})
		}
		out = child.inside(at, out)
	}
	return out
}
