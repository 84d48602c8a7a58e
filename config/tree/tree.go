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
)

// Value is nil, bool, json.Number, string, []Value or *Object.
type Value = any

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
		first := true
		for key, child := range v.All() {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(appendString(dst, key), ':')
			dst = Append(dst, child)
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
