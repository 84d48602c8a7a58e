package plugintest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// apply is the view after the result (rules MOD-3 to MOD-6).
func apply(view any, r *protocol.ModifyResult) (any, error) {
	switch {
	case r.Config != nil:
		return parse(r.Config)
	case r.Merge != nil:
		merge, err := parse(r.Merge)
		return merged(view, merge), err
	}
	var operations []operation
	if err := json.Unmarshal(r.Patch, &operations); err != nil {
		return nil, err
	}
	for _, o := range operations {
		var err error
		if view, err = o.apply(view); err != nil {
			return nil, fmt.Errorf("%s %s: %w", o.Op, o.Path, err)
		}
	}
	return view, nil
}

// merged is RFC 7396.
func merged(target, merge any) any {
	changes, ok := merge.(map[string]any)
	if !ok {
		return merge
	}
	before, _ := target.(map[string]any)
	after := maps.Clone(before)
	if after == nil {
		after = map[string]any{}
	}
	for key, value := range changes {
		if value == nil {
			delete(after, key)
		} else {
			after[key] = merged(after[key], value)
		}
	}
	return after
}

// operation is one of RFC 6902.
type operation struct {
	Op, Path, From string
	Value          json.RawMessage
}

func (o operation) apply(view any) (any, error) {
	path, from := keysOf(o.Path), keysOf(o.From)
	var value any
	var err error
	switch o.Op {
	case "add", "replace", "test":
		value, err = parse(o.Value)
	case "move", "copy":
		value, err = get(view, from)
	}
	if err != nil {
		return nil, err
	}
	switch o.Op {
	case "add", "copy":
		return edit(view, path, addTo(value))
	case "remove":
		return edit(view, path, removeFrom)
	case "move":
		if view, err = edit(view, from, removeFrom); err != nil {
			return nil, err
		}
		return edit(view, path, addTo(value))
	}
	there, err := get(view, path)
	switch {
	case err != nil:
		return nil, err
	case o.Op == "test" && !reflect.DeepEqual(there, value):
		return nil, fmt.Errorf("expected %s there, got %s", text(value), text(there))
	case o.Op == "test":
		return view, nil
	case len(path) == 0:
		return value, nil
	}
	if view, err = edit(view, path, removeFrom); err != nil {
		return nil, err
	}
	return edit(view, path, addTo(value))
}

func keysOf(pointer string) []string {
	if pointer == "" {
		return nil
	}
	keys := strings.Split(pointer[1:], "/")
	for i, key := range keys {
		keys[i] = strings.NewReplacer("~0", "~", "~1", "/").Replace(key)
	}
	return keys
}

func get(value any, path []string) (any, error) {
	for i, key := range path {
		var found bool
		switch parent := value.(type) {
		case map[string]any:
			value, found = parent[key]
		case []any:
			n, err := strconv.Atoi(key)
			if found = err == nil && 0 <= n && n < len(parent); found {
				value = parent[n]
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no /%s", strings.Join(path[:i+1], "/"))
		}
	}
	return value, nil
}

// edit is the value with what holds the end of the path replaced by a changed
// copy.
func edit(value any, path []string, change func(parent any, key string) (any, error)) (any, error) {
	if len(path) == 0 {
		return change(value, "")
	}
	if len(path) == 1 {
		return change(value, path[0])
	}
	inner, err := get(value, path[:1])
	if err != nil {
		return nil, err
	}
	if inner, err = edit(inner, path[1:], change); err != nil {
		return nil, err
	}
	if list, ok := value.([]any); ok {
		n, _ := strconv.Atoi(path[0])
		list = slices.Clone(list)
		list[n] = inner
		return list, nil
	}
	object := maps.Clone(value.(map[string]any)) // get has found path[0] in it
	object[path[0]] = inner
	return object, nil
}

func addTo(value any) func(any, string) (any, error) {
	return func(parent any, key string) (any, error) {
		switch parent := parent.(type) {
		case map[string]any:
			parent = maps.Clone(parent)
			parent[key] = value
			return parent, nil
		case []any:
			n, err := strconv.Atoi(key)
			if key == "-" {
				n, err = len(parent), nil
			}
			if err != nil || n < 0 || n > len(parent) {
				return nil, fmt.Errorf("expected an index up to %d, got %q", len(parent), key)
			}
			return slices.Insert(slices.Clone(parent), n, value), nil
		}
		return nil, fmt.Errorf("nothing can be added to %s", text(parent))
	}
}

func removeFrom(parent any, key string) (any, error) {
	if _, err := get(parent, []string{key}); err != nil {
		return nil, err
	}
	if list, ok := parent.([]any); ok {
		n, _ := strconv.Atoi(key)
		return slices.Delete(slices.Clone(list), n, n+1), nil
	}
	object := maps.Clone(parent.(map[string]any)) // get has found key in it
	delete(object, key)
	return object, nil
}
