package cli

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// branch is a key in a tree of values to tell of.
type branch struct {
	key     string
	path    tree.Path
	changes []int     // of this very value, in order
	from    tree.Path // of the template's value, for one that the peer takes from there
	below   []*branch
	index   map[string]*branch
}

func (b *branch) child(key string) *branch {
	if c, ok := b.index[key]; ok {
		return c
	}
	if b.index == nil {
		b.index = map[string]*branch{}
	}
	c := &branch{key: key, path: b.path.Child(key)}
	b.below, b.index[key] = append(b.below, c), c
	return c
}

// wholeTree is every value below path, in the order of the file, with those
// that plugins removed, and those that a peer takes from its template.
func (e *explainer) wholeTree(path tree.Path) *branch {
	b := &branch{path: path}
	v, _ := tree.Lookup(e.Tree, path)
	e.grow(b, v)
	e.addChanges(b)
	if len(path) == 2 && path[0] == "peers" {
		e.addInherited(b)
	}
	return b
}

// grow adds what is in a mapping. A secret is one value.
func (e *explainer) grow(b *branch, v tree.Value) {
	o, ok := v.(*tree.Object)
	if !ok || e.Document.Secret(b.path) {
		return
	}
	for key, child := range o.All() {
		e.grow(b.child(key), child)
	}
}

// addChanges adds the changes at and below a branch.
func (e *explainer) addChanges(root *branch) {
	for i, c := range e.Changes {
		path := pathOf(c.Pointer)
		if !path.HasPrefix(root.path) {
			continue
		}
		b := root
		for _, key := range path[len(root.path):] {
			if !e.Document.Secret(b.path) {
				b = b.child(key)
			}
		}
		b.changes = append(b.changes, i)
	}
}

func (e *explainer) addInherited(b *branch) {
	name, _ := tree.Lookup(e.Tree, b.path.Child("template"))
	template, _ := name.(string)
	v, _ := tree.Lookup(e.Tree, tree.Path{"templates", template})
	o, ok := v.(*tree.Object)
	if !ok {
		return
	}
	for _, key := range o.Keys() {
		if from, ok := config.Template(e.Tree, b.path.Child(key)); ok {
			b.child(key).from = from
		}
	}
}

// changedTree is every value that plugins changed, in the order of the file.
func (e *explainer) changedTree() *branch {
	b := e.wholeTree(tree.Path{})
	b.prune()
	return b
}

// prune takes out what no change is at or below, and reports whether anything
// is left.
func (b *branch) prune() bool {
	var kept []*branch
	for _, c := range b.below {
		if c.prune() {
			kept = append(kept, c)
		}
	}
	b.below = kept
	return len(kept) > 0 || len(b.changes) > 0
}

// changed is the tree of changes for people.
func (e *explainer) changed(color bool) string {
	if len(e.Changes) == 0 {
		return "no changes\n"
	}
	head := row{"VALUE", "CHANGE", "PLUGIN", "WAS AT"}
	return render(append([]row{head}, e.rows(e.changedTree(), 0)...), color)
}

// rows are the lines for all below a branch.
func (e *explainer) rows(b *branch, depth int) []row {
	var rows []row
	for _, c := range b.below {
		key := strings.Repeat("  ", depth) + c.key
		steps := e.stepsAt(c)
		switch {
		case len(steps) > 0:
			rows = append(rows, stepRows(key, steps)...)
		case c.from == nil && len(c.below) > 0:
			rows = append(rows, row{key: key})
		}
		if len(steps) == 0 && (c.from != nil || len(c.below) == 0) {
			rows = append(rows, e.untouched(key, c))
		}
		rows = append(rows, e.rows(c, depth+1)...)
	}
	return rows
}

// stepsAt are the changes of the very value.
func (e *explainer) stepsAt(b *branch) []step {
	var steps []step
	for _, i := range b.changes {
		steps = append(steps, e.step(i, e.Changes[i]))
	}
	return e.placed(b.path, steps)
}

// untouched is the line of a value that no plugin changed, or that a peer has
// from its template.
func (e *explainer) untouched(key string, b *branch) row {
	s := e.story(b.path)
	r := row{key: key, what: shown([]byte(s.value()))}
	if s.inherited == nil {
		if s.origin != nil {
			r.where = e.short(s.origin)
		}
		return r
	}
	from := s.inherited
	r.what, r.where = shown([]byte(from.value())), "from template "+from.path[1]
	if from.origin != nil {
		r.where += ", " + e.short(from.origin)
	}
	for i, step := range from.steps {
		if i > 0 {
			r.who += ", "
		}
		r.who += step.Plugin + " " + step.Version
	}
	return r
}

// stepRows are a line for each change; the key stands in the first one.
func stepRows(key string, steps []step) []row {
	var rows []row
	for i, s := range steps {
		if i > 0 {
			key = ""
		}
		var where []string
		if s.was != "" {
			where = append(where, s.was)
		}
		if len(s.overwrites) > 0 {
			where = append(where, "overwrites "+strings.Join(s.overwrites, ", "))
		}
		if len(s.extends) > 0 {
			where = append(where, "adds to the list of "+strings.Join(s.extends, ", "))
		}
		rows = append(rows, row{key, changeWords(s.Change), s.Plugin + " " + s.Version, strings.Join(where, ", ")})
	}
	return rows
}

func visible(s string) string { return protocol.Visible(s) }
