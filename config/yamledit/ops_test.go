package yamledit_test

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"go.yaml.in/yaml/v3"
)

// chooseOps makes changes at places of the document and next to them.
func chooseOps(c *chooser, root *yaml.Node) []yamledit.Op {
	paths := []tree.Path{}
	collectPaths(root, tree.Path{}, &paths)
	var ops []yamledit.Op
	for range 1 + c.n(4) {
		path := tree.Path{c.of("new", "two", "1", "no")}
		if len(paths) > 0 && c.n(8) > 0 {
			path = paths[c.n(len(paths))]
		}
		if len(path) > 0 && c.n(4) == 3 {
			path = path.Child(c.of("new", "a0", "<<", "0"))
		}
		op := yamledit.Op{Path: path, Remove: c.n(3) == 0}
		if !op.Remove {
			op.Value = chooseValue(c, root, path)
		}
		if !overlaps(ops, path) {
			ops = append(ops, op)
		}
	}
	return ops
}

// chooseValue makes a new value, or one out of the items that are there.
func chooseValue(c *chooser, root *yaml.Node, path tree.Path) tree.Value {
	now, _ := tree.Lookup(valueOf(root), path)
	items, ok := now.([]tree.Value)
	if !ok || c.n(3) == 0 {
		return newValues[c.n(len(newValues))]
	}
	var out []tree.Value
	for _, item := range items {
		if s, isString := item.(string); c.n(3) > 0 && (!isString || !strings.HasPrefix(s, opaque)) {
			out = append(out, item)
		}
		if c.n(3) == 0 {
			out = append(out, newValues[c.n(len(newValues))])
		}
	}
	if len(out) > 1 && c.n(2) == 0 {
		i, j := c.n(len(out)), c.n(len(out))
		out[i], out[j] = out[j], out[i]
	}
	return append([]tree.Value{}, out...)
}

func overlaps(ops []yamledit.Op, path tree.Path) bool {
	for _, op := range ops {
		if op.Path.HasPrefix(path) || path.HasPrefix(op.Path) {
			return true
		}
	}
	return false
}

// deepest is how deep paths go: an alias may lead into itself.
const deepest = 8

// collectPaths finds the places that a document has to its readers: those that
// aliases and merge keys bring in as well.
func collectPaths(n *yaml.Node, at tree.Path, out *[]tree.Path) {
	if n == nil || len(at) > deepest {
		return
	}
	if len(at) > 0 {
		*out = append(*out, at)
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.MappingNode {
		for _, f := range fieldsOf(n, map[*yaml.Node]bool{}) {
			if strings.HasPrefix(f.name, opaque) {
				continue
			}
			collectPaths(f.value, at.Child(f.name), out)
		}
		return
	}
	for i, c := range n.Content {
		collectPaths(c, at.Child(strconv.Itoa(i)), out)
	}
}

type namedNode struct {
	name  string
	value *yaml.Node
}

// fieldsOf returns the keys of a mapping, then those that it merges.
func fieldsOf(n *yaml.Node, seen map[*yaml.Node]bool) []namedNode {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode || seen[n] {
		return nil
	}
	seen[n] = true
	var fields, merged []namedNode
	known := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			fields = append(fields, namedNode{opaque + strconv.Itoa(i), v})
		case k.Value != "<<" || k.ShortTag() != "!!merge":
			known[k.Value] = true
			fields = append(fields, namedNode{k.Value, v})
		case v.Kind == yaml.SequenceNode:
			for _, item := range v.Content {
				merged = append(merged, fieldsOf(item, seen)...)
			}
		default:
			merged = append(merged, fieldsOf(v, seen)...)
		}
	}
	for _, f := range merged {
		if !known[f.name] {
			known[f.name] = true
			fields = append(fields, f)
		}
	}
	return fields
}

// opaque starts the text that stands for values without a JSON form.
const opaque = "\x00"

// valueOf reads nodes without the code under test.
func valueOf(n *yaml.Node) tree.Value {
	if n == nil {
		return &tree.Object{}
	}
	return (&reading{open: map[*yaml.Node]bool{}}).value(n)
}

// cyclic reports whether an anchor contains itself.
func cyclic(n *yaml.Node) bool {
	r := &reading{open: map[*yaml.Node]bool{}}
	if n != nil {
		r.value(n)
	}
	return r.cyclic
}

// reading is what valueOf knows on its way.
type reading struct {
	open   map[*yaml.Node]bool
	cyclic bool
}

func (r *reading) value(n *yaml.Node) tree.Value {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if r.open[n] {
		r.cyclic = true
		return opaque
	}
	r.open[n] = true
	defer delete(r.open, n)
	switch {
	case n.Kind == yaml.MappingNode:
		o := &tree.Object{}
		for _, f := range fieldsOf(n, map[*yaml.Node]bool{}) {
			o.Set(f.name, r.value(f.value))
		}
		return o
	case n.Kind == yaml.SequenceNode:
		items := []tree.Value{}
		for _, c := range n.Content {
			items = append(items, r.value(c))
		}
		return items
	case n.ShortTag() == "!!str" && n.Style&yaml.TaggedStyle == 0:
		return n.Value
	case n.ShortTag() == "!!null":
		return nil
	case n.ShortTag() == "!!bool":
		return n.Value == "true"
	case json.Valid([]byte(n.Value)) && n.Style&yaml.TaggedStyle == 0:
		return json.Number(n.Value)
	}
	return opaque + n.ShortTag() + n.Value
}

// applyTo applies ops to values: first what is set, then what goes, the last
// items of lists first.
func applyTo(v tree.Value, ops []yamledit.Op) tree.Value {
	sorted := append([]yamledit.Op{}, ops...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].Remove && sorted[j].Remove {
			return lessPath(sorted[j].Path, sorted[i].Path)
		}
		return !sorted[i].Remove && sorted[j].Remove
	})
	for _, op := range sorted {
		v = applyOne(v, op.Path, op)
	}
	return v
}

// lessPath orders the paths of removals by the indices in them.
func lessPath(a, b tree.Path) bool {
	for i := range min(len(a), len(b)) {
		x, errX := strconv.Atoi(a[i])
		y, errY := strconv.Atoi(b[i])
		switch {
		case a[i] == b[i]:
		case errX == nil && errY == nil:
			return x < y
		case errX == nil || errY == nil:
			return errX != nil
		default:
			return a[i] < b[i]
		}
	}
	return len(a) < len(b)
}

func applyOne(v tree.Value, path tree.Path, op yamledit.Op) tree.Value {
	if len(path) == 0 {
		return op.Value
	}
	if items, ok := v.([]tree.Value); ok && (len(items) > 0 || op.Remove) {
		i, err := strconv.Atoi(path[0])
		switch {
		case err != nil || i >= len(items):
			return v
		case len(path) == 1 && op.Remove:
			return append(append([]tree.Value{}, items[:i]...), items[i+1:]...)
		}
		out := append([]tree.Value{}, items...)
		out[i] = applyOne(items[i], path[1:], op)
		return out
	}
	o, ok := v.(*tree.Object)
	child := tree.Value(nil)
	if ok {
		child, _ = o.Get(path[0])
	}
	switch _, has := tree.Lookup(v, path[:1]); {
	case op.Remove && len(path) == 1:
		return tree.Without(v, path)
	case op.Remove && !has:
		return v
	}
	return tree.With(v, path[:1], applyOne(child, path[1:], op))
}
