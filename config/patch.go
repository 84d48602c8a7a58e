package config

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// JSON Patch (RFC 6902) is done here because the library at hand,
// evanphx/json-patch, takes what the RFC calls an error and cannot be told
// otherwise: a pointer without its first slash (it then changes the value of
// the last segment), the index 01, the escape ~2, a test of a value that is
// not there. It also knows nothing of a tree that shares what did not change.
// The tests hold this code and the library side by side.

// patching is a tree while operations are applied to it.
type patching struct {
	root   tree.Value
	owned  map[*tree.Object]bool // made here and in one place only, so they may be changed
	arrays map[*tree.Value]bool  // the first items of arrays that are owned in the same way
	copied int                   // how many values the copy operations have made
}

// maxCopied limits what copy operations may grow a result by, in values; 32
// bytes of text count as another one.
const maxCopied = 1_000_000

// operation is one step of a patch.
type operation struct {
	op         string
	path, from tree.Path
	value      tree.Value
}

// applyPatch returns the tree with all operations applied. An error of an
// operation is an *operationError.
func applyPatch(root tree.Value, patch []tree.Value) (tree.Value, error) {
	p := patching{root: root, owned: map[*tree.Object]bool{}, arrays: map[*tree.Value]bool{}}
	for i, item := range patch {
		o, err := readOperation(item)
		if err == nil {
			err = p.apply(o)
		}
		if err != nil {
			return nil, &operationError{number: i + 1, item: item, err: err}
		}
	}
	return p.root, nil
}

// operationError says which operation does not apply.
type operationError struct {
	number int // from 1
	item   tree.Value
	err    error
}

func (e *operationError) Error() string { return fmt.Sprintf("operation %d: %v", e.number, e.err) }

// plain returns the operation without its value, which may be a secret.
func (e *operationError) plain() []byte {
	o, ok := e.item.(*tree.Object)
	if !ok {
		return []byte("something else than an object")
	}
	out := &tree.Object{}
	for _, key := range []string{"op", "from", "path"} {
		if v, ok := o.Get(key); ok {
			out.Set(key, v)
		}
	}
	return tree.Append(nil, out)
}

func readOperation(v tree.Value) (operation, error) {
	o, ok := v.(*tree.Object)
	if !ok {
		return operation{}, fmt.Errorf("expected an object with op and path")
	}
	op, _ := o.Get("op")
	out := operation{}
	out.op, _ = op.(string)
	var err error
	if out.path, err = pointerIn(o, "path"); err != nil {
		return out, err
	}
	switch out.op {
	case "add", "replace", "test":
		if !o.Has("value") {
			return out, fmt.Errorf("%s needs a value", out.op)
		}
		out.value, _ = o.Get("value")
	case "move", "copy":
		out.from, err = pointerIn(o, "from")
	case "remove":
	default:
		err = fmt.Errorf("expected one of add, remove, replace, move, copy, test as op")
	}
	return out, err
}

func pointerIn(o *tree.Object, key string) (tree.Path, error) {
	v, _ := o.Get(key)
	text, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("expected a JSON Pointer as %s", key)
	}
	return tree.ParsePointer(text)
}

func (p *patching) apply(o operation) error {
	switch o.op {
	case "add":
		return p.add(o.path, o.value)
	case "remove":
		return p.remove(o.path)
	case "replace":
		return p.replace(o.path, o.value)
	case "test":
		return p.test(o.path, o.value)
	case "copy":
		return p.copy(o.from, o.path)
	}
	return p.move(o.from, o.path)
}

func (p *patching) test(path tree.Path, want tree.Value) error {
	got, err := p.get(path)
	if err == nil && !tree.Equal(got, want) {
		err = fmt.Errorf("the test failed: %s has another value", brief(path.String()))
	}
	return err
}

func (p *patching) copy(from, to tree.Path) error {
	v, err := p.get(from)
	if err != nil {
		return err
	}
	if p.copied += size(v, maxCopied-p.copied); p.copied >= maxCopied {
		return fmt.Errorf("the copies have become larger than %d values", maxCopied)
	}
	return p.add(to, duplicate(v))
}

func (p *patching) move(from, to tree.Path) error {
	v, err := p.get(from)
	switch {
	case err != nil:
		return err
	case slices.Equal(from, to):
		return nil
	case to.HasPrefix(from):
		return fmt.Errorf("a value cannot be moved into itself")
	}
	if err := p.remove(from); err != nil {
		return err
	}
	return p.add(to, v)
}

// duplicate returns a copy that shares no object and no array, as those of v
// may be owned.
func duplicate(v tree.Value) tree.Value {
	switch v := v.(type) {
	case *tree.Object:
		out := &tree.Object{}
		for key, child := range v.All() {
			out.Set(key, duplicate(child))
		}
		return out
	case []tree.Value:
		out := make([]tree.Value, len(v))
		for i, child := range v {
			out[i] = duplicate(child)
		}
		return out
	}
	return v
}

// size counts the values in v, and its text, up to about limit.
func size(v tree.Value, limit int) int {
	n := 1
	switch v := v.(type) {
	case string:
		n += len(v) / 32
	case json.Number:
		n += len(v) / 32
	case *tree.Object:
		for key, child := range v.All() {
			if n >= limit {
				break
			}
			n += len(key)/32 + size(child, limit-n)
		}
	case []tree.Value:
		for _, child := range v {
			if n >= limit {
				break
			}
			n += size(child, limit-n)
		}
	}
	return n
}
