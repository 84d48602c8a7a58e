package yamledit

import (
	"errors"
	"fmt"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Error says why a text cannot be read, or why an edit is refused, and where.
type Error struct {
	Line    int    // from 1
	Column  int    // from 1, in characters
	Problem string // what is there, and what was expected
	Advice  string // what to do about it
	// Path is that of the op that is refused; nil where the text as a whole is.
	Path tree.Path
}

// Error returns the place and the problem, without the advice.
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Problem) }

// Hint returns the advice.
func (e *Error) Hint() string { return e.Advice }

// refusing notes which op an error is about.
func refusing(c *change, err error) error {
	var refused *Error
	if errors.As(err, &refused) && refused.Path == nil {
		refused.Path = c.path
	}
	return err
}

const maxQuote = 200

// quote returns s as Go text of at most 200 bytes, for an error.
func quote(s string) string {
	if len(s) > maxQuote {
		return fmt.Sprintf("%q…", s[:maxQuote])
	}
	return fmt.Sprintf("%q", s)
}
