package yamledit

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// writer makes the text of new values.
type writer struct {
	*Document
	integerKeys func(tree.Path) bool
	oneLine     bool  // no literal block scalars
	err         error // the first one
}

// owner is what a new value belongs to: a key, or the dash of a list.
type owner struct {
	path   tree.Path
	column int        // of the key or the dash
	dash   int        // 0 for a key; else the columns from the dash to its value
	quotes yaml.Style // of a string; 0: plain where it may be
	habits habits
}

// below returns a value as the text that follows its key or dash on the same
// line and the lines under that.
func (w *writer) below(o owner, v tree.Value) (inline string, lines []string) {
	switch v := v.(type) {
	case *source:
		return w.flowValue(o.path, v, o.quotes, false), nil
	case *tree.Object:
		if v.Len() > 0 {
			return w.mappingBelow(o, v)
		}
	case []tree.Value:
		if len(v) > 0 && !w.bracketed(o, v) {
			return w.listBelow(o, v)
		}
	case string:
		if !w.oneLine && wantsLiteral(v) {
			header, body, _ := literal(v)
			return header, indented(body, o.column+max(o.dash, o.habits.step))
		}
	}
	return w.flowValue(o.path, v, o.quotes, false), nil
}

func (w *writer) mappingBelow(o owner, v *tree.Object) (inline string, lines []string) {
	column := o.column + o.habits.step
	if o.dash > 0 {
		column = o.column + o.dash
	}
	for name, field := range v.All() {
		lines = append(lines, w.field(o.path, name, field, column, 0, *w.style())...)
	}
	return joinDash(o, lines)
}

func (w *writer) listBelow(o owner, v []tree.Value) (inline string, lines []string) {
	column := o.column + o.habits.dash
	if o.dash > 0 {
		column = o.column + o.dash
	}
	quotes := w.style().lists[last(o.path)].quotes
	for _, item := range v {
		lines = append(lines, w.item(o.path, item, column, defaultDash, quotes)...)
	}
	return joinDash(o, lines)
}

// joinDash puts the first line behind the dash that the lines belong to.
func joinDash(o owner, lines []string) (inline string, rest []string) {
	if o.dash == 0 {
		return "", lines
	}
	return strings.TrimLeft(lines[0], " "), lines[1:]
}

// field returns the lines of a new key with its value.
func (w *writer) field(parent tree.Path, name string, v tree.Value, column int, quotes yaml.Style, h habits) []string {
	path := parent.Child(name)
	key := w.key(parent, name, quotes, false)
	inline, lines := w.below(owner{path: path, column: column, habits: h}, v)
	return head(column, key+":", " ", inline, lines)
}

const defaultDash = 2

// item returns the lines of a new list item; dash is the number of columns
// from its dash to its value.
func (w *writer) item(list tree.Path, v tree.Value, column, dash int, quotes yaml.Style) []string {
	o := owner{path: list, column: column, dash: dash, quotes: quotes, habits: *w.style()}
	inline, lines := w.below(o, v)
	return head(column, "-", spaces(dash-1), inline, lines)
}

func head(column int, name, gap, inline string, lines []string) []string {
	first := spaces(column) + name
	if inline != "" {
		first += gap + inline
	}
	return append([]string{first}, lines...)
}

// bracketed reports whether a new list is written on one line: lists under
// this key are, elsewhere in the file.
func (w *writer) bracketed(o owner, v []tree.Value) bool {
	return o.dash == 0 && w.style().lists[last(o.path)].flow && onlyScalars(v)
}

func onlyScalars(v []tree.Value) bool {
	for _, item := range v {
		switch item := item.(type) {
		case []tree.Value, *tree.Object:
			return false
		case *source:
			if item.value != nil {
				return false
			}
		}
	}
	return true
}

func (w *writer) key(mapping tree.Path, name string, quotes yaml.Style, flow bool) string {
	integer := w.integerKeys != nil && w.integerKeys(mapping)
	text, err := w.keyText(name, integer, quotes, flow)
	w.fail(err)
	return text
}

// flowValue writes any value on one line.
func (w *writer) flowValue(path tree.Path, v tree.Value, quotes yaml.Style, flow bool) string {
	if s, copied := v.(*source); copied && s.value != nil {
		v = s.value
	}
	var parts []string
	switch v := v.(type) {
	case []tree.Value:
		style := w.style().lists[last(path)]
		for _, item := range v {
			parts = append(parts, w.flowValue(path, item, style.quotes, true))
		}
		if len(parts) == 0 {
			return "[]"
		}
		return "[" + style.pad + strings.Join(parts, ", ") + style.pad + "]"
	case *tree.Object:
		for name, field := range v.All() {
			parts = append(parts, w.flowField(path, name, field, 0))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, err := w.scalarText(v, quotes, flow)
	w.fail(err)
	return text
}

func (w *writer) flowField(mapping tree.Path, name string, v tree.Value, quotes yaml.Style) string {
	return w.key(mapping, name, quotes, true) + ": " + w.flowValue(mapping.Child(name), v, 0, true)
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// indented puts spaces in front of every line that is not empty.
func indented(lines []string, column int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = spaces(column) + line
		}
	}
	return out
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

func last(p tree.Path) string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}
