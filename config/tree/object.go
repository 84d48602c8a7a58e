package tree

import (
	"iter"
	"slices"
)

// Object is a JSON object that keeps the order of its keys. The zero Object
// is empty and ready to use.
type Object struct {
	over   *overlay // what the object has beside its own keys; nil for most
	keys   []string // with removed ones in between, see at
	values []Value  // of the keys, at the same places
	// at holds where keys stand, once there are many of them: any other place is
	// void. A few keys are found faster without it, and take less room.
	at map[string]int
}

// few is up to how many keys an object does without a map.
const few = 8

// NewObject returns an empty object with room for a number of keys.
func NewObject(size int) *Object {
	o := &Object{keys: make([]string, 0, size), values: make([]Value, 0, size)}
	if size > few {
		o.at = make(map[string]int, size)
	}
	return o
}

// Len returns the number of keys.
func (o *Object) Len() int {
	n := len(o.keys)
	if o.at != nil {
		n = len(o.at)
	}
	if o.over != nil {
		n += o.over.len()
	}
	return n
}

// find returns where one of the object's own keys stands, -1 for nowhere.
func (o *Object) find(key string) int {
	if o.at == nil {
		return slices.Index(o.keys, key)
	}
	if i, ok := o.at[key]; ok {
		return i
	}
	return -1
}

// Get returns the value of key, and whether there is one.
func (o *Object) Get(key string) (Value, bool) {
	if i := o.find(key); i >= 0 {
		return o.values[i], true
	}
	if o.over != nil {
		return o.over.get(key)
	}
	return nil, false
}

// Has reports whether the object has key.
func (o *Object) Has(key string) bool {
	_, ok := o.Get(key)
	return ok
}

// whole reports whether no place of the object's own keys is void.
func (o *Object) whole() bool { return o.at == nil || len(o.keys) == len(o.at) }

// Keys returns the keys in order. The caller must not change the slice.
func (o *Object) Keys() []string {
	if o.over == nil && o.whole() {
		return o.keys
	}
	keys := make([]string, 0, o.Len())
	for key := range o.All() {
		keys = append(keys, key)
	}
	return keys
}

// All yields every key with its value, in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if o.over == nil || o.over.all(yield) {
			o.own(yield)
		}
	}
}

// own yields the object's own keys.
func (o *Object) own(yield func(string, Value) bool) {
	keys, values, whole := o.keys, o.values, o.whole()
	for i, key := range keys {
		if (whole || o.find(key) == i) && !yield(key, values[i]) {
			return
		}
	}
}

// Pick yields those of the keys that the object has, with their values, in the
// order that they have in it. It does not look at the others.
func (o *Object) Pick(keys []string) iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		var there []placed
		for _, key := range keys {
			if v, ok := o.Get(key); ok {
				there = append(there, placed{o.place(key), key, v})
			}
		}
		slices.SortFunc(there, func(a, b placed) int { return a.at - b.at })
		there = slices.CompactFunc(there, func(a, b placed) bool { return a.at == b.at })
		for _, p := range there {
			if !yield(p.key, p.value) {
				return
			}
		}
	}
}

// placed is a key that the object has, and where.
type placed struct {
	at    int
	key   string
	value Value
}

// place returns a number that is higher for keys further behind.
func (o *Object) place(key string) int {
	i := o.find(key)
	switch {
	case o.over == nil:
		return i
	case i < 0:
		return o.over.base.find(key)
	}
	return len(o.over.base.keys) + i
}

// Set gives key the value v; a new key goes to the end. It is for building an
// object that nobody else holds yet.
func (o *Object) Set(key string, v Value) {
	if i := o.find(key); i >= 0 {
		o.values[i] = v
		return
	}
	if o.over != nil && o.over.set(key, v) {
		o.settle()
		return
	}
	if o.at != nil {
		o.at[key] = len(o.keys)
	}
	o.keys, o.values = append(o.keys, key), append(o.values, v)
	if o.at == nil && len(o.keys) > few {
		o.index()
	}
	o.settle()
}

// Delete removes key if it is there. Like Set, it is for building. Of many
// removals each costs the same, however large the object is.
func (o *Object) Delete(key string) {
	i := o.find(key)
	switch {
	case i < 0 && o.over != nil:
		o.over.remove(key)
		o.settle()
		return
	case i < 0:
		return
	case o.at == nil:
		o.keys = slices.Concat(o.keys[:i], o.keys[i+1:])
		o.values = slices.Concat(o.values[:i], o.values[i+1:])
		return
	}
	o.values[i] = nil
	delete(o.at, key)
	if len(o.keys) > 2*len(o.at)+few {
		*o = *o.flat()
	}
}

// Alike returns an object with the same keys and other values, in the same
// order, which o must have at hand (see Keys). The two keep the keys once, so
// neither must change any more.
func (o *Object) Alike(values []Value) *Object {
	return &Object{keys: o.keys, values: values, at: o.at}
}

func (o *Object) index() {
	o.at = make(map[string]int, len(o.keys))
	for i, key := range o.keys {
		o.at[key] = i
	}
}

// flat returns a copy that shares the values and stands on its own.
func (o *Object) flat() *Object {
	c := NewObject(o.Len() + 1)
	for key, v := range o.All() {
		c.Set(key, v)
	}
	return c
}

// MarshalJSON writes the object with its keys in order.
func (o *Object) MarshalJSON() ([]byte, error) { return Append(nil, o), nil }

// made returns an object of these keys, of which some may be equal, and values.
func made(keys []string, values []Value) *Object {
	o := &Object{keys: keys, values: values}
	if len(keys) > few {
		o.index()
		if len(o.at) == len(keys) {
			return o
		}
	} else if !repeated(keys) {
		return o
	}
	o = NewObject(len(keys))
	for i, key := range keys {
		o.Set(key, values[i])
	}
	return o
}

// repeated reports whether two of a few keys are equal.
func repeated(keys []string) bool {
	for i, key := range keys {
		if slices.Contains(keys[:i], key) {
			return true
		}
	}
	return false
}
