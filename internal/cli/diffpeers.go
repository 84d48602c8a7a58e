package cli

import (
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// entity is what a summary has a line for: a peer, a template, or a key at the
// top.
type entity struct {
	path tree.Path
	made []making
}

// making is the keys of an entity that the same plugins changed.
type making struct {
	who  string
	keys []string
}

// peersDiff sums up the changes of the configuration: a line for each peer,
// template and other key, or one for each of the plugins behind it.
func peersDiff(r *result, color bool) string {
	var rows []row
	for _, e := range r.entities() {
		name := r.sign(e.path) + " " + e.name()
		for _, m := range e.made {
			rows = append(rows, row{key: name, what: m.who, who: strings.Join(m.keys, ", ")})
			name = ""
		}
	}
	if len(rows) == 0 {
		return "no changes\n"
	}
	return renderWith(rows, color, paintSigned)
}

func (e *entity) name() string {
	switch {
	case len(e.path) < 2:
		return e.path[0]
	case e.path[0] == "peers":
		return "peer " + e.path[1]
	}
	return "template " + e.path[1]
}

// sign says whether a value came, went or changed.
func (r *result) sign(path tree.Path) string {
	_, was := tree.Lookup(r.Document.Tree(), path)
	_, is := tree.Lookup(r.Tree, path)
	switch {
	case !was:
		return "+"
	case !is:
		return "-"
	}
	return "~"
}

// entities lists what differs in the end, in the order of the configuration.
func (r *result) entities() []*entity {
	var out []*entity
	byPointer := map[string]*entity{}
	net := r.netTree()
	for _, path := range r.differing() {
		top := path[:1]
		if len(path) > 1 && named(path[0]) {
			top = path[:2]
		}
		e := byPointer[top.String()]
		if e == nil {
			e = &entity{path: top}
			byPointer[top.String()] = e
			out = append(out, e)
		}
		key := ""
		if len(path) > len(top) {
			key = r.sign(path[:len(top)+1]) + path[len(top)]
			if r.sign(top) == "+" {
				key = path[len(top)]
			}
		}
		e.add(r.summaryOf(net.along(path)), key)
	}
	return out
}

// summaryOf names the plugins of changes, and which of them overwrite others.
func (r *result) summaryOf(changes []int) string {
	var notes []string
	for _, i := range ascending(changes) {
		over, _ := r.overlapNames(i, pathOf(r.Changes[i].Pointer))
		for _, name := range over {
			if note := r.Changes[i].Plugin + " overwrites " + name; !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
	}
	text := r.makersOf(changes)
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// add notes that plugins changed a key.
func (e *entity) add(who, key string) {
	i := slices.IndexFunc(e.made, func(m making) bool { return m.who == who })
	if i < 0 {
		i = len(e.made)
		e.made = append(e.made, making{who: who})
	}
	if m := &e.made[i]; key != "" && !slices.Contains(m.keys, key) {
		m.keys = append(m.keys, key)
	}
}

// named reports whether the entries of a key at the top have lines of their
// own.
func named(key string) bool { return key == "peers" || key == "templates" }

// differing returns the paths of all values that differ in the end. Peers and
// templates differ each for itself, also where all came or went at once.
func (r *result) differing() []tree.Path {
	var out []tree.Path
	for _, d := range tree.Diff(r.Document.Tree(), r.Tree) {
		for _, leaf := range d.Leaves() {
			entries := entriesOf(leaf)
			if len(entries) == 0 {
				entries = []tree.Path{leaf.Path}
			}
			out = append(out, entries...)
		}
	}
	return out
}

// entriesOf returns the peers or templates that came or went with all of them.
func entriesOf(d tree.Difference) []tree.Path {
	if len(d.Path) != 1 || !named(d.Path[0]) {
		return nil
	}
	var out []tree.Path
	for _, v := range []tree.Value{d.Before, d.After} {
		o, ok := v.(*tree.Object)
		if !ok {
			continue
		}
		for _, key := range o.Keys() {
			out = append(out, d.Path.Child(key))
		}
	}
	return out
}

func paintSigned(column int, cell string) string {
	switch {
	case column == 1:
		return "36"
	case column != 0:
		return ""
	}
	return map[byte]string{'+': "32", '-': "31", '~': "33"}[cell[0]]
}
