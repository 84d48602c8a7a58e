package tree

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep Parse lets arrays and objects be nested.
const maxDepth = 1000

// Parse decodes one JSON value, nested at most 1000 levels deep, as
// encoding/json does: what is no UTF-8 becomes U+FFFD, and of two equal keys in
// an object the last one counts; protocol.Validate refuses both beforehand
// where that matters. The texts in the value keep a copy of data alive.
func Parse(data []byte) (Value, error) {
	p := parser{text: string(data)}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.space(); p.i < len(p.text) {
		return nil, fmt.Errorf("text after the JSON value at byte %d", p.i)
	}
	return v, nil
}

// parser reads text once.
type parser struct {
	text  string
	i     int
	depth int
	// What belongs to the objects and arrays that are not at their end, one after
	// the other. So each is made at its size, in one go.
	keys   []string
	values []Value
}

func (p *parser) space() {
	for p.i < len(p.text) {
		switch p.text[p.i] {
		case ' ', '\t', '\r', '\n':
			p.i++
		default:
			return
		}
	}
}

// next returns the next byte that is no white space, and 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

func (p *parser) value() (Value, error) {
	switch c := p.next(); {
	case c == '"':
		return p.string()
	case c == '{' || c == '[':
		if p.depth == maxDepth {
			return nil, fmt.Errorf("the JSON value is nested deeper than %d levels", maxDepth)
		}
		p.depth++
		defer func() { p.depth-- }()
		p.i++
		if c == '{' {
			return p.object()
		}
		return p.array()
	case c == '-' || digit(c):
		return p.number()
	case c == 't':
		return true, p.word("true")
	case c == 'f':
		return false, p.word("false")
	case c == 'n':
		return nil, p.word("null")
	}
	return nil, p.unexpected("a value")
}

func (p *parser) object() (Value, error) {
	keys, values := len(p.keys), len(p.values)
	for p.next() != '}' {
		if len(p.keys) > keys {
			if err := p.mark(','); err != nil {
				return nil, err
			}
		}
		if p.next() != '"' {
			return nil, p.unexpected("a key")
		}
		key, err := p.string()
		if err != nil {
			return nil, err
		}
		if err := p.mark(':'); err != nil {
			return nil, err
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		p.keys, p.values = append(p.keys, key), append(p.values, value)
	}
	p.i++
	if len(p.keys) == keys {
		return &Object{}, nil
	}
	o := made(slices.Clone(p.keys[keys:]), slices.Clone(p.values[values:]))
	p.keys, p.values = p.keys[:keys], p.values[:values]
	return o, nil
}

func (p *parser) array() (Value, error) {
	start := len(p.values)
	for p.next() != ']' {
		if len(p.values) > start {
			if err := p.mark(','); err != nil {
				return nil, err
			}
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		p.values = append(p.values, value)
	}
	p.i++
	a := append(make([]Value, 0, len(p.values)-start), p.values[start:]...)
	p.values = p.values[:start]
	return a, nil
}

// mark reads one byte.
func (p *parser) mark(c byte) error {
	if p.next() != c {
		return p.unexpected(string(rune(c)))
	}
	p.i++
	return nil
}

func (p *parser) word(w string) error {
	rest := p.text[p.i:]
	if !strings.HasPrefix(rest, w) {
		for i := range min(len(rest), len(w)) {
			if rest[i] != w[i] {
				p.i += i
				return p.unexpected(w)
			}
		}
		return io.ErrUnexpectedEOF
	}
	p.i += len(w)
	return nil
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func (p *parser) number() (Value, error) {
	start := p.i
	if p.at() == '-' {
		p.i++
	}
	if p.at() == '0' {
		p.i++
	} else if err := p.digits(); err != nil {
		return nil, err
	}
	if p.at() == '.' {
		p.i++
		if err := p.digits(); err != nil {
			return nil, err
		}
	}
	if c := p.at(); c == 'e' || c == 'E' {
		p.i++
		if c := p.at(); c == '+' || c == '-' {
			p.i++
		}
		if err := p.digits(); err != nil {
			return nil, err
		}
	}
	return json.Number(p.text[start:p.i]), nil
}

// at returns the next byte, and 0 at the end.
func (p *parser) at() byte {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

func (p *parser) digits() error {
	start := p.i
	for p.i < len(p.text) && digit(p.text[p.i]) {
		p.i++
	}
	if p.i == start {
		return p.unexpected("a digit")
	}
	return nil
}

// string reads a string, which is nearly always a part of the text as it is.
func (p *parser) string() (string, error) {
	start := p.i
	p.i++
	same := true
	for p.i < len(p.text) {
		switch c := p.text[p.i]; {
		case c == '"':
			p.i++
			said := p.text[start+1 : p.i-1]
			if same || utf8.ValidString(said) && !strings.Contains(said, `\`) {
				return said, nil
			}
			return p.unquote(start)
		case c == '\\':
			same = false
			p.i++
		case c < ' ':
			return "", p.unexpected("no control character in a string")
		case c >= utf8.RuneSelf:
			same = false
		}
		p.i++
	}
	p.i = len(p.text)
	return "", io.ErrUnexpectedEOF
}

// unquote returns what the string says that begins at start and has been read.
func (p *parser) unquote(start int) (string, error) {
	var said string
	err := json.Unmarshal([]byte(p.text[start:p.i]), &said)
	if err != nil {
		err = fmt.Errorf("the string at byte %d: %w", start, err)
	}
	return said, err
}

func (p *parser) unexpected(wanted string) error {
	if p.i >= len(p.text) {
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("expected %s at byte %d, got %q", wanted, p.i, p.text[p.i])
}
