package discovery

import (
	"errors"
	"fmt"
	"io/fs"
)

// Warning is something about the places and the plugins that the operator
// should know, although a Scan works without it.
type Warning struct {
	Plugin  string // the name, as far as it is about a plugin
	Path    string // of the file or directory
	Problem string // a sentence that names the path
	Advice  string
}

// Warnings lists the directories that are not searched, and the plugins that
// are broken or shadowed, in the order in which they were found.
func (i *Inventory) Warnings() []Warning {
	var all []Warning
	for _, p := range i.skipped() {
		all = append(all, Warning{
			Path:    p.Dir,
			Problem: fmt.Sprintf("a directory from %s is not searched for plugins: %v", p.Origin, p.Skip),
			Advice:  p.advice(),
		})
	}
	for _, p := range i.Plugins() {
		w := Warning{Plugin: p.Name, Path: p.Path}
		var broken *BrokenError
		switch {
		case errors.As(p.Err, &broken):
			w.Problem, w.Advice = p.Path+" "+broken.Problem, broken.Advice
		case p.ShadowedBy != "":
			w.Problem = p.Path + " is not used: " + p.ShadowedBy + " has the same name and is found first"
			w.Advice = "remove one of the two"
		default:
			continue
		}
		all = append(all, w)
	}
	return all
}

// advice says what to do about a place that is not searched.
func (p Place) advice() string {
	switch {
	case p.Dir == "" || p.Dir[0] != '/':
		return "write an absolute path, or remove the entry"
	case errors.Is(p.Skip, fs.ErrPermission):
		return "let this user read it: namei -l " + shellQuote(p.Dir)
	}
	return "mend it or remove the entry: ls -ld " + shellQuote(p.Dir)
}
