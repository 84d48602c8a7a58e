package check

import (
	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// subject is a configuration as the checks look at it.
type subject struct {
	doc   Configuration
	tree  tree.Value
	peers []peer

	interests []interest // of the checks in values
	visits    map[kind][]func(value)
}

// value is one value with what the schema says of it. The names that the
// operator gives, as keys of a mapping, are values too. The path is good for as
// long as a check looks at the value.
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

// value is get without the place, which costs more than the value.
func (p peer) value(key string) tree.Value {
	if v, _ := p.own.Get(key); v != nil || key == "template" {
		return v
	}
	v, _ := p.template.Get(key)
	return v
}

// on reports whether key is true, and where that stands.
func (p peer) on(key string) (bool, tree.Path) {
	if p.value(key) != true {
		return false, nil
	}
	_, at := p.get(key)
	return true, at
}

// list returns the items of a list, none where there is no list.
func (p peer) list(key string) ([]tree.Value, tree.Path) {
	v, at := p.get(key)
	items, _ := v.([]tree.Value)
	return items, at
}

// none is the template of peers that have none.
var none = &tree.Object{}

func newSubject(d Configuration) *subject {
	s := &subject{doc: d, tree: d.Tree(), visits: map[kind][]func(value){}}
	templates, peers := object(s.at("templates")), object(s.at("peers"))
	s.peers = make([]peer, 0, peers.Len())
	for name, v := range peers.All() {
		own, ok := v.(*tree.Object)
		if !ok {
			continue // emptySection tells
		}
		p := peer{name: name, path: tree.Path{"peers", name}, own: own, template: none}
		if base, _ := own.Get("template"); base != nil {
			name, _ := base.(string)
			template, _ := templates.Get(name)
			p.template, p.from = object(template), tree.Path{"templates", name}
		}
		s.peers = append(s.peers, p)
	}
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
