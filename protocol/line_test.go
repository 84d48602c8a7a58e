package protocol

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines reads all lines with the limit, and the error at the end.
func lines(r io.Reader, limit int) (all []string, err error) {
	in := NewReader(r, limit)
	for {
		line, err := in.ReadLine()
		if err != nil {
			return all, err
		}
		all = append(all, string(line))
	}
}

// FRM-1, FRM-2, FRM-7, FRM-8.
func TestReadLine(t *testing.T) {
	const limit = 8
	for _, row := range []struct {
		in   string
		want []string
		kind Kind // how it ends; 0 is io.EOF
	}{
		{"", nil, 0},
		{"a\n", []string{"a"}, 0},
		{"a\r\n", []string{"a"}, 0},
		{"a\r\r\n", []string{"a\r"}, 0},
		{"a\rb\n", []string{"a\rb"}, 0},
		{"\n\n\r\nz\n", []string{"", "", "", "z"}, 0},
		{"12345678\n", []string{"12345678"}, 0},
		{"1234567\r\n", []string{"1234567"}, 0},
		{"12345678\r\n", nil, TooLong}, // the CR counts
		{"123456789\n", nil, TooLong},
		{"123456789", nil, TooLong},
		{"a\n123456789\nb\n", []string{"a"}, TooLong},
		{"12345678", nil, Unterminated},
		{"a\nb", []string{"a"}, Unterminated},
		{"a\n\r", []string{"a"}, Unterminated},
		{"\x00\xff\n", []string{"\x00\xff"}, 0}, // bytes are bytes
	} {
		for _, r := range []io.Reader{
			strings.NewReader(row.in),
			iotest.OneByteReader(strings.NewReader(row.in)),
			iotest.DataErrReader(strings.NewReader(row.in)),
		} {
			got, err := lines(r, limit)
			assert.Equal(t, row.want, got, "%q", row.in)
			if row.kind == 0 {
				assert.Equal(t, io.EOF, err, "%q", row.in)
				continue
			}
			var v *Violation
			require.ErrorAs(t, err, &v, "%q", row.in)
			assert.Equal(t, row.kind, v.Kind, "%q", row.in)
		}
	}
}

// Lines longer than the buffer of the Reader are put together from parts.
func TestReadLineOfAnySize(t *testing.T) {
	for _, size := range []int{smallBuffer - 1, smallBuffer, smallBuffer + 1, largeBuffer - 2, largeBuffer - 1, largeBuffer, largeBuffer + 1, 2*largeBuffer - 1, 5*largeBuffer + 3} {
		want := strings.Repeat("0123456789abcde\r", size/16+1)[:size-1] + "x"
		for _, end := range []string{"\n", "\r\n"} {
			got, err := lines(strings.NewReader(want+end+"next\n"), size+1)
			require.Equal(t, io.EOF, err)
			require.Len(t, got, 2)
			assert.True(t, want == got[0], "a line of %d bytes", size)
			assert.Equal(t, "next", got[1])
		}
		_, err := lines(strings.NewReader(want+"\n"), size-1)
		assert.ErrorContains(t, err, "it is longer than")
	}
}

func TestTooLongQuotesTheHead(t *testing.T) {
	for _, limit := range []int{10, 1000, largeBuffer, 3 * largeBuffer} {
		_, err := lines(strings.NewReader("Traceback: "+strings.Repeat("é", 4*largeBuffer)), limit)
		var v *Violation
		require.ErrorAs(t, err, &v)
		assert.Equal(t, TooLong, v.Kind)
		assert.Contains(t, v.Error(), `"Traceback: ééé`)
		assert.Less(t, len(v.Error()), 500)
	}
}

func TestReadLineFailsForGood(t *testing.T) {
	in := NewReader(strings.NewReader("123456789\nb\n"), 5)
	_, first := in.ReadLine()
	_, second := in.ReadLine()
	assert.Error(t, first)
	assert.Equal(t, first, second)

	broken := errors.New("broken")
	_, err := lines(io.MultiReader(strings.NewReader("a\nhalf"), iotest.ErrReader(broken)), 5)
	assert.Equal(t, broken, err)
}

func TestLimitBelowOneIsTheDefault(t *testing.T) {
	got, err := lines(strings.NewReader(strings.Repeat("x", 2*largeBuffer)+"\n"), 0)
	assert.Equal(t, io.EOF, err)
	assert.Len(t, got, 1)
	assert.Equal(t, DefaultLimit, NewReader(nil, -1).limit)
}

// What never ends takes no more memory than the limit, and a little (FRM-7).
func TestMemoryIsBoundedByTheLimit(t *testing.T) {
	const limit = 5_000_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := lines(endless{}, limit)
	runtime.ReadMemStats(&after)
	require.Error(t, err)
	// The buffer doubles up to the limit: all buffers before the last are less
	// than twice it together.
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3*limit+4*largeBuffer))

	line, err := NewReader(strings.NewReader(strings.Repeat("x", limit)+"\n"), limit).ReadLine()
	require.NoError(t, err)
	assert.Len(t, line, limit)
	assert.LessOrEqual(t, cap(line), limit+1, "the line and its LF")
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return copy(b, "no line end "), nil }

func TestWriteLine(t *testing.T) {
	var b bytes.Buffer
	line := []byte(`{"a":1}`)[:7:7]
	require.NoError(t, WriteLine(&b, line))
	require.NoError(t, WriteLine(&b, nil))
	assert.Equal(t, "{\"a\":1}\n\n", b.String())

	err := WriteLine(&b, []byte("{\n}"))
	assert.ErrorContains(t, err, `at byte 2 of "{\n}"`)
	assert.Equal(t, "{\"a\":1}\n\n", b.String(), "nothing of it is written")

	assert.ErrorIs(t, WriteLine(brokenWriter{t}, line), io.ErrClosedPipe)
}

// A large line is returned in the buffer it was read into, and the next finds
// one of its size.
func TestLargeLines(t *testing.T) {
	large := strings.Repeat("x", 3*largeBuffer) + "\n"
	in := NewReader(strings.NewReader(large+"a\n"+large+large+large[2*largeBuffer:]), 0)
	for i, want := range []int{3 * largeBuffer, 1, 3 * largeBuffer, 3 * largeBuffer, largeBuffer} {
		line, err := in.ReadLine()
		require.NoError(t, err)
		assert.Len(t, line, want, i)
		assert.LessOrEqual(t, cap(line), 2*want+1, i)
	}
}

// A line that was given back is read into again, whatever else was read since.
func TestReuse(t *testing.T) {
	long := func(c string) string { return strings.Repeat(c, 3*largeBuffer) }
	in := NewReader(strings.NewReader(long("a")+"\n"+long("b")+"\nc\n"+long("d")+"\n"), 0)
	for _, want := range []string{long("a"), long("b"), "c", long("d")} {
		line, err := in.ReadLine()
		require.NoError(t, err)
		assert.True(t, want == string(line))
		in.Reuse(line)
	}
}

// The line and its LF come in one call, and not into the caller's memory where
// that is another's.
func TestWriteLineLeavesTheCallersBytes(t *testing.T) {
	text := []byte("ab")
	require.NoError(t, WriteLine(io.Discard, text[:1:1]))
	assert.Equal(t, "ab", string(text))
}

// A message has room for the LF, so it is written without a copy.
func TestWriteLineDoesNotCopyMessages(t *testing.T) {
	result := raw(`"` + strings.Repeat("x", largeBuffer) + `"`)
	line := AppendMessage(nil, &Response{ID: raw("1"), Result: result})
	require.NoError(t, WriteLine(io.Discard, line))
	assert.Equal(t, byte('\n'), line[:len(line)+1][len(line)])
}

type brokenWriter struct{ t *testing.T }

func (w brokenWriter) Write(b []byte) (int, error) {
	assert.Equal(w.t, "{\"a\":1}\n", string(b))
	return 0, io.ErrClosedPipe
}
