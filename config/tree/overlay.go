package tree

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// overlay lets a large object be changed a little without being copied: the
// object is another one, its base, with other values at some places, none at
// others, and its own keys behind. No base has an overlay, so that looking
// something up takes no longer the more often an object was changed.
type overlay struct {
	base  *Object // whole, and not changed any more
	edits []edit  // by place
	gone  int     // how many edits remove a value
}

// edit is what became of the value at a place of the base.
type edit struct {
	at      int
	value   Value
	removed bool
}

// large is from how many keys on an object is worth an overlay, and part the
// part of the base that an overlay may grow to before it is cheaper, over many
// changes, to copy all of it.
const (
	large = 64
	part  = 16
)

// Copy returns an object with the same keys and values, for Set and Delete. It
// costs by what the copies before it have changed, not by the size. The object
// itself must not change any more.
func (o *Object) Copy() *Object {
	switch {
	case o.over != nil:
		over := *o.over
		over.edits = slices.Clone(over.edits)
		return &Object{over: &over, keys: slices.Clone(o.keys), values: slices.Clone(o.values), at: maps.Clone(o.at)}
	case len(o.keys) < large || !o.whole():
		return o.flat()
	}
	return &Object{over: &overlay{base: o}}
}

// settle gives up an overlay that has become large.
func (o *Object) settle() {
	if o.over != nil && (len(o.over.edits)+len(o.keys))*part > len(o.over.base.keys) {
		*o = *o.flat()
	}
}

func (v *overlay) len() int { return len(v.base.keys) - v.gone }

// edit returns where the edit of a place is, or would be.
func (v *overlay) edit(place int) (int, bool) {
	return slices.BinarySearchFunc(v.edits, place, func(e edit, place int) int { return cmp.Compare(e.at, place) })
}

func (v *overlay) get(key string) (Value, bool) {
	place := v.base.find(key)
	if place < 0 {
		return nil, false
	}
	if i, ok := v.edit(place); ok {
		return v.edits[i].value, !v.edits[i].removed
	}
	return v.base.values[place], true
}

// set gives a key of the base another value. It reports false for a key that
// the base does not have, or not any more.
func (v *overlay) set(key string, to Value) bool {
	place := v.base.find(key)
	if place < 0 {
		return false
	}
	i, ok := v.edit(place)
	switch {
	case !ok:
		v.edits = slices.Insert(v.edits, i, edit{at: place, value: to})
	case v.edits[i].removed:
		return false
	default:
		v.edits[i].value = to
	}
	return true
}

func (v *overlay) remove(key string) {
	place := v.base.find(key)
	if place < 0 {
		return
	}
	i, ok := v.edit(place)
	switch {
	case !ok:
		v.edits = slices.Insert(v.edits, i, edit{at: place, removed: true})
	case v.edits[i].removed:
		return
	default:
		v.edits[i] = edit{at: place, removed: true}
	}
	v.gone++
}

// all yields what is left of the base, and reports whether to go on.
func (v *overlay) all(yield func(string, Value) bool) bool {
	edits := v.edits
	for i, key := range v.base.keys {
		value := v.base.values[i]
		if len(edits) > 0 && edits[0].at == i {
			e := edits[0]
			edits = edits[1:]
			if e.removed {
				continue
			}
			value = e.value
		}
		if !yield(key, value) {
			return false
		}
	}
	return true
}

// Base returns the object that o came from by Copy and small changes, the first
// one of several; o itself where there is none, or none that is remembered.
func (o *Object) Base() *Object {
	base, _ := o.ground()
	return base
}

// ground returns the object whose places edits are about.
func (o *Object) ground() (base *Object, edits []edit) {
	if o.over == nil {
		return o, nil
	}
	return o.over.base, o.over.edits
}

// Beside yields the keys of o, in order, without those that the two have with
// the same value for sure, as both come from the same object.
func (o *Object) Beside(other *Object) iter.Seq2[string, Value] {
	base, mine := o.ground()
	theirBase, theirs := other.ground()
	if base != theirBase {
		return o.All()
	}
	return func(yield func(string, Value) bool) {
		for len(mine)+len(theirs) > 0 {
			place := len(base.keys)
			for _, edits := range [][]edit{mine, theirs} {
				if len(edits) > 0 {
					place = min(place, edits[0].at)
				}
			}
			value, removed := base.values[place], false
			if len(mine) > 0 && mine[0].at == place {
				value, removed = mine[0].value, mine[0].removed
				mine = mine[1:]
			}
			if len(theirs) > 0 && theirs[0].at == place {
				theirs = theirs[1:]
			}
			if !removed && !yield(base.keys[place], value) {
				return
			}
		}
		if o.over != nil {
			o.own(yield)
		}
	}
}
