package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// decodeView reads the view into the plugin's type of it.
func decodeView(raw json.RawMessage, view any) error {
	switch {
	case raw == nil:
		return invalidParams("expected params.config, an object, got none")
	case !isObject(raw):
		return invalidParams("params.config must be an object, got %s", protocol.Quote(raw))
	}
	if text, ok := view.(*json.RawMessage); ok {
		*text = slices.Clip(raw) // what is appended to it must not run into what stands behind, such as the id
		return nil
	}
	if err := decode(raw, view); err != nil {
		pointer, problem := explain(err)
		return invalidParams("params.config%s: %s", pointer, problem)
	}
	return nil
}

// decodeOptions reads the options into the plugin's type of them (rule OPT-5).
// Absent ones count as {}, which makes asking by hand easier.
func decodeOptions(raw json.RawMessage, options any) error {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	if !isObject(raw) {
		return invalidParams("params.options must be an object, got %s", protocol.Quote(raw))
	}
	if t := reflect.TypeOf(options).Elem(); string(raw) == "{}" && t.Kind() == reflect.Struct && !decodesItself(t) {
		return nil // as with most plugins: nothing is set
	}
	if pointer, known, found := unknownField(reflect.TypeOf(options), raw); found {
		expected := "no option here"
		if len(known) > 0 {
			expected = "one of: " + strings.Join(known, ", ")
		}
		return InvalidOptions(pointer, "unknown option %q, expected %s", pointer, expected)
	}
	if err := decode(raw, options); err != nil {
		pointer, problem := explain(err)
		if pointer == "" {
			return InvalidOptions("", "options: %s", problem)
		}
		return InvalidOptions(pointer, "option %q: %s", pointer, problem)
	}
	return nil
}

func isObject(raw json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{"))
}

// explain says in JSON's words what encoding/json says in Go's. The pointer
// leads to the nearest field of a struct.
func explain(err error) (pointer, problem string) {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return "", err.Error()
	}
	if wrong.Field != "" {
		pointer = Pointer(strings.Split(wrong.Field, ".")...)
	}
	return pointer, "expected " + kindName(wrong.Type) + ", got " + wrong.Value
}

func kindName(t reflect.Type) string {
	if decodesItself(t) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return "an integer that fits"
	}
}
