package sdk

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// changedView is the view as it was sent, with the changes that the plugin
// made to its own type of it. A value that the type has no field for was never
// seen by the plugin, so it stays as it was sent.
func changedView(sent json.RawMessage, after any) (any, error) {
	raw, err := plain(sent)
	if err != nil {
		return nil, err
	}
	seen := reflect.New(reflect.TypeOf(after))
	if err := decode(sent, seen.Interface()); err != nil {
		return nil, err
	}
	base, err := throughJSON(seen.Elem().Interface())
	if err != nil {
		return nil, err
	}
	wanted, err := throughJSON(after)
	if err != nil {
		return nil, err
	}
	if _, ok := wanted.(map[string]any); !ok {
		return nil, fmt.Errorf("the changed view must be a JSON object, got a %T", after)
	}
	return overlay(raw, base, wanted), nil
}

// overlay carries the difference between base and wanted over to raw. Arrays
// count as one value, as they do in the protocol. Where raw has nothing, base
// can still be an object of zero values, which are not to be added.
func overlay(raw, base, wanted any) any {
	if reflect.DeepEqual(base, wanted) {
		return raw
	}
	baseObject, ok1 := base.(map[string]any)
	wantedObject, ok2 := wanted.(map[string]any)
	if !ok1 || !ok2 {
		return wanted
	}
	result, ok := raw.(map[string]any)
	if !ok {
		result = map[string]any{}
	}
	for key := range baseObject {
		if _, stays := wantedObject[key]; !stays {
			delete(result, key)
		}
	}
	for key, value := range wantedObject {
		before, known := baseObject[key]
		if !known || !reflect.DeepEqual(before, value) {
			result[key] = overlay(result[key], before, value)
		}
	}
	return result
}

func throughJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return plain(text)
}

// plain is the value as maps and slices, with numbers as they were written.
func plain(text []byte) (any, error) {
	var v any
	err := decode(text, &v)
	return v, err
}
