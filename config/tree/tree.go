// Package tree holds configurations as ordered JSON values.
//
// A Value is one of nil, bool, json.Number, string, []Value and *Object.
// Numbers keep the text they were written with and never pass through a
// float; objects keep the order of their keys.
//
// A Value is never changed once it is built: an update returns a new value
// that shares everything off the changed path with the old one.
package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// Value is nil, bool, json.Number, string, []Value or *Object.
type Value = any

// Object is a JSON object that keeps the order of its keys. The zero Object
// is empty and ready to use.
type Object struct {
	keys   []string
	values map[string]Value
}

// Len returns the number of keys.
func (o *Object) Len() int { return len(o.keys) }

// Get returns the value of key, and whether there is one.
func (o *Object) Get(key string) (Value, bool) {
	v, ok := o.values[key]
	return v, ok
}

// Has reports whether the object has key.
func (o *Object) Has(key string) bool {
	_, ok := o.values[key]
	return ok
}

// Keys returns the keys in order. The caller must not change the slice.
func (o *Object) Keys() []string { return o.keys }

// All yields every key with its value, in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, k := range o.keys {
			if !yield(k, o.values[k]) {
				return
			}
		}
	}
}

// Set gives key the value v; a new key goes to the end. It is for building an
// object that nobody else holds yet.
func (o *Object) Set(key string, v Value) {
	if o.values == nil {
		o.values = make(map[string]Value)
	}
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

// Delete removes key if it is there. Like Set, it is for building.
func (o *Object) Delete(key string) {
	if _, ok := o.values[key]; !ok {
		return
	}
	delete(o.values, key)
	o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
}

// clone returns a copy that shares the values.
func (o *Object) clone() *Object {
	c := &Object{keys: slices.Clone(o.keys), values: make(map[string]Value, len(o.keys)+1)}
	for k, v := range o.values {
		c.values[k] = v
	}
	return c
}

// MarshalJSON writes the object with its keys in order.
func (o *Object) MarshalJSON() ([]byte, error) { return Append(nil, o), nil }

// maxDepth is how deep Parse lets arrays and objects be nested.
const maxDepth = 1000

// Parse decodes one JSON value, nested at most 1000 levels deep. Of two equal
// keys in an object the last one counts; protocol.Validate refuses them
// beforehand where that matters.
func Parse(data []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := parseValue(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("text after the JSON value at byte %d", d.InputOffset())
	}
	return v, nil
}

// parseValue reads a value with at most depth levels.
func parseValue(d *json.Decoder, depth int) (Value, error) {
	t, err := d.Token()
	if err != nil {
		return nil, unexpectedEnd(err)
	}
	if _, nested := t.(json.Delim); nested && depth == 0 {
		return nil, fmt.Errorf("the JSON value is nested deeper than %d levels", maxDepth)
	}
	switch t {
	case json.Delim('{'):
		return parseObject(d, depth-1)
	case json.Delim('['):
		return parseArray(d, depth-1)
	}
	return t, nil
}

func parseObject(d *json.Decoder, depth int) (Value, error) {
	o := &Object{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, unexpectedEnd(err)
		}
		v, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		o.Set(k.(string), v)
	}
	_, err := d.Token()
	return o, unexpectedEnd(err)
}

func parseArray(d *json.Decoder, depth int) (Value, error) {
	a := []Value{}
	for d.More() {
		v, err := parseValue(d, depth)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
	_, err := d.Token()
	return a, unexpectedEnd(err)
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Append appends v as compact JSON, keys in order, without HTML escapes.
func Append(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case json.Number:
		return append(dst, v...)
	case string:
		return appendString(dst, v)
	case []Value:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = Append(dst, item)
		}
		return append(dst, ']')
	case *Object:
		dst = append(dst, '{')
		for i, k := range v.keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, k), ':')
			dst = Append(dst, v.values[k])
		}
		return append(dst, '}')
	}
	panic(fmt.Sprintf("tree: %T is no tree value", v))
}

func appendString(dst []byte, s string) []byte {
	if plain(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return b.Bytes()[:b.Len()-1]
}

// plain reports whether s stands in JSON as it is, as nearly all strings do.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return true
}
