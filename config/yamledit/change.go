package yamledit

import (
	"errors"
	"fmt"

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

func (c *change) removes() bool { return c.op != nil && c.op.Remove }

// value returns what the change makes where there is nothing; ok is false
// where it only removes.
func (c *change) value() (v tree.Value, ok bool) {
	if c.op != nil {
		return c.op.Value, !c.op.Remove
	}
	o := &tree.Object{}
	for _, name := range c.names {
		if v, ok := c.below[name].value(); ok {
			o.Set(name, v)
		}
	}
	return o, o.Len() > 0
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
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		v, ok := after.Get(name)
		if !ok {
			add(Op{Remove: true}, name)
			continue
		}
		var was tree.Value
		if before != nil {
			was, _ = before.Get(name)
		}
		if old, known := typed(n.Content[i+1], was); !known || !tree.Equal(old, v) {
			add(Op{Value: v, Before: was}, name)
		}
	}
	index := d.index(n)
	for name, v := range after.All() {
		if index.own(name) < 0 {
			add(Op{Value: v}, name)
		}
	}
}
