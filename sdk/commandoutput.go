package sdk

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/protocol"
)

// outputSize is how many bytes of text go into one notification at most.
const outputSize = 64 << 10

// outputWriter sends what a command prints (rule CMD-8).
type outputWriter struct {
	job    *job
	stream string

	mu   sync.Mutex
	rest []byte // the beginning of a character whose end is not written yet
}

// Write sends p, but for the beginning of a character at its end. It fails when
// the command has ended.
func (w *outputWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := append(w.rest, p...)
	w.rest = nil
	for len(text) > 0 {
		n := wholeCharacters(text[:min(len(text), outputSize)])
		if n == 0 {
			w.rest = text
			break
		}
		if !w.send(text[:n]) {
			return 0, io.ErrClosedPipe
		}
		text = text[n:]
	}
	return len(p), nil
}

// flush sends what no further bytes will make a character.
func (w *outputWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.send(w.rest)
		w.rest = nil
	}
}

// wholeCharacters is how many bytes of p there are before a character that is
// cut off at its end.
func wholeCharacters(p []byte) int {
	for i := max(0, len(p)-utf8.UTFMax+1); i < len(p); i++ {
		if utf8.RuneStart(p[i]) && !utf8.FullRune(p[i:]) {
			return i
		}
	}
	return len(p)
}

// send sends text; what no message can hold in it becomes U+FFFD.
func (w *outputWriter) send(text []byte) bool {
	params, err := protocol.EncodeParams(protocol.OutputParams{
		Request: w.job.request.ID, Stream: w.stream,
		Text: strings.ReplaceAll(string(text), "\x00", "\uFFFD"),
	})
	if err != nil {
		return false // a string always has an encoding
	}
	return w.job.write(protocol.AppendMessage(nil, &protocol.Notification{Method: protocol.NoteOutput, Params: params}))
}
