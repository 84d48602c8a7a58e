package config

import (
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// building is an object of which the first keys are typed. Most of many peers
// have the same keys: for as long as it is like another one, it has their keys.
type building struct {
	like   *tree.Object // nil if there is none, or none any more
	values []tree.Value // where it is like another one
	object *tree.Object // where it is not
}

func newBuilding(size int, like *tree.Object) *building {
	if like == nil || like.Len() != size {
		return &building{object: tree.NewObject(size)}
	}
	return &building{like: like, values: make([]tree.Value, 0, size)}
}

// has reports whether a key is there already.
func (b *building) has(key string) bool {
	if b.like == nil {
		return b.object.Has(key)
	}
	at := len(b.values)
	if keys := b.like.Keys(); at < len(keys) && keys[at] == key {
		return false // the keys of the other are different ones
	}
	b.part()
	return b.object.Has(key)
}

// part ends the likeness.
func (b *building) part() {
	b.object = tree.NewObject(b.like.Len())
	for i, v := range b.values {
		b.object.Set(b.like.Keys()[i], v)
	}
	b.like, b.values = nil, nil
}

// set adds a key that has was asked for.
func (b *building) set(key string, v tree.Value) {
	if b.like == nil {
		b.object.Set(key, v)
		return
	}
	b.values = append(b.values, v)
}

// whole returns the object, with all keys.
func (b *building) whole() *tree.Object {
	if b.like == nil {
		return b.object
	}
	return b.like.Alike(b.values)
}

// ownKeys types a mapping without merge keys.
func (t *typer) ownKeys(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	b := newBuilding(len(n.Content)/2, t.like[s])
	held := holding{schema: s}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if err := t.spend(key); err != nil {
			return nil, err
		}
		name, err := t.name(key, s)
		if err != nil {
			return nil, err
		}
		if b.has(name) {
			return nil, t.twice(key, name)
		}
		met := t.met
		v, err := t.child(name, n.Content[i+1], s.Child(name), s.Secret(name))
		if err != nil {
			return nil, err
		}
		if t.met > met {
			held.keys = append(held.keys, name)
		}
		b.set(name, v)
	}
	o := b.whole()
	if o.Len() >= manyKeys {
		t.held[o] = held
	} else if b.like == nil {
		t.like[s] = o
	}
	return o, nil
}
