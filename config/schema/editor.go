package schema

import (
	"bytes"
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// The texts that Pathvector's parser takes for other types, and a parser of
// YAML 1.2 for text: 1_000, and the booleans of YAML 1.1.
const (
	numeralText = `^[-+]?[0-9][0-9a-fA-FxXoO_.]*$`
	booleanText = `^(y|Y|yes|on|n|N|no|off)$`
)

// ForEditors returns the schema, indented, as editors need it: they validate
// what YAML makes of a file, where Pathvector goes by the type of the key. So
// there a number does for a text, and 1_000 for a number.
func ForEditors() []byte {
	v, err := tree.Parse(text)
	if err != nil {
		panic("schema: pathvector.json: " + err.Error()) // it is part of the program
	}
	root := widened(v).(*tree.Object)
	root.Delete("$id") // it is another schema
	var out bytes.Buffer
	_ = json.Indent(&out, tree.Append(nil, root), "", "  ") // of valid JSON
	out.WriteByte('\n')
	return out.Bytes()
}

// widened returns a part of the schema with types that take every way to write
// a value.
func widened(v tree.Value) tree.Value {
	switch v := v.(type) {
	case []tree.Value:
		out := make([]tree.Value, len(v))
		for i, item := range v {
			out[i] = widened(item)
		}
		return out
	case *tree.Object:
		out := &tree.Object{}
		for key, child := range v.All() {
			out.Set(key, widened(child))
		}
		if names, ok := v.Get("propertyNames"); ok && !isPlainFormat(names) {
			out.Set("propertyNames", pattern(numeralText))
		}
		widenType(out)
		return out
	}
	return v
}

// isPlainFormat reports whether names of keys are described by a format alone,
// and not by the pattern of integers in decimal.
func isPlainFormat(names tree.Value) bool {
	_, has := tree.Lookup(names, tree.Path{"pattern"})
	return !has
}

func pattern(p string) *tree.Object {
	o := &tree.Object{}
	o.Set("pattern", p)
	return o
}

// widenType adds to the type keyword of o, which may also be a key of
// Pathvector's that is named so.
func widenType(o *tree.Object) {
	t, _ := o.Get("type")
	names, isList := t.([]tree.Value)
	if name, ok := t.(string); ok {
		names, isList = []tree.Value{name}, true
	}
	if !isList {
		return
	}
	for _, name := range names {
		switch name {
		case string(String):
			names = append(names, string(Number), string(Boolean))
		case string(Integer), string(Number):
			names = append(names, string(String))
			o.Set("pattern", numeralText)
		case string(Boolean):
			names = append(names, string(String))
			o.Set("pattern", booleanText)
		}
	}
	o.Set("type", names)
}
