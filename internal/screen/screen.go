// Package screen is a terminal for tests: it shows what a program's output
// looks like in the end.
package screen

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Screen is a terminal of so many columns and as many rows as it takes.
type Screen struct {
	Column int  // of the cursor, from 0
	Wraps  bool // a line that is too long goes on in the next one

	columns, row int
	rows         [][]rune
}

// New returns an empty screen.
func New(columns int) *Screen { return &Screen{columns: columns, Wraps: true, rows: make([][]rune, 1)} }

var (
	sequence   = regexp.MustCompile(`^\x1b\[(\??)(\d*)([A-Za-z])`)
	incomplete = regexp.MustCompile(`^\x1b(\[\??\d*)?$`)
)

// Write shows what a program writes. Every rune takes one column. An escape
// sequence that the screen does not know is an error; the beginning of one at
// the end is left out.
func (s *Screen) Write(p []byte) (int, error) {
	for text := string(p); text != ""; {
		r, size := utf8.DecodeRuneInString(text)
		if r != '\x1b' {
			s.put(r)
			text = text[size:]
			continue
		}
		m := sequence.FindStringSubmatch(text)
		switch {
		case incomplete.MatchString(text):
			return len(p), nil
		case m == nil:
			return 0, fmt.Errorf("an unknown escape sequence: %q", text[:min(len(text), 20)])
		}
		if err := s.control(m[1]+m[3], m[2]); err != nil {
			return 0, err
		}
		text = text[len(m[0]):]
	}
	return len(p), nil
}

func (s *Screen) control(what, number string) error {
	n, _ := strconv.Atoi(number) // none is 0
	switch {
	case what == "A":
		s.row = max(0, s.row-max(n, 1))
	case what == "J" && n == 0:
		s.rows = s.rows[:s.row+1]
		s.rows[s.row] = s.rows[s.row][:min(s.Column, len(s.rows[s.row]))]
	case what == "?h" && n == 7:
		s.Wraps = true
	case what == "?l" && n == 7:
		s.Wraps = false
	default:
		return fmt.Errorf("an unknown escape sequence: %s of %q", what, number)
	}
	return nil
}

func (s *Screen) put(r rune) {
	switch {
	case r == '\r':
		s.Column = 0
		return
	case r == '\n':
		s.down()
		return
	case s.Column == s.columns && !s.Wraps:
		s.Column--
	case s.Column == s.columns:
		s.down()
	}
	line := s.rows[s.row]
	for len(line) <= s.Column {
		line = append(line, ' ')
	}
	line[s.Column] = r
	s.rows[s.row] = line
	s.Column++
}

func (s *Screen) down() {
	s.Column = 0
	if s.row++; s.row == len(s.rows) {
		s.rows = append(s.rows, nil)
	}
}

// String returns the lines, each with its end, without empty ones at the
// bottom.
func (s *Screen) String() string {
	var b strings.Builder
	for _, row := range s.rows {
		b.WriteString(strings.TrimRight(string(row), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
