package schema

import "slices"

// AnyKey stands in paths for a name of the operator's choice.
const AnyKey = "*"

// Walk calls visit for every key of the schema below n, with the keys that lead
// there, in alphabetical order. It does not enter lists.
func (n *Node) Walk(visit func(path []string, n *Node)) { n.walk(nil, visit) }

func (n *Node) walk(path []string, visit func(path []string, n *Node)) {
	if n == nil {
		return
	}
	for _, key := range n.Keys() {
		child, at := n.Child(key), append(slices.Clip(path), key)
		visit(at, child)
		child.walk(at, visit)
	}
	for ; n != nil; n = n.ref {
		if n.AdditionalProperties != nil {
			n.AdditionalProperties.walk(append(slices.Clip(path), AnyKey), visit)
		}
	}
}
