package protocol

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// chunk is how much a Reader reads at once. Lines within it, which most are,
// cost one allocation.
const chunk = 64 << 10

// Reader reads lines (FRM-1). It knows nothing of what is in them.
type Reader struct {
	r     *bufio.Reader
	limit int
	err   error // what ended the stream; returned ever after
}

// NewReader returns a Reader of r that takes lines of up to limit bytes,
// without the LF (FRM-7). It holds at most limit bytes and a small constant,
// whatever comes. A limit below 1 means DefaultLimit.
func NewReader(r io.Reader, limit int) *Reader {
	if limit < 1 {
		limit = DefaultLimit
	}
	return &Reader{r: bufio.NewReaderSize(r, chunk), limit: limit}
}

// ReadLine returns the next line without its LF, and without one CR before
// that (FRM-2). The line belongs to the caller. The error is io.EOF at the end
// of the stream, a *Violation for a line that is too long (FRM-7) or a last
// one without LF (FRM-8), or what reading failed with. It is the same for all
// calls after the first that fails.
func (r *Reader) ReadLine() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	line, err := r.read()
	if err != nil {
		r.err = err
		return nil, err
	}
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

func (r *Reader) read() ([]byte, error) {
	var line []byte
	for {
		part, err := r.r.ReadSlice('\n')
		whole := err == nil
		if whole {
			part = part[:len(part)-1]
		}
		if len(line)+len(part) > r.limit {
			return nil, r.tooLong(line, part)
		}
		line = r.join(line, part)
		switch {
		case whole:
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case !errors.Is(err, io.EOF):
			return nil, err
		case len(line) > 0:
			return nil, NewViolation(Unterminated, line, "")
		default:
			return nil, io.EOF
		}
	}
}

// join appends part to line. The buffer doubles, but never beyond the limit,
// as append would let it.
func (r *Reader) join(line, part []byte) []byte {
	need := len(line) + len(part)
	if need > cap(line) {
		size := need
		if line != nil {
			size = max(need, min(2*cap(line), r.limit))
		}
		line = append(make([]byte, 0, size), line...)
	}
	return append(line, part...)
}

func (r *Reader) tooLong(line, part []byte) error {
	head := append(line[:min(len(line), 2*quoteLimit)], part[:min(len(part), 2*quoteLimit)]...)
	return NewViolation(TooLong, head, fmt.Sprintf("it is longer than %d bytes", r.limit))
}

// WriteLine writes the line and an LF in one call of Write (FRM-1). A line
// with an LF in it is refused, for it would be two.
func WriteLine(w io.Writer, line []byte) error {
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		return fmt.Errorf("expected a message without line breaks, got one at byte %d of %s", i+1, Quote(line))
	}
	whole := make([]byte, 0, len(line)+1)
	_, err := w.Write(append(append(whole, line...), '\n'))
	return err
}
