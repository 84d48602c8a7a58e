package protocol

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// space skips white space.
func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// peek returns the next byte, or 0 at the end; a NUL in the text is 0 too,
// and fits nowhere either.
func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) literal() *Violation {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(s.b[s.i:], []byte(word)) {
			s.i += len(word)
			return nil
		}
	}
	return s.unexpected("a value")
}

// number reads a JSON number of any size and precision.
func (s *scanner) number() *Violation {
	if s.peek() == '-' {
		s.i++
	}
	if s.peek() == '0' {
		s.i++
	} else if !s.digits() {
		return s.unexpected("a digit")
	}
	if s.peek() == '.' {
		s.i++
		if !s.digits() {
			return s.unexpected("a digit")
		}
	}
	if c := s.peek(); c != 'e' && c != 'E' {
		return nil
	}
	s.i++
	if c := s.peek(); c == '+' || c == '-' {
		s.i++
	}
	if !s.digits() {
		return s.unexpected("a digit")
	}
	return nil
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i > start
}

// text reads a string. It returns what the string says if that is wanted,
// which it is for keys; without escapes that is a part of the scanned text.
func (s *scanner) text(wanted bool) ([]byte, *Violation) {
	s.i++
	from := s.i // where what is not in said yet begins
	var said []byte
	for {
		for s.i < len(s.b) && plain[s.b[s.i]] {
			s.i++
		}
		switch c := s.peek(); {
		case s.i == len(s.b):
			return nil, s.unexpected("the closing quote of a string")
		case c == '"':
			last := s.b[from:s.i]
			s.i++
			if said == nil {
				return last, nil
			}
			return append(said, last...), nil
		case c == '\\':
			before := s.b[from:s.i]
			r, v := s.escape()
			if v != nil {
				return nil, v
			}
			if wanted {
				said = utf8.AppendRune(append(said, before...), r)
			}
			from = s.i
		case c < ' ':
			return nil, s.unexpected("an escape for a control character in a string")
		default:
			if v := s.multibyte(); v != nil {
				return nil, v
			}
		}
	}
}

// plain are the bytes of a string that stand for themselves: ASCII without
// control characters, the quote and the backslash.
var plain = func() (set [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		set[c] = c != '"' && c != '\\'
	}
	return set
}()

func (s *scanner) multibyte() *Violation {
	r, size := utf8.DecodeRune(s.b[s.i:])
	if r == utf8.RuneError && size == 1 {
		return s.unexpected("UTF-8")
	}
	s.i += size
	return nil
}

// escapes are what the letters after a backslash stand for.
var escapes = [256]rune{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

func (s *scanner) escape() (rune, *Violation) {
	start := s.i
	s.i++
	if r := escapes[s.peek()]; r != 0 {
		s.i++
		return r, nil
	}
	r, v := s.unicode(start)
	if v != nil {
		return 0, v
	}
	if r == 0 {
		s.i = start
		return 0, s.violation(NULByte, `the escape \u0000`)
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if s.peek() == '\\' {
		s.i++
		low, v := s.unicode(s.i - 1)
		if v != nil {
			return 0, v
		}
		if r := utf16.DecodeRune(r, low); r != utf8.RuneError {
			return r, nil
		}
	}
	s.i = start
	return 0, s.violation(InvalidUTF8, "half of a surrogate pair as an escape")
}

// unicode reads the u and four hexadecimal digits of an escape that begins at
// start.
func (s *scanner) unicode(start int) (rune, *Violation) {
	if s.peek() == 'u' && s.i+5 <= len(s.b) {
		if n, err := strconv.ParseUint(string(s.b[s.i+1:s.i+5]), 16, 16); err == nil {
			s.i += 5
			return rune(n), nil
		}
	}
	s.i = start
	return 0, s.unexpected("an escape that JSON knows")
}

// unexpected says that something else stands at this place than wanted.
func (s *scanner) unexpected(wanted string) *Violation {
	rest := s.b[s.i:]
	switch r, size := utf8.DecodeRune(rest); {
	case len(s.b) == 0:
		return s.violation(NotAMessage, "the line is empty")
	case size == 0:
		v := s.violation(NotAMessage, "the line ends where "+wanted+" is expected")
		v.Advice = "write each message in one line, as jq -c does, and nothing but messages to stdout"
		return v
	case r == 0:
		return s.violation(NULByte, "a NUL")
	case r == utf8.RuneError && size == 1:
		return s.violation(InvalidUTF8, fmt.Sprintf("the byte 0x%02x", rest[0]))
	case r == '\uFEFF' && s.i == 0:
		return s.violation(InvalidUTF8, "a byte order mark")
	default:
		v := s.violation(NotAMessage, fmt.Sprintf("%q where %s is expected", rest[:size], wanted))
		if s.i > 0 {
			v.Advice = nearlyJSON(string(rest))
		}
		return v
	}
}

// nearlyJSON is advice on what languages other than JSON write in its place, ""
// for anything else.
func nearlyJSON(rest string) string {
	begins := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(rest, w) })
	}
	switch {
	case begins("'", "None", "True", "False"):
		return "write JSON: in Python print what json.dumps makes of the message, not the message itself"
	case begins("NaN", "nan", "Infinity", "inf"):
		return "JSON has no number that is infinite or none: leave the value out, or write another"
	}
	return ""
}

// violation says what is wrong at this place. Beyond the quoted beginning of
// the text it shows the place itself too.
func (s *scanner) violation(kind Kind, problem string) *Violation {
	detail := fmt.Sprintf("%s, at byte %d", problem, s.i+1)
	if s.i >= quoteLimit {
		const around = 20
		near := s.b[s.i-around : min(s.i+around, len(s.b))]
		detail += fmt.Sprintf(", near %q", near)
	}
	v := NewViolation(kind, append([]byte{}, s.b[:min(len(s.b), 2*quoteLimit)]...), detail) // not nil: something came
	v.syntax = kind == NotAMessage
	return v
}
