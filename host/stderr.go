package host

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/protocol"
)

const (
	maxStderrShown = 1 << 20 // bytes that are shown in a call (INV-11)
	maxStderrTail  = 10      // last lines that are kept for the error
)

// stderrLog reads a plugin's stderr to its end and hands it on line by line.
type stderrLog struct {
	show   func(line string) // may be nil
	done   chan struct{}
	room   atomic.Int64 // bytes that may still be shown
	hidden atomic.Int64 // bytes that were not shown, because too much was before

	line []byte // the line being read
	cut  bool   // the line was too long: it is shown, and its rest is dropped
	mu   sync.Mutex
	tail []string // the last lines
}

func newStderrLog(r io.Reader, show func(string)) *stderrLog {
	l := &stderrLog{show: show, done: make(chan struct{})}
	l.renew()
	go l.read(r)
	return l
}

func (l *stderrLog) read(r io.Reader) {
	defer close(l.done)
	buf := make([]byte, 4<<10)
	for {
		n, err := r.Read(buf)
		l.split(buf[:n])
		if err != nil {
			break
		}
	}
	if len(l.line) > 0 {
		l.end()
	}
}

func (l *stderrLog) split(b []byte) {
	for len(b) > 0 {
		part, rest, ended := bytes.Cut(b, []byte{'\n'})
		l.add(part)
		if ended {
			l.end()
		}
		b = rest
	}
}

func (l *stderrLog) add(part []byte) {
	if l.cut {
		return
	}
	if room := maxShown - len(l.line); len(part) > room {
		l.line = append(l.line, part[:room]...)
		l.emit(string(wholeRunes(l.line)), cutMark)
		l.cut = true
		return
	}
	l.line = append(l.line, part...)
}

func (l *stderrLog) end() {
	if !l.cut {
		l.emit(string(bytes.TrimSuffix(l.line, []byte{'\r'})), "")
	}
	l.line, l.cut = l.line[:0], false
}

func (l *stderrLog) emit(line, mark string) {
	line = protocol.Visible(line) + mark
	l.keep(line)
	size := int64(len(line) + 1)
	if l.room.Add(-size) < 0 {
		l.hidden.Add(size)
	} else if l.show != nil {
		l.show(line)
	}
}

func (l *stderrLog) keep(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tail) == maxStderrTail {
		l.tail = append(l.tail[:0], l.tail[1:]...)
	}
	l.tail = append(l.tail, line)
}

// last returns the last lines so far; all of them come when done is closed.
func (l *stderrLog) last() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.tail)
}

// renew makes room for what one more call may write.
func (l *stderrLog) renew() { l.room.Store(maxStderrShown) }

// warnings says what was not shown since it was asked last.
func (l *stderrLog) warnings() []string {
	n := l.hidden.Swap(0)
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("wrote %d bytes more to stderr than the %d that are shown", n, maxStderrShown)}
}

// wholeRunes drops the beginning of a character at the end of b.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
