package yamledit

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// change is what ops do at one path: an op, or changes below it, in order.
type change struct {
	path  tree.Path
	op    *Op
	names []string
	below map[string]*change
	// sources holds, for every item that op gives a list, the index of the old
	// item whose text it has, or -1; it is set once the list is planned.
	sources []int
	integer map[string]bool // what integerKeys found, by path
	// base is what stands at the path now by an alias or a merge key, for a
	// change below it; see sharing.
	base    tree.Value
	based   bool      // base is set
	keeps   bool      // op sets what is there already, by an alias
	unmerge bool      // the merge key of the mapping is to go; what it merges was added
	merged  bool      // the key comes from such a merge key
	cause   tree.Path // of the op that made this change necessary elsewhere; nil for one of its own
}

var errConflict = errors.New("two ops for the same path, or for a path and one below it")

func newChange(ops []Op) (*change, error) {
	root := &change{path: tree.Path{}}
	for i := range ops {
		op := &ops[i]
		if len(op.Path) == 0 {
			return nil, errors.New("expected an op for a path below the root, got one for the root")
		}
		c := root
		for _, seg := range op.Path {
			if c.op != nil {
				return nil, fmt.Errorf("%w: %q", errConflict, op.Path.String())
			}
			c = c.child(seg)
		}
		if c.op != nil || len(c.names) > 0 {
			return nil, fmt.Errorf("%w: %q", errConflict, op.Path.String())
		}
		c.op = op
	}
	return root, nil
}

func (c *change) child(seg string) *change {
	if c.below == nil {
		c.below = map[string]*change{}
	}
	next := c.below[seg]
	if next == nil {
		next = &change{path: c.path.Child(seg)}
		c.below[seg] = next
		c.names = append(c.names, seg)
	}
	return next
}

// servedBy returns the path of the op that an edit at a path serves.
func (c *change) servedBy(path tree.Path) tree.Path {
	for _, seg := range path {
		next := c.below[seg]
		if next == nil {
			break
		}
		c = next
	}
	if c.cause != nil {
		return c.cause
	}
	return path
}

func (c *change) removes() bool { return c.op != nil && c.op.Remove }

// value returns what the change makes where there is nothing; ok is false
// where it only removes.
func (c *change) value() (v tree.Value, ok bool) {
	if c.op != nil {
		return c.op.Value, !c.op.Remove
	}
	if c.based {
		return c.over(c.base), true
	}
	o := &tree.Object{}
	for _, name := range c.names {
		if v, ok := c.below[name].value(); ok {
			o.Set(name, v)
		}
	}
	return o, o.Len() > 0
}

// over returns a value with the changes below c made in it.
func (c *change) over(v tree.Value) tree.Value {
	if s, copied := v.(*source); copied && s.value != nil {
		return &source{node: s.node, value: c.over(s.value)}
	}
	if items, ok := v.([]tree.Value); ok && len(items) > 0 {
		return c.overItems(items)
	}
	was, ok := v.(*tree.Object)
	if !ok {
		was = &tree.Object{}
	}
	o := tree.NewObject(was.Len() + len(c.names))
	for name, field := range was.All() {
		if v, stays := c.overChild(name, field); stays {
			o.Set(name, v)
		}
	}
	for _, name := range c.names {
		if v, ok := c.below[name].value(); ok && !was.Has(name) {
			o.Set(name, v)
		}
	}
	return o
}

func (c *change) overItems(items []tree.Value) tree.Value {
	out := make([]tree.Value, 0, len(items))
	for i, item := range items {
		if v, stays := c.overChild(strconv.Itoa(i), item); stays {
			out = append(out, v)
		}
	}
	return out
}

func (c *change) overChild(name string, was tree.Value) (v tree.Value, stays bool) {
	sub := c.below[name]
	switch {
	case sub == nil:
		return was, true
	case sub.op != nil:
		return sub.op.Value, !sub.op.Remove
	}
	if isCollection(was) {
		return sub.over(was), true
	}
	if v, ok := sub.value(); ok {
		return v, true
	}
	return was, true
}

func isCollection(v tree.Value) bool {
	switch v := v.(type) {
	case *tree.Object, []tree.Value:
		return true
	case *source:
		return v.value != nil
	}
	return false
}

// integerKeys reports whether new keys of the mapping at path are integers.
func (c *change) integerKeys(path tree.Path) bool {
	if c.op != nil {
		return c.op.IntegerKeys != nil && c.op.IntegerKeys(path)
	}
	key := path.String()
	integer, known := c.integer[key]
	if known {
		return integer
	}
	for _, name := range c.names {
		if integer = c.below[name].integerKeys(path); integer {
			break
		}
	}
	if c.integer == nil {
		c.integer = map[string]bool{}
	}
	c.integer[key] = integer
	return integer
}

// expand turns a mapping that replaces a mapping into changes of its keys.
func (d *Document) expand(n *yaml.Node, c *change) {
	if o, ok := c.newMapping(n); ok {
		d.split(n, c, o)
	}
	for _, name := range c.names {
		var v *yaml.Node
		if n.Kind == yaml.SequenceNode {
			_, v = child(n, name)
		} else if n.Kind == yaml.MappingNode {
			if i := d.index(n).own(name); i >= 0 {
				v = n.Content[2*i+1]
			}
		}
		if v != nil && v.Kind != yaml.AliasNode {
			d.expand(v, c.below[name])
		}
	}
}

func (c *change) newMapping(n *yaml.Node) (*tree.Object, bool) {
	if c.op == nil || c.op.Remove || n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return nil, false
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Kind != yaml.ScalarNode {
			return nil, false
		}
	}
	o, ok := c.op.Value.(*tree.Object)
	return o, ok
}

func (d *Document) split(n *yaml.Node, c *change, after *tree.Object) {
	whole := c.op
	before, _ := whole.Before.(*tree.Object)
	c.op = nil
	add := func(op Op, name string) {
		op.Path, op.IntegerKeys = whole.Path.Child(name), whole.IntegerKeys
		c.child(name).op = &op
	}
	index := d.index(n)
	compare := func(name string, now *yaml.Node) {
		v, ok := after.Get(name)
		if !ok {
			add(Op{Remove: true}, name)
			return
		}
		var was tree.Value
		if before != nil {
			was, _ = before.Get(name)
		}
		if old, known := typed(now, was); !known || !tree.Equal(old, v) {
			add(Op{Value: v, Before: was}, name)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			compare(n.Content[i].Value, n.Content[i+1])
		}
	}
	there := map[string]bool{}
	for _, name := range index.mergedNames() {
		if there[name] = true; index.own(name) < 0 {
			_, v := index.mergedField(name)
			compare(name, v)
		}
	}
	for name, v := range after.All() {
		if index.own(name) < 0 && !there[name] {
			add(Op{Value: v}, name)
		}
	}
}
