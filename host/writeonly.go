package host

import (
	"encoding/json"
	"slices"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// writeOnly knows which options a schema marks writeOnly, so that their values
// are not shown (OPT-6).
//
// It follows properties and items. A mark at any other place, behind a $ref or
// in an anyOf say, may stand for any option, and so it counts for all of them.
type writeOnly struct {
	schema tree.Value
	all    bool
}

func newWriteOnly(schema tree.Value) writeOnly {
	refers := holds(schema, func(key string, _ tree.Value) bool {
		return key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef"
	})
	return writeOnly{schema, refers && holds(schema, isMark) || marksElsewhere(schema)}
}

func isMark(key string, v tree.Value) bool { return key == "writeOnly" && v == true }

// marksElsewhere reports whether a mark stands where neither properties nor
// items lead to.
func marksElsewhere(schema tree.Value) bool {
	object, ok := schema.(*tree.Object)
	if !ok {
		return holds(schema, isMark) // a list of schemas; in later drafts prefixItems
	}
	if object.Has("properties") && object.Has("items") {
		return holds(schema, isMark) // a path does not tell which of them it goes through
	}
	for key, sub := range object.All() {
		properties, isObject := sub.(*tree.Object)
		var found bool
		switch {
		case key == "properties" && isObject:
			found = slices.ContainsFunc(properties.Keys(), func(name string) bool {
				property, _ := properties.Get(name)
				return marksElsewhere(property)
			})
		case key == "items":
			found = marksElsewhere(sub)
		default:
			found = holds(sub, isMark)
		}
		if found {
			return true
		}
	}
	return false
}

// holds reports whether a member that is looked for stands anywhere in v.
func holds(v tree.Value, wanted func(key string, v tree.Value) bool) bool {
	switch v := v.(type) {
	case []tree.Value:
		return slices.ContainsFunc(v, func(item tree.Value) bool { return holds(item, wanted) })
	case *tree.Object:
		for key, child := range v.All() {
			if wanted(key, child) || holds(child, wanted) {
				return true
			}
		}
	}
	return false
}

// within returns the path of the write-only option that path leads into, or
// that it is. Names below it are part of its value.
func (w writeOnly) within(path tree.Path) (option tree.Path, ok bool) {
	if w.all {
		return path[:min(1, len(path))], true
	}
	schema := w.schema
	for i := 0; ; i++ {
		if marked(schema) {
			return path[:i], true
		}
		if i == len(path) {
			return nil, false
		}
		schema = below(schema, path[i])
	}
}

// texts returns the strings and numbers in the write-only options.
func (w writeOnly) texts(options tree.Value) []string {
	return collect(nil, w.schema, options, w.all)
}

func collect(found []string, schema, v tree.Value, hidden bool) []string {
	hidden = hidden || marked(schema)
	switch v := v.(type) {
	case string:
		if hidden {
			found = append(found, v)
		}
	case json.Number:
		if hidden {
			found = append(found, string(v))
		}
	case []tree.Value:
		for _, item := range v {
			found = collect(found, below(schema, ""), item, hidden)
		}
	case *tree.Object:
		for key, child := range v.All() {
			found = collect(found, below(schema, key), child, hidden)
		}
	}
	return found
}

func marked(schema tree.Value) bool {
	mark, _ := tree.Lookup(schema, tree.Path{"writeOnly"})
	return mark == true
}

// below returns the schema of a property or an item.
func below(schema tree.Value, seg string) tree.Value {
	if sub, ok := tree.Lookup(schema, tree.Path{"properties", seg}); ok {
		return sub
	}
	sub, _ := tree.Lookup(schema, tree.Path{"items"})
	return sub
}
