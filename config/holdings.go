package config

import (
	"iter"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// holdings say of the large objects of a document which of their keys are
// secrets or hold some, so that a view of such an object need not look at all
// the others. Secrets by alias are not among them.
type holdings map[*tree.Object]holding

// holding is what one object holds, as the schema at its place has it.
type holding struct {
	schema *schema.Node
	keys   []string
}

// manyKeys is from how many keys on an object is worth a holding.
const manyKeys = 64

// suspects yields the keys of o at which a secret may be, in order: those that
// had one in the document, and those that have changed since.
func (h holdings) suspects(o *tree.Object, n *schema.Node) iter.Seq2[string, tree.Value] {
	was := o.Base()
	held, ok := h[was]
	if !ok || held.schema != n {
		return o.All()
	}
	keys := held.keys[:len(held.keys):len(held.keys)]
	for key := range o.Beside(was) {
		keys = append(keys, key)
	}
	return o.Pick(keys)
}
