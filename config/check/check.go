// Package check finds in a Pathvector configuration what Pathvector itself
// does not look for: what makes it crash, what BIRD rejects afterwards, and
// what goes wrong without a word. The document docs/checks.md explains each
// check with an example.
package check

import (
	"cmp"
	"slices"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// Severity says what a finding means for the operator.
type Severity string

// The severities. With an Error Pathvector fails, BIRD rejects what it writes,
// or the router does something else than the file says.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Finding is one thing that is wrong with a configuration.
type Finding struct {
	Severity Severity
	Code     string    // of the check, stable
	Path     tree.Path // of the value
	Related  []tree.Path
	Missing  bool   // something is not there at all, and may be added later
	Message  string // continues "PATH: "; never holds a secret
	Instead  string // what to write instead
	// Line and Column are where the value stands in the document, or what
	// should hold it; both count from 1.
	Line, Column int
}

// Check is one of the checks.
type Check struct {
	Code     string
	Severity Severity
	Missing  bool // it is about something that is not there at all
	find     func(*subject, report)
}

// report takes a finding of a check: the value, what is wrong with it, what to
// write instead, and the other values that have a part in it.
type report func(at tree.Path, message, instead string, related ...tree.Path)

// Configuration is what can be checked: a *config.Document, or a *config.Edited.
type Configuration interface {
	Tree() tree.Value
	Position(path tree.Path) (line, column int, ok bool)
	Secret(path tree.Path) bool
	Tags() []config.Tag
}

// Document returns what is wrong with a document, in the order of the file.
func Document(d Configuration) []Finding {
	s := newSubject(d)
	var found []ranked
	seen := map[[2]string]bool{}
	for rank, c := range checks {
		c.find(s, func(at tree.Path, message, instead string, related ...tree.Path) {
			id := [2]string{c.Code, at.String()}
			if seen[id] {
				return // of a template that several peers use
			}
			seen[id] = true
			f := Finding{
				Severity: c.Severity, Code: c.Code, Path: slices.Clone(at), Missing: c.Missing,
				Message: message, Instead: instead,
			}
			for _, path := range related {
				f.Related = append(f.Related, slices.Clone(path))
			}
			f.Line, f.Column = place(d, at)
			found = append(found, ranked{f, rank})
		})
	}
	s.walk()
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.rank, b.rank))
	})
	var out []Finding
	for _, f := range found {
		out = append(out, f.Finding)
	}
	return out
}

// ranked is a finding with the place of its check among all.
type ranked struct {
	Finding
	rank int
}

// place returns where the value stands, or the nearest one around it.
func place(d Configuration, path tree.Path) (line, column int) {
	for ; ; path = path[:len(path)-1] {
		if line, column, ok := d.Position(path); ok || len(path) == 0 {
			return max(line, 1), max(column, 1)
		}
	}
}

// Unreadable returns the finding for a document that cannot be read.
func Unreadable(e *config.Error) Finding {
	f := Finding{
		Severity: Error, Code: "unreadable", Message: e.Problem, Instead: e.Advice,
		Line: e.Line, Column: e.Column,
	}
	if e.WrongType {
		f.Code = "wrong-type"
	}
	if path, err := tree.ParsePointer(e.Pointer); err == nil {
		f.Path = path
	}
	return f
}
