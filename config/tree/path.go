package tree

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Path names a value by the keys, or array indices in decimal, that lead to
// it from the root. The empty Path is the root.
type Path []string

// ParsePointer reads a JSON Pointer (RFC 6901).
func ParsePointer(s string) (Path, error) {
	if s == "" {
		return Path{}, nil
	}
	if s[0] != '/' {
		return nil, fmt.Errorf("the JSON Pointer %q must be empty or start with a slash", brief(s))
	}
	segments := strings.Split(s[1:], "/")
	for i, seg := range segments {
		plain, err := unescape(seg)
		if err != nil {
			return nil, fmt.Errorf("in the JSON Pointer %q: %w", brief(s), err)
		}
		segments[i] = plain
	}
	return segments, nil
}

// brief returns as much of a pointer as an error prints.
func brief(s string) string {
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func unescape(seg string) (string, error) {
	if !strings.Contains(seg, "~") {
		return seg, nil
	}
	for i := 0; i < len(seg); i++ {
		if seg[i] == '~' && (i+1 == len(seg) || (seg[i+1] != '0' && seg[i+1] != '1')) {
			return "", fmt.Errorf("a tilde must be written ~0, and a slash in a key ~1")
		}
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(seg), nil
}

// String returns the path as a JSON Pointer.
func (p Path) String() string {
	var b strings.Builder
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for _, seg := range p {
		b.WriteByte('/')
		_, _ = escape.WriteString(&b, seg)
	}
	return b.String()
}

// Child returns a path of its own that ends in key.
func (p Path) Child(key string) Path { return append(slices.Clip(p), key) }

// HasPrefix reports whether p is q or lies below it.
func (p Path) HasPrefix(q Path) bool { return len(p) >= len(q) && slices.Equal(p[:len(q)], q) }

// Lookup returns the value at path, and whether there is one.
func Lookup(v Value, path Path) (Value, bool) {
	for _, seg := range path {
		switch parent := v.(type) {
		case *Object:
			child, ok := parent.Get(seg)
			if !ok {
				return nil, false
			}
			v = child
		case []Value:
			i, err := strconv.Atoi(seg)
			if err != nil || i < 0 || i >= len(parent) || strconv.Itoa(i) != seg {
				return nil, false
			}
			v = parent[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// With returns root with the value v at path. Objects that path lacks are
// made. An array on the way counts as one value: path must not lead into it.
func With(root Value, path Path, v Value) Value {
	if len(path) == 0 {
		return v
	}
	parent, ok := root.(*Object)
	if !ok {
		parent = &Object{}
	}
	child, _ := parent.Get(path[0])
	parent = parent.Copy()
	parent.Set(path[0], With(child, path[1:], v))
	return parent
}

// Without returns root with the value at path removed; root itself where
// there is none.
func Without(root Value, path Path) Value {
	parent, ok := root.(*Object)
	if !ok || len(path) == 0 || !parent.Has(path[0]) {
		return root
	}
	child, _ := parent.Get(path[0])
	parent = parent.Copy()
	if len(path) == 1 {
		parent.Delete(path[0])
	} else {
		parent.Set(path[0], Without(child, path[1:]))
	}
	return parent
}
