package sdk

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// unknownField looks for an object key in value that type t has no field for,
// and returns its JSON Pointer and the fields that there are. encoding/json
// can refuse such keys, but does not say where they are, and takes FILE for
// file.
func unknownField(t reflect.Type, value json.RawMessage) (pointer string, known []string, found bool) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if decodesItself(t) {
		return "", nil, false
	}
	switch value[0] {
	case '{':
		return unknownKey(t, value)
	case '[':
		if t.Kind() != reflect.Slice && t.Kind() != reflect.Array || isScalar(t.Elem().Kind()) {
			return "", nil, false
		}
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			return "", nil, false
		}
		for i, item := range items {
			if pointer, known, found = unknownField(t.Elem(), item); found {
				return indexSegment(i) + pointer, known, true
			}
		}
	}
	return "", nil, false
}

func isScalar(k reflect.Kind) bool { return k <= reflect.Complex128 || k == reflect.String }

func unknownKey(t reflect.Type, value json.RawMessage) (pointer string, known []string, found bool) {
	fields, isStruct := fieldsOf(t)
	if !isStruct && (t.Kind() != reflect.Map || isScalar(t.Elem().Kind())) {
		return "", nil, false
	}
	object, err := protocol.Members(value)
	if err != nil {
		return "", nil, false
	}
	for _, key := range sortedKeys(object) {
		inner, ok := fields[key]
		if isStruct && !ok {
			return Pointer(key), sortedKeys(fields), true
		}
		if !isStruct {
			inner = t.Elem()
		}
		if pointer, known, found = unknownField(inner, object[key]); found {
			return Pointer(key) + pointer, known, true
		}
	}
	return "", nil, false
}

// fieldsOf are the JSON keys of a struct with the types of their values.
func fieldsOf(t reflect.Type) (map[string]reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || (f.Anonymous && name == "") {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields[name] = f.Type
	}
	return fields, true
}

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
