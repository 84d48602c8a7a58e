package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

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
		return appendObject(dst, v)
	}
	panic(fmt.Sprintf("tree: %T is no tree value", v))
}

func appendObject(dst []byte, o *Object) []byte {
	dst = append(dst, '{')
	first := true
	for key, child := range o.All() {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, key), ':')
		dst = Append(dst, child)
	}
	return append(dst, '}')
}

// appendString appends s with quotes. Most strings are short and stand for
// themselves, so they are looked at while they are copied.
func appendString(dst []byte, s string) []byte {
	start := len(dst)
	dst = slices.Grow(dst, len(s)+2)[:start+len(s)+2]
	to := dst[start+1:]
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendEscaped(dst[:start], s)
		}
		to[i] = c
	}
	dst[start], dst[len(dst)-1] = '"', '"'
	return dst
}

func appendEscaped(dst []byte, s string) []byte {
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return b.Bytes()[:b.Len()-1]
}
