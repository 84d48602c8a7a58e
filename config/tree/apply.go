package tree

// Apply returns root with the differences made, objects on the way included
// where they are missing. It is what Diff takes apart: Apply(before,
// Diff(before, after)) equals after. It costs by what changes (see Object.Copy),
// and every object is copied at most once.
func Apply(root Value, differences []Difference) Value {
	e := &edits{}
	for i := range differences {
		at := e
		for _, key := range differences[i].Path {
			at = at.child(key)
		}
		at.own = &differences[i]
	}
	return e.apply(root)
}

// edits are what is to happen to one value, and to those below it.
type edits struct {
	own   *Difference
	keys  []string // of below, in order
	below map[string]*edits
}

func (e *edits) child(key string) *edits {
	if c, ok := e.below[key]; ok {
		return c
	}
	if e.below == nil {
		e.below = map[string]*edits{}
	}
	c := &edits{}
	e.keys, e.below[key] = append(e.keys, key), c
	return c
}

func (e *edits) apply(v Value) Value {
	if e.own != nil {
		v = e.own.After
	}
	if len(e.keys) == 0 {
		return v
	}
	before, ok := v.(*Object)
	if !ok {
		before = &Object{}
	}
	after := before.Copy()
	for _, key := range e.keys {
		c := e.below[key]
		if c.removes() {
			after.Delete(key)
			continue
		}
		child, _ := before.Get(key)
		after.Set(key, c.apply(child))
	}
	return after
}

func (e *edits) removes() bool { return e.own != nil && e.own.Op == Remove && len(e.keys) == 0 }
