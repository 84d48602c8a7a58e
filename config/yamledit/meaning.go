package yamledit

import "go.yaml.in/yaml/v3"

// wanted is the tree that an edit is to lead to, as far as aliases go.
type wanted struct {
	*sharing
	there map[*yaml.Node]bool       // the original aliases and anchored nodes that stay as they are
	now   map[*yaml.Node]*yaml.Node // by an original collection that changes in part
}

func (s *sharing) wanted(root *yaml.Node) *wanted {
	w := &wanted{sharing: s, there: map[*yaml.Node]bool{}, now: map[*yaml.Node]*yaml.Node{}}
	w.note(root)
	return w
}

func (w *wanted) note(n *yaml.Node) {
	switch {
	case isOriginal(n) && n.Anchor != "":
		w.there[n] = true
	case isChangedCopy(n):
		w.now[w.copied[n]] = n
	}
	for _, c := range n.Content {
		w.note(c)
	}
}

func (w *wanted) noteAliases(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		w.there[n] = true
	}
	for _, c := range n.Content {
		w.noteAliases(c)
	}
}

// allThere reports whether all that aliases stand for stays as it is.
func (w *wanted) allThere() bool {
	for target := range w.targets {
		if !w.there[target] {
			return false
		}
	}
	return true
}

// means reports whether an alias stands for what it stood for.
func (w *wanted) means(u use) bool {
	target := u.alias.Alias
	if w.there[target] {
		return true
	}
	if w.now[target] == nil {
		return false
	}
	w.moved = true
	return w.changed[target].preserves() || u.mapping != nil && w.covered(u.mapping)
}

// covered reports whether a mapping keeps what it merges, though that changes:
// each key is its own or comes from the node that it came from.
func (w *wanted) covered(m *yaml.Node) bool {
	now := w.now[m]
	if now == nil {
		now = m
	}
	before, after := map[string]*yaml.Node{}, map[string]*yaml.Node{}
	w.gather(m, before, false, map[*yaml.Node]bool{})
	w.gather(now, after, true, map[*yaml.Node]bool{})
	for name := range before {
		if after[name] == nil {
			return false
		}
	}
	for name, v := range after {
		if _, own := ownField(now, name); own == nil && v != before[name] {
			return false
		}
	}
	return true
}

// gather collects the values of a mapping with what it merges, as it was or as
// it is to be.
func (w *wanted) gather(n *yaml.Node, to map[string]*yaml.Node, after bool, seen map[*yaml.Node]bool) {
	if n == nil || n.Kind != yaml.MappingNode || seen[n] {
		return
	}
	seen[n] = true
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; to[k.Value] == nil && !isMerge(k) {
			to[k.Value] = n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		for _, source := range mergeSources(n.Content[i+1]) {
			if now := w.now[source]; after && now != nil {
				source = now
			}
			w.gather(source, to, after, seen)
		}
	}
}
