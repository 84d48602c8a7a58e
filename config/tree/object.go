package tree

import (
	"iter"
	"maps"
	"slices"
)

// Object is a JSON object that keeps the order of its keys. The zero Object
// is empty and ready to use.
type Object struct {
	keys   []string // with removed ones in between, see at
	values map[string]Value
	at     map[string]int // where keys stand, once one was removed: any other place is void
}

// Len returns the number of keys.
func (o *Object) Len() int { return len(o.values) }

// Get returns the value of key, and whether there is one.
func (o *Object) Get(key string) (Value, bool) {
	v, ok := o.values[key]
	return v, ok
}

// Has reports whether the object has key.
func (o *Object) Has(key string) bool {
	_, ok := o.values[key]
	return ok
}

// Keys returns the keys in order. The caller must not change the slice.
func (o *Object) Keys() []string {
	if len(o.keys) == len(o.values) {
		return o.keys
	}
	keys := make([]string, 0, len(o.values))
	for i, key := range o.keys {
		if at, ok := o.at[key]; ok && at == i {
			keys = append(keys, key)
		}
	}
	return keys
}

// All yields every key with its value, in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, k := range o.Keys() {
			if !yield(k, o.values[k]) {
				return
			}
		}
	}
}

// Set gives key the value v; a new key goes to the end. It is for building an
// object that nobody else holds yet.
func (o *Object) Set(key string, v Value) {
	if o.values == nil {
		o.values = make(map[string]Value)
	}
	if _, ok := o.values[key]; !ok {
		if o.at != nil {
			o.at[key] = len(o.keys)
		}
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

// Delete removes key if it is there. Like Set, it is for building. Of many
// removals each costs the same, however large the object is.
func (o *Object) Delete(key string) {
	if !o.Has(key) {
		return
	}
	if o.at == nil {
		o.index()
	}
	delete(o.values, key)
	delete(o.at, key)
	if len(o.keys) > 2*len(o.values)+8 {
		o.keys = o.Keys()
		o.index()
	}
}

func (o *Object) index() {
	o.at = make(map[string]int, len(o.keys))
	for i, key := range o.keys {
		o.at[key] = i
	}
}

// clone returns a copy that shares the values.
func (o *Object) clone() *Object {
	c := &Object{keys: slices.Clone(o.Keys()), values: make(map[string]Value, len(o.values)+1)}
	maps.Copy(c.values, o.values)
	return c
}

// MarshalJSON writes the object with its keys in order.
func (o *Object) MarshalJSON() ([]byte, error) { return Append(nil, o), nil }
