package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Error says what is wrong with a configuration file, and where.
type Error struct {
	File         string
	Line, Column int    // from 1; both 0 when the whole file is meant
	Pointer      string // the JSON Pointer of the value, empty when none is meant
	Problem      string
	Advice       string
	WrongType    bool // it is about a value of another type than its key's
}

// Error returns FILE:LINE:COLUMN: /pointer: problem, without the parts that
// are not known.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if e.Pointer != "" {
		b.WriteString(": " + brief(e.Pointer))
	}
	return b.String() + ": " + e.Problem
}

// Hint says what to do.
func (e *Error) Hint() string { return e.Advice }

// ValueError says that a plugin's result holds a value that does not fit the
// configuration's schema (spec MOD-6).
type ValueError struct {
	Pointer string
	Want    string
	Got     string // JSON, shortened; masked when it is a secret
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: expected %s, got %s", brief(e.Pointer), e.Want, e.Got)
}

// Hint says what to do.
func (e *ValueError) Hint() string {
	return "the plugin must write a value that Pathvector takes there"
}

// located turns an error of the YAML layer into one that names the file.
func (d *Document) located(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var y *yamledit.Error
	if errors.As(err, &y) {
		return &Error{File: d.file, Line: y.Line, Column: y.Column, Pointer: y.Path.String(), Problem: unknownAnchor().ReplaceAllString(y.Problem, "an alias (*) names an anchor that is not there"), Advice: y.Advice}
	}
	return &Error{File: d.file, Problem: err.Error()}
}

// unknownAnchor matches a problem with a name that may be a secret: what stands
// behind "password: *".
var unknownAnchor = lazyregexp.New(`^unknown anchor '.*`)

// mask stands for a secret wherever values are printed.
const mask = "********"

// shown returns v as an error quotes it.
func shown(v tree.Value) string { return brief(string(tree.Append(nil, v))) }

// brief returns as much of a pointer or another text as an error prints.
func brief(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// masked returns v with every secret in it replaced. v is the value at path,
// and n describes it; secrets are those that only the document knows.
func masked(v tree.Value, n *schema.Node, path tree.Path, secrets pointers) tree.Value {
	switch v := v.(type) {
	case *tree.Object:
		out := &tree.Object{}
		for key, child := range v.All() {
			at := path.Child(key)
			if n.Secret(key) || secrets[at.String()] {
				out.Set(key, mask)
			} else {
				out.Set(key, masked(child, n.Child(key), at, secrets))
			}
		}
		return out
	case []tree.Value:
		out := make([]tree.Value, len(v))
		for i, item := range v {
			out[i] = masked(item, n.Item(), path, nil)
		}
		return out
	}
	return v
}

func quote(s string) string { return protocol.Quote([]byte(s)) }
