// Package lazyregexp compiles regular expressions when they are first used: all
// of them together cost every start of the program half a millisecond, and most
// commands use none.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns what compiles the pattern on its first call. It panics there if
// that is none, as regexp.MustCompile does.
func New(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
