package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// The sizes of a Reader's buffer: the first is enough for most lines, so that a
// process with one call does not pay for more; the second for all but those
// that are worth a buffer of their own.
const (
	smallBuffer = 4 << 10
	largeBuffer = 64 << 10
)

// Reader reads lines (FRM-1). It knows nothing of what is in them.
type Reader struct {
	r     io.Reader
	limit int
	err   error     // what ended the stream; returned ever after
	ended error     // what reading failed with; returned after what is in buf
	buf   []byte    // what was read and not returned yet
	seen  int       // how much of buf has no LF in it
	usual []byte    // the buffer for all lines but large ones, while buf is one for such
	large int       // what the last large line needed
	spare sync.Pool // of *[]byte, see Reuse
}

// Reuse lets the Reader read another line into the memory of one that it has
// returned, and that nobody looks at any more. It may be called while the Reader
// reads. Only large lines are worth it; others are ignored.
func (r *Reader) Reuse(line []byte) {
	if cap(line) > largeBuffer {
		r.spare.Put(&line)
	}
}

// NewReader returns a Reader of r that takes lines of up to limit bytes,
// without the LF (FRM-7). It holds at most limit bytes and a small constant,
// whatever comes. A limit below 1 means DefaultLimit.
func NewReader(r io.Reader, limit int) *Reader {
	if limit < 1 {
		limit = DefaultLimit
	}
	return &Reader{r: r, limit: limit}
}

// ReadLine returns the next line without its LF, and without one CR before
// that (FRM-2). The line belongs to the caller. The error is io.EOF at the end
// of the stream, a *Violation for a line that is too long (FRM-7) or a last
// one without LF (FRM-8), or what reading failed with. It is the same for all
// calls after the first that fails, unless a deadline has passed: then nothing
// is lost, and the next call reads on.
func (r *Reader) ReadLine() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	line, err := r.read()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		r.ended = nil
		return nil, err
	}
	if err != nil {
		r.err, r.buf = err, nil
		return nil, err
	}
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// Buffered returns how many bytes were read behind the last line.
func (r *Reader) Buffered() int { return len(r.buf) }

func (r *Reader) read() ([]byte, error) {
	for {
		i := bytes.IndexByte(r.buf[r.seen:], '\n')
		switch {
		case i >= 0 && r.seen+i <= r.limit:
			return r.take(r.seen + i), nil
		case i >= 0 || len(r.buf) > r.limit:
			return nil, NewViolation(TooLong, r.buf, fmt.Sprintf("it is longer than %d bytes", r.limit))
		}
		r.seen = len(r.buf)
		switch {
		case r.ended == nil:
			r.fill()
		case !errors.Is(r.ended, io.EOF):
			return nil, r.ended
		case len(r.buf) > 0:
			return nil, NewViolation(Unterminated, r.buf, "")
		default:
			return nil, io.EOF
		}
	}
}

// take cuts the first line off. A large one is not copied, since it has a
// buffer of its own, unless most of that would be wasted.
func (r *Reader) take(end int) []byte {
	line, rest := r.buf[:end], r.buf[end+1:]
	if r.usual == nil || end < cap(r.buf)/2 {
		line = append(make([]byte, 0, end), line...)
	}
	if r.usual != nil {
		r.buf, r.usual, r.large = r.usual, nil, end+1
	}
	r.buf, r.seen = append(r.buf[:0], rest...), 0
	return line
}

// fill reads once, into a larger buffer when this one is full.
func (r *Reader) fill() {
	if len(r.buf) == cap(r.buf) {
		r.grow()
	}
	n, err := r.r.Read(r.buf[len(r.buf):cap(r.buf)])
	r.buf, r.ended = r.buf[:len(r.buf)+n], err
}

// grow doubles the buffer of a large line, up to the limit and the LF behind
// it. Most often such a line is about as large as the one before.
func (r *Reader) grow() {
	size := smallBuffer
	switch full := cap(r.buf); {
	case full >= largeBuffer && r.usual == nil:
		r.usual = r.buf[:0]
		size = max(2*full, r.large+r.large/16)
	case full >= largeBuffer:
		size = 2 * full
	case full > 0:
		size = largeBuffer
	}
	r.buf = append(r.room(min(size, max(r.limit+1, smallBuffer))), r.buf...)
}

// room returns an empty buffer of that size, or of a line to be reused.
func (r *Reader) room(size int) []byte {
	if size > largeBuffer {
		if spare, ok := r.spare.Get().(*[]byte); ok && cap(*spare) >= size {
			return (*spare)[:0]
		}
	}
	return make([]byte, 0, size)
}

// WriteLine writes the line and an LF in one call of Write (FRM-1). A line
// with an LF in it is refused, for it would be two. The LF goes behind the line
// as append puts it there: without a copy where the line has room for it.
func WriteLine(w io.Writer, line []byte) error {
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		return fmt.Errorf("expected a message without line breaks, got one at byte %d of %s", i+1, Quote(line))
	}
	_, err := w.Write(append(line, '\n'))
	return err
}
