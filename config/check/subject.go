package check

import (
	"strconv"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// subject is a configuration as the checks look at it.
type subject struct {
	doc   *config.Document
	tree  tree.Value
	peers []peer
	used  []value // all that Pathvector makes use of
}

// value is one value with what the schema says of it. The names that the
// operator gives, as keys of a mapping, are values too.
type value struct {
	path   tree.Path
	node   *schema.Node
	v      tree.Value
	format string
	isKey  bool
}

// text returns the text that the value is, "" and false for what is none.
func (v value) text() (string, bool) {
	s, ok := v.v.(string)
	return s, ok
}

// peer is a peer with the template that it builds on.
type peer struct {
	name     string
	path     tree.Path
	own      *tree.Object
	template *tree.Object // empty without one
	from     tree.Path    // of the template
}

// get returns the value that Pathvector uses for key, which the template has
// where the peer has none or a null. It is nil where neither has one.
func (p peer) get(key string) (tree.Value, tree.Path) {
	if v, _ := p.own.Get(key); v != nil {
		return v, p.path.Child(key)
	}
	if v, _ := p.template.Get(key); v != nil && key != "template" {
		return v, p.from.Child(key)
	}
	return nil, p.path
}

// on reports whether key is true, and where that stands.
func (p peer) on(key string) (bool, tree.Path) {
	v, at := p.get(key)
	return v == true, at
}

// list returns the items of a list, none where there is no list.
func (p peer) list(key string) ([]tree.Value, tree.Path) {
	v, at := p.get(key)
	items, _ := v.([]tree.Value)
	return items, at
}

func newSubject(d *config.Document) *subject {
	s := &subject{doc: d, tree: d.Tree()}
	templates := object(s.at("templates"))
	for name, v := range object(s.at("peers")).All() {
		own, ok := v.(*tree.Object)
		if !ok {
			continue // emptySection tells
		}
		p := peer{name: name, path: tree.Path{"peers", name}, own: own, template: &tree.Object{}}
		if base, _ := own.Get("template"); base != nil {
			name, _ := base.(string)
			template, _ := templates.Get(name)
			p.template, p.from = object(template), tree.Path{"templates", name}
		}
		s.peers = append(s.peers, p)
	}
	s.collect()
	return s
}

// at returns the value at a path, nil where there is none.
func (s *subject) at(path ...string) tree.Value {
	v, _ := tree.Lookup(s.tree, path)
	return v
}

// object returns v, an empty object where v is none.
func object(v tree.Value) *tree.Object {
	if o, ok := v.(*tree.Object); ok {
		return o
	}
	return &tree.Object{}
}

// collect lists the values that Pathvector uses: of a template only what a
// peer takes from it, as Pathvector does not look at the others.
func (s *subject) collect() {
	for key, v := range object(s.tree).All() {
		if key != "peers" && key != "templates" {
			s.add(tree.Path{key}, schema.Root().Child(key), v)
		}
	}
	taken := map[[2]string]bool{} // template and key
	for _, p := range s.peers {
		s.add(p.path, schema.At(p.path), p.own)
		for key := range p.template.All() {
			if id := [2]string{p.from[1], key}; !taken[id] {
				v, at := p.get(key)
				if v != nil && at.HasPrefix(p.from) {
					taken[id] = true
					s.add(at, schema.At(at), v)
				}
			}
		}
	}
}

func (s *subject) add(path tree.Path, n *schema.Node, v tree.Value) {
	if n == nil {
		return
	}
	s.used = append(s.used, value{path: path, node: n, v: v, format: n.Format})
	switch v := v.(type) {
	case *tree.Object:
		for key, child := range v.All() {
			at := path.Child(key)
			if format := n.KeyFormat(); format != "" {
				s.used = append(s.used, value{path: at, node: n, v: key, format: format, isKey: true})
			}
			s.add(at, n.Child(key), child)
		}
	case []tree.Value:
		for i, item := range v {
			s.add(path.Child(strconv.Itoa(i)), n.Item(), item)
		}
	}
}

// texts calls visit for each text of one of the formats.
func (s *subject) texts(visit func(v value, text string), formats ...string) {
	for _, v := range s.used {
		text, ok := v.text()
		for _, format := range formats {
			if ok && v.format == format {
				visit(v, text)
			}
		}
	}
}

// show quotes a value for a message, unless it is a secret.
func (s *subject) show(path tree.Path, v tree.Value) string {
	if s.doc.Secret(path) {
		return "a text (it is a secret, so it is not shown)"
	}
	if text, ok := v.(string); ok {
		return protocol.Quote([]byte(text))
	}
	return protocol.Quote(tree.Append(nil, v))
}
