package plugintest

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

// difference is one value that is different; nil is absent.
type difference struct {
	path          []string
	before, after *any
}

// differences takes a change apart, value by value (rule SCP-7).
func differences(path []string, before, after any) []difference {
	was, ok1 := before.(map[string]any)
	is, ok2 := after.(map[string]any)
	switch {
	case reflect.DeepEqual(before, after):
		return nil
	case before == nil && ok2 && len(is) > 0:
		was = map[string]any{} // a null becomes an object: that is added
	case !ok1 || !ok2:
		whole := difference{path, &before, &after}
		return []difference{whole}
	}
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	var all []difference
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		below := slices.Concat(path, []string{key})
		old, had := was[key]
		now, has := is[key]
		switch {
		case !had:
			all = append(all, added(below, now)...)
		case !has:
			all = append(all, difference{below, &old, nil})
		default:
			all = append(all, differences(below, old, now)...)
		}
	}
	return all
}

// added are the leaves of a value that is new.
func added(path []string, value any) []difference {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		leaf := difference{path, nil, &value}
		return []difference{leaf}
	}
	var all []difference
	for _, key := range slices.Sorted(maps.Keys(object)) {
		all = append(all, added(slices.Concat(path, []string{key}), object[key])...)
	}
	return all
}

func (d difference) pointer() string { return sdk.Pointer(d.path...) }

// removesWhole reports whether a whole peer or template goes, which takes with
// it what the plugin does not see (rule SCP-9).
func (d difference) removesWhole() bool {
	return d.after == nil && len(d.path) == 2 && (d.path[0] == "peers" || d.path[0] == "templates")
}

func (d difference) public(plugin string) sdk.Change {
	change := sdk.Change{Pointer: d.pointer(), Op: "replace", Plugin: plugin}
	switch {
	case d.before == nil:
		change.Op = "add"
	case d.after == nil:
		change.Op = "remove"
	}
	if d.before != nil {
		change.Before = json.RawMessage(text(*d.before))
	}
	if d.after != nil {
		change.After = json.RawMessage(text(*d.after))
	}
	return change
}

// put makes the change in a copy of the configuration.
func (d difference) put(whole any) any {
	if len(d.path) == 0 {
		return *d.after
	}
	object, _ := whole.(map[string]any)
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	key := d.path[0]
	switch {
	case len(d.path) > 1:
		object[key] = difference{d.path[1:], d.before, d.after}.put(object[key])
	case d.after == nil:
		delete(object, key)
	default:
		object[key] = *d.after
	}
	return object
}

// at is the value at the path.
func at(value any, path []string) any {
	for _, key := range path {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// text is the value as JSON with sorted keys.
func text(value any) string {
	encoded, err := protocol.EncodeParams(value)
	if err != nil {
		panic("plugintest: " + err.Error()) // all values were JSON before
	}
	return string(encoded)
}
