package yamledit

import (
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

const (
	nullTag  = "!!null"
	boolTag  = "!!bool"
	strTag   = "!!str"
	intTag   = "!!int"
	floatTag = "!!float"
	mergeTag = "!!merge"
)

// lookup returns the key and the value at a path, following aliases and merge
// keys on the way. The value itself is returned as it stands there, which may
// be an alias. The key is nil for the root and for items of a list.
func (d *Document) lookup(path tree.Path) (key, value *yaml.Node, ok bool) {
	value = d.root
	for _, seg := range path {
		key, value = child(resolve(value), seg)
		if value == nil {
			return nil, nil, false
		}
	}
	return key, value, value != nil
}

// resolve returns what an alias stands for; any other node is itself.
func resolve(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func child(n *yaml.Node, seg string) (key, value *yaml.Node) {
	switch {
	case n == nil:
	case n.Kind == yaml.MappingNode:
		return field(n, seg, map[*yaml.Node]bool{})
	case n.Kind == yaml.SequenceNode:
		if i, ok := index(seg, len(n.Content)); ok {
			return nil, n.Content[i]
		}
	}
	return nil, nil
}

// index reads a path segment as an index into n items.
func index(seg string, n int) (int, bool) {
	i, err := strconv.Atoi(seg)
	return i, err == nil && i >= 0 && i < n && strconv.Itoa(i) == seg
}

// field finds a key in a mapping, then in the mappings it merges: the
// mapping's own keys win, then the earlier of several merged ones.
func field(n *yaml.Node, name string, seen map[*yaml.Node]bool) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode || seen[n] {
		return nil, nil
	}
	seen[n] = true
	if k, v := ownField(n, name); v != nil {
		return k, v
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		for _, source := range mergeSources(n.Content[i+1]) {
			if k, v := field(source, name, seen); v != nil {
				return k, v
			}
		}
	}
	return nil, nil
}

// ownField finds a key that the mapping itself holds.
func ownField(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; k.Kind == yaml.ScalarNode && k.Value == name && !isMerge(k) {
			return k, n.Content[i+1]
		}
	}
	return nil, nil
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.ShortTag() == mergeTag
}

// mergeSources returns the mappings that a merge key names. It may not name a
// list of them by an alias.
func mergeSources(v *yaml.Node) []*yaml.Node {
	if v.Kind != yaml.SequenceNode {
		return []*yaml.Node{resolve(v)}
	}
	sources := make([]*yaml.Node, len(v.Content))
	for i, c := range v.Content {
		sources[i] = resolve(c)
	}
	return sources
}
