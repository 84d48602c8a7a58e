package yamledit

import (
	"sort"
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// text is the text of a file with the offsets of its lines.
type text struct {
	s     string
	lines []int // offset of every line's first character, after a byte order mark
	odd   int   // offset of the first break that isOddBreak is about; -1 for none
	found spot  // where offset was last, as it is asked for rising columns
}

type spot struct{ line, column, at int }

func newText(s string) text {
	t := text{s: s, lines: make([]int, 1, 2+strings.Count(s, "\n")), odd: -1}
	if strings.HasPrefix(s, byteOrderMark) {
		t.lines[0] = len(byteOrderMark)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\n':
			t.lines = append(t.lines, i+1)
		case c == '\r' || c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if isOddBreak(s, i, r) {
				t.lines = append(t.lines, i+size)
				if t.odd < 0 {
					t.odd = i
				}
			}
			i += size - 1
		}
	}
	return t
}

// isOddBreak reports whether the character r at s[i] breaks lines for the
// parser, and for YAML 1.1, but not for everyone: CR alone, NEL, LS, PS.
func isOddBreak(s string, i int, r rune) bool {
	return r == '\r' && !strings.HasPrefix(s[i+1:], "\n") || r == 0x85 || r == 0x2028 || r == 0x2029
}

// offset returns the offset of a line and column that count from 1.
func (t *text) offset(line, column int) (int, bool) {
	if line < 1 || line > len(t.lines) || column < 1 {
		return 0, false
	}
	from := spot{line, 1, t.lines[line-1]}
	if t.found.line == line && t.found.column <= column {
		from = t.found
	}
	for ; from.column < column; from.column++ {
		if from.at >= len(t.s) || t.s[from.at] == '\n' {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(t.s[from.at:])
		from.at += size
	}
	t.found = from
	return from.at, true
}

// line returns the index of the line that holds the offset at, from 0.
func (t *text) line(at int) int {
	return max(0, sort.SearchInts(t.lines, at+1)-1)
}

// position returns line and column of an offset, both from 1.
func (t *text) position(at int) (line, column int) {
	return t.line(at) + 1, t.column(at) + 1
}

// column returns the number of characters between the line's start and at.
func (t *text) column(at int) int {
	start := t.lineStart(at)
	return utf8.RuneCountInString(t.s[start:max(at, start)])
}

func (t *text) lineStart(at int) int { return t.lines[t.line(at)] }

// lineEnd returns the offset of the line break that ends the line of at.
func (t *text) lineEnd(at int) int {
	end := t.nextLine(at)
	if end > at && t.s[end-1] == '\n' {
		end--
		if end > at && t.s[end-1] == '\r' {
			end--
		}
	}
	return end
}

// nextLine returns the offset of the line after that of at; the end of the
// text when there is none.
func (t *text) nextLine(at int) int {
	if l := t.line(at) + 1; l < len(t.lines) {
		return t.lines[l]
	}
	return len(t.s)
}

// newline returns the line break in use around at.
func (t *text) newline(at int) string {
	l := t.line(at) + 1
	if l == len(t.lines) {
		l--
	}
	if end := t.lines[l]; l > 0 && end > 1 && t.s[end-2] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indent returns the number of spaces that the line at start begins with.
func (t *text) indent(start int) int {
	n := 0
	for start+n < len(t.s) && t.s[start+n] == ' ' {
		n++
	}
	return n
}

// isBlank reports whether the line at start holds nothing but white space.
func (t *text) isBlank(start int) bool {
	return start < len(t.s) && strings.Trim(t.s[start:t.nextLine(start)], " \t\r\n") == ""
}

// isComment reports whether the line at start holds a comment and nothing
// before it but spaces.
func (t *text) isComment(start int) bool {
	at := start + t.indent(start)
	return at < len(t.s) && t.s[at] == '#'
}

// skipBlanks returns the first offset from at on that is no space or tab.
func (t *text) skipBlanks(at int) int {
	for at < len(t.s) && (t.s[at] == ' ' || t.s[at] == '\t') {
		at++
	}
	return at
}

// skipGap returns the first offset from at on that is neither white space nor
// part of a comment.
func (t *text) skipGap(at int) int {
	for at < len(t.s) {
		switch {
		case isSpace(t.s[at]):
			at++
		case t.s[at] == '#' && (at == t.lineStart(at) || isSpace(t.s[at-1])):
			at = t.nextLine(at)
		default:
			return at
		}
	}
	return at
}

// byteAt returns the byte at an offset, a line break behind the end.
func (t *text) byteAt(at int) byte {
	if at < len(t.s) {
		return t.s[at]
	}
	return '\n'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
