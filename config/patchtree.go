package config

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func (p *patching) get(path tree.Path) (tree.Value, error) {
	v, ok := tree.Lookup(p.root, path)
	if !ok {
		return nil, missing(path)
	}
	return v, nil
}

func missing(path tree.Path) error {
	return fmt.Errorf("there is no %s in the view", brief(path.String()))
}

func (p *patching) add(path tree.Path, v tree.Value) error {
	return p.change(path, func(parent tree.Value, key string) (tree.Value, error) {
		switch parent := parent.(type) {
		case *tree.Object:
			return p.set(parent, key, v), nil
		case []tree.Value:
			i, ok := position(key, len(parent)+1)
			if key == "-" {
				i, ok = len(parent), true
			}
			if ok {
				return p.keep(slices.Insert(p.ownArray(parent), i, v)), nil
			}
		}
		return nil, missing(path)
	}, v)
}

func (p *patching) replace(path tree.Path, v tree.Value) error {
	return p.change(path, func(parent tree.Value, key string) (tree.Value, error) {
		switch parent := parent.(type) {
		case *tree.Object:
			if parent.Has(key) {
				return p.set(parent, key, v), nil
			}
		case []tree.Value:
			if i, ok := position(key, len(parent)); ok {
				out := p.ownArray(parent)
				out[i] = v
				return out, nil
			}
		}
		return nil, missing(path)
	}, v)
}

func (p *patching) remove(path tree.Path) error {
	if len(path) == 0 {
		return fmt.Errorf("the whole view cannot be removed")
	}
	return p.change(path, func(parent tree.Value, key string) (tree.Value, error) {
		switch parent := parent.(type) {
		case *tree.Object:
			if parent.Has(key) {
				o := p.own(parent)
				o.Delete(key)
				return o, nil
			}
		case []tree.Value:
			if i, ok := position(key, len(parent)); ok {
				return p.keep(slices.Delete(p.ownArray(parent), i, i+1)), nil
			}
		}
		return nil, missing(path)
	}, nil)
}

// change replaces the object or array that holds the last segment of path by
// what f makes of it. Without a segment the whole view becomes whole.
func (p *patching) change(path tree.Path, f func(parent tree.Value, key string) (tree.Value, error), whole tree.Value) error {
	if len(path) == 0 {
		p.root = whole
		return nil
	}
	root, err := p.descend(p.root, path, f)
	if err != nil {
		return err
	}
	if root == nil {
		return missing(path)
	}
	p.root = root
	return nil
}

// descend returns v with the change made below it, nil where path leads
// nowhere.
func (p *patching) descend(v tree.Value, path tree.Path, f func(tree.Value, string) (tree.Value, error)) (tree.Value, error) {
	if len(path) == 1 {
		return f(v, path[0])
	}
	child, ok := tree.Lookup(v, path[:1])
	if !ok {
		return nil, nil
	}
	changed, err := p.descend(child, path[1:], f)
	if err != nil || changed == nil {
		return nil, err
	}
	switch v := v.(type) {
	case *tree.Object:
		return p.set(v, path[0], changed), nil
	case []tree.Value:
		i, _ := position(path[0], len(v))
		out := p.ownArray(v)
		out[i] = changed
		return out, nil
	}
	return nil, nil
}

func (p *patching) set(o *tree.Object, key string, v tree.Value) *tree.Object {
	o = p.own(o)
	o.Set(key, v)
	return o
}

// own returns o if it was made here, else a copy.
func (p *patching) own(o *tree.Object) *tree.Object {
	if p.owned[o] {
		return o
	}
	c := o.Copy()
	p.owned[c] = true
	return c
}

// ownArray is the same for an array. An owned one is known by where its first
// item stands, so an empty one never is.
func (p *patching) ownArray(a []tree.Value) []tree.Value {
	if len(a) > 0 && p.arrays[&a[0]] {
		return a
	}
	return p.keep(slices.Clone(a))
}

func (p *patching) keep(a []tree.Value) []tree.Value {
	if len(a) > 0 {
		p.arrays[&a[0]] = true
	}
	return a
}

// position reads an array index below limit, as RFC 6901 writes it.
func position(key string, limit int) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0 && i < limit && strconv.Itoa(i) == key
}
