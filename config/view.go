package config

import (
	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// View is the part of a configuration that a plugin is sent (spec SCP-5).
type View struct {
	scopes  Scopes
	whole   tree.Value   // the configuration that the view was made of
	shown   *tree.Object // what the plugin sees of it
	secrets pointers     // of the document: secrets by alias or merge key
	held    holdings     // of the document
	room    int          // how large the document is, in bytes
}

// NewView returns what a plugin with these scopes sees of the tree, which is
// the document's or came from it by earlier results. Where the scopes cover a
// value whole, the view shares it; it costs by what is in it, however much is
// beside that.
func NewView(t tree.Value, d *Document, s Scopes) *View {
	v := &View{scopes: s, whole: t, secrets: d.secrets, held: d.held, room: len(d.text)}
	shown, _ := v.cut(t, nil, schema.Root(), s.reads())
	v.shown, _ = shown.(*tree.Object)
	if v.shown == nil {
		v.shown = &tree.Object{}
	}
	return v
}

// AppendJSON appends the view as the plugin is sent it.
func (v *View) AppendJSON(dst []byte) []byte { return tree.Append(dst, v.shown) }

// Room is about how many bytes AppendJSON needs, for a view of everything. It
// is 0 for others, which tend to be small.
func (v *View) Room() int {
	if v.scopes.reads().whole() {
		return v.room
	}
	return 0
}

// Get returns the value at path as the plugin sees it, and whether there is
// one. What the plugin may not read is not readable, whether it is there or not.
func (v *View) Get(path tree.Path) (value tree.Value, found, readable bool) {
	if value, found = tree.Lookup(v.shown, path); found {
		return value, true, true
	}
	_, hidden := tree.Lookup(v.whole, path)
	return nil, false, !hidden && v.mayRead(path)
}

// mayRead reports whether the plugin would see a value at path if there were
// one.
func (v *View) mayRead(path tree.Path) bool {
	return !v.keptBack(path) && v.scopes.reads().to(path).whole()
}

// keptBack reports whether path leads into what the plugin may not see,
// whatever its reads cover.
func (v *View) keptBack(path tree.Path) bool {
	n := schema.Root()
	for i, key := range path {
		if v.withheld(path[:i+1], key, n) {
			return true
		}
		n = n.Child(key)
	}
	return false
}

// cut returns what of a value the plugin sees, and whether it sees anything.
// The path is kept only where the document has secrets by path.
func (v *View) cut(value tree.Value, path tree.Path, n *schema.Node, r reach) (tree.Value, bool) {
	if r.nothing() {
		return nil, false
	}
	o, ok := value.(*tree.Object)
	if !ok {
		return value, r.whole() && !v.secretInside(value, n)
	}
	if r.whole() {
		return v.without(o, path, n, r), true
	}
	return v.gathered(o, path, n, r)
}

// without returns an object that the reads cover without what the plugin may
// not see all the same: the very object where there is nothing like that.
func (v *View) without(o *tree.Object, path tree.Path, n *schema.Node, r reach) *tree.Object {
	fields := o.All()
	if len(v.secrets) == 0 && n != schema.Root() {
		fields = v.held.suspects(o, n)
	}
	shown := o
	for key, child := range fields {
		seen, ok := v.below(child, path, key, n, r)
		if ok && same(seen, child) {
			continue
		}
		if shown == o {
			shown = o.Copy()
		}
		if ok {
			shown.Set(key, seen)
		} else {
			shown.Delete(key)
		}
	}
	return shown
}

// gathered returns what of an object the reads lead to, and whether they lead
// to anything. It looks only at the keys that they name, where they do.
func (v *View) gathered(o *tree.Object, path tree.Path, n *schema.Node, r reach) (tree.Value, bool) {
	fields := o.All()
	if keys, named := r.keys(); named {
		fields = o.Pick(keys)
	}
	shown, shared := &tree.Object{}, 0
	for key, child := range fields {
		seen, ok := v.below(child, path, key, n, r)
		if !ok {
			continue
		}
		shown.Set(key, seen)
		if same(seen, child) {
			shared++
		}
	}
	if shared == o.Len() {
		return o, shared > 0
	}
	return shown, shown.Len() > 0
}

// below is cut for the value of a key of the object at path, which n describes.
func (v *View) below(child tree.Value, path tree.Path, key string, n *schema.Node, r reach) (tree.Value, bool) {
	if len(v.secrets) > 0 {
		path = path.Child(key)
	}
	if v.withheld(path, key, n) {
		return nil, false
	}
	return v.cut(child, path, n.Child(key), r.at(key))
}

// same reports whether cut left the value as it is: of all that is no object
// it returns nothing else.
func same(seen, value tree.Value) bool {
	o, ok := value.(*tree.Object)
	return !ok || seen == o
}

// withheld reports whether the plugin may not see the value of key, whatever
// its reads cover. n describes the object that holds it.
func (v *View) withheld(path tree.Path, key string, n *schema.Node) bool {
	if n == schema.Root() && key == "plugins" {
		return true // spec SCP-6
	}
	return !v.scopes.Secrets && (n.Secret(key) || len(v.secrets) > 0 && v.secrets[path.String()])
}

// secretInside reports whether a list that the plugin would see holds a secret
// that is not granted: then all of it is one.
func (v *View) secretInside(value tree.Value, n *schema.Node) bool {
	return !v.scopes.Secrets && holdsSecret(value, n)
}

// holdsSecret reports whether there is a secret below value, which n
// describes.
func holdsSecret(value tree.Value, n *schema.Node) bool {
	switch value := value.(type) {
	case []tree.Value:
		for _, item := range value {
			if holdsSecret(item, n.Item()) {
				return true
			}
		}
	case *tree.Object:
		for key, child := range value.All() {
			if n.Secret(key) || holdsSecret(child, n.Child(key)) {
				return true
			}
		}
	}
	return false
}
