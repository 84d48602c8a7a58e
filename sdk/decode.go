package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// decode reads one JSON value; in a field of type any, a number becomes a
// json.Number, since a float would spoil large integers. Only a json.Decoder
// does that, and it copies the text first: what has no such field does without.
func decode(text []byte, v any) error {
	if !decodesAny(reflect.TypeOf(v)) {
		return json.Unmarshal(text, v)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if rest := bytes.TrimSpace(text[d.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("expected one JSON value, got %s behind it", protocol.Quote(rest))
	}
	return nil
}

// anywhere remembers what decodesAny found.
var anywhere sync.Map

// decodesAny reports whether a value of the type can come to hold an any that
// encoding/json fills.
func decodesAny(t reflect.Type) bool {
	if known, ok := anywhere.Load(t); ok {
		return known.(bool)
	}
	found := holdsAny(t, map[reflect.Type]bool{})
	anywhere.Store(t, found)
	return found
}

func holdsAny(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holdsAny(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsAny(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
