package jsonschema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// form checks what a keyword holds, and reads the schemas in it.
type form func(r *reader, n *node, v tree.Value, at tree.Path) error

// formOf returns the form of a keyword, nil if it is none that counts.
func formOf(keyword string) form {
	switch keyword {
	case "$id", "$schema", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$comment", "title", "description", "format":
		return aString
	case "$recursiveAnchor", "uniqueItems", "readOnly", "writeOnly", "deprecated":
		return aBool
	case "additionalProperties", "propertyNames", "unevaluatedProperties", "additionalItems", "unevaluatedItems", "contains", "not", "if", "then", "else":
		return aSchema
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return schemas
	case "items":
		return items
	case "properties", "$defs", "definitions", "dependentSchemas":
		return named
	case "patternProperties":
		return patterns
	case "dependencies":
		return dependencies
	case "dependentRequired":
		return dependentRequired
	case "required":
		return names
	case "type":
		return types
	case "enum", "examples":
		return aList
	case "pattern":
		return aPattern
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
		return aNumber
	case "minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains", "minProperties", "maxProperties":
		return aCount
	}
	return nil
}

func unexpected(at tree.Path, want string, got tree.Value) error {
	return fmt.Errorf("%q: expected %s, got %s", at.String(), want, brief(got))
}

// expect is an error unless what was wanted came.
func expect(ok bool, at tree.Path, want string, got tree.Value) error {
	if ok {
		return nil
	}
	return unexpected(at, want, got)
}

// brief writes a value for an error.
func brief(v tree.Value) string {
	const longest = 60
	text := tree.Append(nil, v)
	if len(text) > longest {
		return "a long " + typeOf(v)
	}
	return string(text)
}

func isBool(v tree.Value) bool {
	_, ok := v.(bool)
	return ok
}

func aString(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	_, ok := v.(string)
	return expect(ok, at, "a string", v)
}

func aBool(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	return expect(isBool(v), at, "a boolean", v)
}

func aSchema(r *reader, n *node, v tree.Value, at tree.Path) error { return r.read(v, n.in, at) }

func aList(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	_, ok := v.([]tree.Value)
	return expect(ok, at, "an array", v)
}

func schemas(r *reader, n *node, v tree.Value, at tree.Path) error {
	all, _ := v.([]tree.Value)
	if len(all) == 0 {
		return unexpected(at, "an array of schemas", v)
	}
	for i, schema := range all {
		if err := r.read(schema, n.in, at.Child(strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

// items is a schema; up to draft 2019-09 it was a list of them, too.
func items(r *reader, n *node, v tree.Value, at tree.Path) error {
	if _, list := v.([]tree.Value); list && n.in.draft < draft2020 {
		return schemas(r, n, v, at)
	}
	return aSchema(r, n, v, at)
}

func named(r *reader, n *node, v tree.Value, at tree.Path) error {
	o, ok := v.(*tree.Object)
	if !ok {
		return unexpected(at, "an object of schemas", v)
	}
	for name, schema := range o.All() {
		if err := r.read(schema, n.in, at.Child(name)); err != nil {
			return err
		}
	}
	return nil
}

func patterns(r *reader, n *node, v tree.Value, at tree.Path) error {
	if err := named(r, n, v, at); err != nil {
		return err
	}
	n.patterns = map[string]*regexp.Regexp{}
	for pattern := range v.(*tree.Object).All() {
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return notPattern(at, pattern, err)
		}
		n.patterns[pattern] = compiled
	}
	return nil
}

func aPattern(_ *reader, n *node, v tree.Value, at tree.Path) error {
	pattern, ok := v.(string)
	if !ok {
		return unexpected(at, "a regular expression", v)
	}
	var err error
	if n.pattern, err = regexp.Compile(pattern); err != nil {
		return notPattern(at, pattern, err)
	}
	return nil
}

func notPattern(at tree.Path, pattern string, err error) error {
	return fmt.Errorf("%w: Go's regular expressions have no look-around and no back-references", unexpected(at, "a regular expression ("+err.Error()+")", pattern))
}

// dependencies holds what dependentSchemas and dependentRequired hold since
// draft 2019-09.
func dependencies(r *reader, n *node, v tree.Value, at tree.Path) error {
	o, ok := v.(*tree.Object)
	if !ok {
		return unexpected(at, "an object", v)
	}
	for name, need := range o.All() {
		check := form(aSchema)
		if _, list := need.([]tree.Value); list {
			check = names
		}
		if err := check(r, n, need, at.Child(name)); err != nil {
			return err
		}
	}
	return nil
}

func dependentRequired(r *reader, n *node, v tree.Value, at tree.Path) error {
	o, ok := v.(*tree.Object)
	if !ok {
		return unexpected(at, "an object", v)
	}
	for name, needed := range o.All() {
		if err := names(r, n, needed, at.Child(name)); err != nil {
			return err
		}
	}
	return nil
}

func names(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	const want = "an array of names, none of them twice"
	all, ok := v.([]tree.Value)
	if !ok {
		return unexpected(at, want, v)
	}
	known := map[string]bool{}
	for _, name := range all {
		name, ok := name.(string)
		if !ok || known[name] {
			return unexpected(at, want, v)
		}
		known[name] = true
	}
	return nil
}

func types(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	all, list := v.([]tree.Value)
	if !list {
		all = []tree.Value{v}
	}
	known := map[string]bool{}
	for _, one := range all {
		name, _ := one.(string)
		switch name {
		case "null", "boolean", "integer", "number", "string", "array", "object":
		default:
			return unexpected(at, "null, boolean, integer, number, string, array or object", one)
		}
		if known[name] {
			return unexpected(at, "each type once", v)
		}
		known[name] = true
	}
	return expect(len(all) > 0, at, "a type, or an array of types", v)
}

func aNumber(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	n, ok := number(v)
	if at[len(at)-1] == "multipleOf" {
		return expect(ok && n.Sign() > 0, at, "a number above zero", v)
	}
	return expect(ok, at, "a number, with an exponent of at most "+strconv.Itoa(longestExponent)+" digits", v)
}

func aCount(_ *reader, _ *node, v tree.Value, at tree.Path) error {
	_, ok := count(v)
	return expect(ok, at, "a whole number that is not negative", v)
}

// count returns a whole number that is not negative.
func count(v tree.Value) (int, bool) {
	if _, ok := v.(json.Number); !ok {
		return 0, false
	}
	n, ok := number(v)
	if !ok || !n.IsInt() || n.Sign() < 0 || !n.Num().IsInt64() {
		return 0, false
	}
	return int(n.Num().Int64()), true
}
