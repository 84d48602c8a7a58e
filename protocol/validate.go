package protocol

import (
	"bytes"
	"sync"
)

// Validate checks that b is exactly one JSON value, and one that a message may
// hold: UTF-8 without half surrogate pairs (FRM-3), without NUL (FRM-4), no
// key twice in an object (FRM-5), at most MaxDepth levels (FRM-6). It reads b
// once and does not recurse. The error is a *Violation.
func Validate(b []byte) error {
	s := scanner{b: b, stacks: newStacks()}
	defer s.stacks.drop()
	if v := s.all(); v != nil {
		return v
	}
	return nil
}

// member is a key and its value, as they stand in the text. The key has no
// quotes and no escapes.
type member struct{ key, value []byte }

// scan checks b as Validate does. If b is an object, it returns what is in it,
// so that nobody reads b a second time for that; nil for any other value.
func scan(b []byte) ([]member, *Violation) {
	s := scanner{b: b, stacks: newStacks()}
	defer s.stacks.drop()
	if v := s.all(); v != nil {
		return nil, v
	}
	if s.isObject {
		return append(make([]member, 0, len(s.members)), s.members...), nil
	}
	return nil, nil
}

// scanner reads JSON. Open objects and arrays are on a stack of its own, so
// that their depth costs no stack of the program's.
type scanner struct {
	*stacks
	b        []byte
	i        int
	around   int  // how many objects and arrays are around b
	isObject bool // the outermost value is one
	start    int  // where the value of its last member begins
}

// stacks are what a scanner puts aside. They are used again, since most texts
// are short, and their memory would cost as much as to read them.
type stacks struct {
	open    []container
	keys    [][]byte // of all open objects, one after the other
	members []member // of the outermost object
}

var dropped = sync.Pool{New: func() any {
	return &stacks{make([]container, 0, 8), make([][]byte, 0, 16), make([]member, 0, 8)}
}}

func newStacks() *stacks { return dropped.Get().(*stacks) }

// drop keeps the stacks for another scanner, but nothing that they hold.
func (s *stacks) drop() {
	const most = 1 << 10
	if cap(s.open)+cap(s.keys)+cap(s.members) > most {
		return
	}
	clear(s.open[:cap(s.open)])
	clear(s.keys[:cap(s.keys)])
	clear(s.members[:cap(s.members)])
	s.open, s.keys, s.members = s.open[:0], s.keys[:0], s.members[:0]
	dropped.Put(s)
}

// container is an object or array that is not closed yet.
type container struct {
	end     byte            // what closes it: '}' or ']'
	started bool            // it has an element before this one
	first   int             // where its keys begin in scanner.keys
	seen    map[string]bool // its keys, once they are many
}

// many is the number of keys from which on they are kept in a map: comparing
// each with each is faster for few, and takes forever for many.
const many = 16

// all reads one value and nothing else.
func (s *scanner) all() *Violation {
	s.space()
	if v := s.value(); v != nil {
		return v
	}
	for len(s.open) > 0 {
		if v := s.next(); v != nil {
			return v
		}
	}
	s.space()
	if s.i < len(s.b) {
		return s.unexpected("nothing after the value")
	}
	return nil
}

// next reads the next element of the innermost container, or its end.
func (s *scanner) next() *Violation {
	s.space()
	top := &s.open[len(s.open)-1]
	if s.peek() == top.end {
		s.close(top.first)
		return nil
	}
	if top.started {
		if s.peek() != ',' {
			return s.unexpected("a comma or " + string(top.end))
		}
		s.i++
		s.space()
	}
	top.started = true
	if top.end == '}' {
		if v := s.key(top); v != nil {
			return v
		}
	}
	return s.value()
}

// value reads a scalar, or the beginning of an object or array.
func (s *scanner) value() *Violation {
	var v *Violation
	switch c := s.peek(); {
	case c == '{':
		return s.push('}')
	case c == '[':
		return s.push(']')
	case c == '"':
		_, v = s.text(false)
	case c == '-' || '0' <= c && c <= '9':
		v = s.number()
	default:
		v = s.literal()
	}
	s.ended()
	return v
}

func (s *scanner) push(end byte) *Violation {
	if s.around+len(s.open) == MaxDepth {
		return s.violation(TooDeep, "one more")
	}
	s.isObject = s.isObject || end == '}' && len(s.open) == 0
	s.open = append(s.open, container{end: end, first: len(s.keys)})
	s.i++
	return nil
}

func (s *scanner) close(firstKey int) {
	s.i++
	s.keys = s.keys[:firstKey]
	s.open = s.open[:len(s.open)-1]
	s.ended()
}

// ended notes the end of a value, if it is one in the outermost object.
func (s *scanner) ended() {
	if len(s.open) == 1 && len(s.members) > 0 {
		s.members[len(s.members)-1].value = s.b[s.start:s.i]
	}
}

// key reads a key and the colon after it.
func (s *scanner) key(o *container) *Violation {
	start := s.i
	if s.peek() != '"' {
		return s.unexpected("a key in double quotes")
	}
	key, v := s.text(true)
	if v != nil {
		return v
	}
	if s.repeated(o, key) {
		s.i = start
		return s.violation(DuplicateKey, Quote(key)+" stands there again")
	}
	s.space()
	if s.peek() != ':' {
		return s.unexpected("a colon after the key")
	}
	s.i++
	s.space()
	if len(s.open) == 1 {
		s.members = append(s.members, member{key: key})
		s.start = s.i
	}
	return nil
}

// repeated reports whether the object has the key already, and notes it.
func (s *scanner) repeated(o *container, key []byte) bool {
	before := s.keys[o.first:]
	s.keys = append(s.keys, key)
	if o.seen == nil {
		for _, k := range before {
			if bytes.Equal(k, key) {
				return true
			}
		}
		if len(before) < many {
			return false
		}
		o.seen = make(map[string]bool, 4*many)
		for _, k := range before {
			o.seen[string(k)] = true
		}
	}
	size := len(o.seen)
	o.seen[string(key)] = true
	return len(o.seen) == size
}
