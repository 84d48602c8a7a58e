package check

import (
	"slices"
	"strconv"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// Most checks of values look at few of them. They say which, and then one walk
// through all that Pathvector uses shows each value to those that want it.

// interest is a check's in the values, or the keys, that the schema describes
// in some way.
type interest struct {
	wants func(n *schema.Node, isKey bool) bool
	visit func(value)
}

// kind is values with the same description.
type kind struct {
	node  *schema.Node
	isKey bool
}

// values has visit called for each value, but for keys, of the wanted kinds.
func (s *subject) values(wants func(n *schema.Node) bool, visit func(v value)) {
	s.interests = append(s.interests, interest{
		func(n *schema.Node, isKey bool) bool { return !isKey && wants(n) }, visit,
	})
}

// texts has visit called for each text of one of the formats.
func (s *subject) texts(visit func(v value, text string), formats ...string) {
	s.interests = append(s.interests, interest{
		func(n *schema.Node, isKey bool) bool { return slices.Contains(formats, format(n, isKey)) },
		func(v value) {
			if text, ok := v.text(); ok {
				visit(v, text)
			}
		},
	})
}

func format(n *schema.Node, isKey bool) string {
	if isKey {
		return n.KeyFormat()
	}
	return n.Format
}

// deep is room for most paths.
const deep = 16

// walk goes through the values that Pathvector uses: of a template only what a
// peer takes from it, as Pathvector does not look at the others.
func (s *subject) walk() {
	path := make(tree.Path, 0, deep)
	for key, v := range object(s.tree).All() {
		if key != "peers" && key != "templates" {
			s.present(append(path, key), schema.Root().Child(key), v)
		}
	}
	taken := map[[2]string]bool{} // template and key
	for _, p := range s.peers {
		s.present(append(path, p.path...), schema.At(p.path), p.own)
		for key := range p.template.All() {
			if id := [2]string{p.from[1], key}; !taken[id] {
				v, at := p.get(key)
				if v != nil && at.HasPrefix(p.from) {
					taken[id] = true
					s.present(append(path, at...), schema.At(at), v)
				}
			}
		}
	}
}

// present shows a value, and all below it, to the checks. Paths of what is below
// share their memory: reports take copies.
func (s *subject) present(path tree.Path, n *schema.Node, v tree.Value) {
	if n == nil {
		return
	}
	s.offer(value{path: path, node: n, v: v})
	switch v := v.(type) {
	case *tree.Object:
		for key, child := range v.All() {
			at := append(path, key)
			s.offer(value{path: at, node: n, v: key, isKey: true})
			s.present(at, n.Child(key), child)
		}
	case []tree.Value:
		for i, item := range v {
			s.present(append(path, strconv.Itoa(i)), n.Item(), item)
		}
	}
}

func (s *subject) offer(v value) {
	k := kind{v.node, v.isKey}
	visits, known := s.visits[k]
	if !known {
		for _, i := range s.interests {
			if i.wants(v.node, v.isKey) {
				visits = append(visits, i.visit)
			}
		}
		s.visits[k] = visits
	}
	if len(visits) == 0 {
		return
	}
	v.format = format(v.node, v.isKey)
	for _, visit := range visits {
		visit(v)
	}
}
