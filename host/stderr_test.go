package host

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

func readStderr(r io.Reader) (*stderrLog, []string) {
	var shown []string
	l := newStderrLog(r, func(line string) { shown = append(shown, line) })
	<-l.done
	return l, shown
}

func TestStderrLines(t *testing.T) {
	long := strings.Repeat("x", maxShown)
	cases := []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"lines", "one\ntwo\n", []string{"one", "two"}},
		{"no newline at the end", "one\ntwo", []string{"one", "two"}},
		{"empty lines", "\n\n", []string{"", ""}},
		{"CR LF", "one\r\ntwo\r\n", []string{"one", "two"}},
		{"CR", "10%\r20%\n", []string{`10%\r20%`}},
		{"tab", "a\tb\n", []string{"a\tb"}},
		{"escape sequence", "\x1b[2J\x1b]0;x\a\n", []string{`\x1b[2J\x1b]0;x\a`}},
		{"NUL and DEL", "\x00\x7f\n", []string{`\x00\x7f`}},
		{"C1 control", "\u009b2J\n", []string{`\u009b2J`}},
		{"bidi", "a\u202eb\n", []string{`a\u202eb`}},
		{"not UTF-8", "a\xffb\xc3\n", []string{`a\xffb\xc3`}},
		{"UTF-8", "für 東京 \ufffd\n", []string{"für 東京 \ufffd"}},
		{"longest line", long + "\n", []string{long}},
		{"too long", long + "y\nz\n", []string{long + cutMark, "z"}},
		{"too long without end", long + long, []string{long + cutMark}},
		{"cut in a character", long[1:] + "ü\n", []string{long[1:] + cutMark}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				l, shown := readStderr(r)
				assert.Equal(t, c.want, shown)
				assert.Empty(t, l.warnings())
			}
		})
	}
}

// INV-11: the rest is read and counted, and its end is kept.
func TestStderrIsLimited(t *testing.T) {
	line := strings.Repeat("x", 1023)
	in := strings.Repeat(line+"\n", 1024) + "last\n"
	l, shown := readStderr(strings.NewReader(in))
	assert.Len(t, shown, 1024)
	assert.Equal(t, []string{"wrote 5 bytes more to stderr than the 1048576 that are shown"}, l.warnings())
	assert.Empty(t, l.warnings(), "it was said already")
	assert.Equal(t, "last", l.last()[len(l.last())-1])

	l, _ = readStderr(strings.NewReader(in[:1<<20]))
	assert.Empty(t, l.warnings(), "exactly the limit")
}

func TestStderrKeepsTheLastLines(t *testing.T) {
	var in strings.Builder
	for i := range 25 {
		fmt.Fprintf(&in, "%d\n", i)
	}
	l, _ := readStderr(strings.NewReader(in.String()))
	assert.Equal(t, []string{"15", "16", "17", "18", "19", "20", "21", "22", "23", "24"}, l.last())
}
