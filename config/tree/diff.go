package tree

// Op says what a Difference did to a value.
type Op string

// The three things that can happen to a value.
const (
	Add     Op = "add"
	Replace Op = "replace"
	Remove  Op = "remove"
)

// Difference is one value that differs between two trees. Before is unset for
// Add, After for Remove.
type Difference struct {
	Path   Path
	Op     Op
	Before Value
	After  Value
}

// Diff returns what turns before into after. It descends into objects that
// both sides have; an array is one value, and so is anything that only one
// side has. Differences come in the order of before's keys, then after's. Of
// objects that came from the same one it costs by what they differ in.
func Diff(before, after Value) []Difference { return diff(nil, Path{}, before, after) }

func diff(out []Difference, at Path, before, after Value) []Difference {
	b, bok := before.(*Object)
	a, aok := after.(*Object)
	if !bok || !aok {
		if Equal(before, after) {
			return out
		}
		return append(out, Difference{Path: at, Op: Replace, Before: before, After: after})
	}
	if a == b {
		return out
	}
	for k, v := range b.Beside(a) {
		w, ok := a.Get(k)
		if !ok {
			out = append(out, Difference{Path: at.Child(k), Op: Remove, Before: v})
			continue
		}
		if !identical(v, w) {
			out = diff(out, at.Child(k), v, w)
		}
	}
	for k, w := range a.Beside(b) {
		if !b.Has(k) {
			out = append(out, Difference{Path: at.Child(k), Op: Add, After: w})
		}
	}
	return out
}

// identical reports whether it is plain that two values are equal.
func identical(a, b Value) bool {
	switch a := a.(type) {
	case *Object:
		b, ok := b.(*Object)
		return ok && a == b
	case []Value:
		b, ok := b.([]Value)
		return ok && len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	}
	_, isList := b.([]Value)
	return !isList && a == b
}

// Leaves splits an added object into one Difference for every value in it
// that is no object, or is an empty one; others come back alone.
func (d Difference) Leaves() []Difference {
	o, ok := d.After.(*Object)
	if d.Op != Add || !ok || o.Len() == 0 {
		return []Difference{d}
	}
	var out []Difference
	for k, v := range o.All() {
		child := Difference{Path: d.Path.Child(k), Op: Add, After: v}
		out = append(out, child.Leaves()...)
	}
	return out
}
