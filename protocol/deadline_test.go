package protocol

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// interrupted reads as from a pipe with a deadline, which passes before each
// part.
type interrupted struct {
	parts  []string
	passed bool
}

func (r *interrupted) Read(p []byte) (int, error) {
	if r.passed = !r.passed; r.passed {
		return 0, fmt.Errorf("read |0: %w", os.ErrDeadlineExceeded)
	}
	if len(r.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.parts[0])
	r.parts = r.parts[1:]
	return n, nil
}

// After a deadline nothing is lost.
func TestReaderReadsOnAfterADeadline(t *testing.T) {
	r := NewReader(&interrupted{parts: []string{"ab", "c\nd", "\nef\n"}}, 0)
	var lines []string
	for {
		line, err := r.ReadLine()
		switch {
		case err == nil:
			lines = append(lines, fmt.Sprintf("%s, and %d behind", line, r.Buffered()))
			continue
		case assert.ErrorIs(t, err, os.ErrDeadlineExceeded) && len(lines) < 3:
			continue
		}
		break
	}
	require.Equal(t, []string{"abc, and 1 behind", "d, and 3 behind", "ef, and 0 behind"}, lines)
	_, err := r.ReadLine()
	require.ErrorIs(t, err, io.EOF)
}
