package config

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

// PluginEntry is an entry of the configuration's plugins section.
type PluginEntry struct {
	Name         string
	Options      tree.Value // an *tree.Object; nil when the entry is empty
	Err          error      // an *Error: why there are no options; for whoever needs them
	Line, Column int        // of its name, from 1
}

// Plugins returns the entries of the plugins section in file order. Each is
// empty, or a text: Pathvector loads nothing else there. Options are a text
// with the YAML of a mapping in it. Another text may be meant for a plugin that
// is part of Pathvector, so it only makes the Err of its entry.
func (d *Document) Plugins() ([]PluginEntry, error) {
	section, value := d.yaml.Root(), (*yaml.Node)(nil)
	if section != nil {
		_, value = lookup(section, nil, "plugins")
	}
	if value == nil || null(target(value)) {
		return nil, nil
	}
	t := newTyper(d.file)
	t.path = tree.Path{"plugins"}
	entries, err := t.entries(target(value), nil)
	if err != nil {
		return nil, err
	}
	var plugins []PluginEntry
	for _, e := range entries {
		options, err := d.options(e)
		plugins = append(plugins, PluginEntry{e.name, options, err, e.key.Line, e.key.Column})
	}
	return plugins, nil
}

// options reads the text of an entry as YAML of its own.
func (d *Document) options(e entry) (tree.Value, error) {
	n := target(e.value)
	if null(n) || strings.TrimSpace(n.Value) == "" {
		return nil, nil
	}
	at := tree.Path{"plugins", e.name}
	if d.secrets.within(at) {
		return nil, d.inside(n, at, &Error{File: d.file, Line: 1, Column: 1, Problem: "a secret stands here for options", Advice: "write the options out"})
	}
	inner, err := yamledit.Parse([]byte(n.Value))
	if err != nil {
		return nil, d.noMapping(n, at, err)
	}
	root := inner.Root()
	if root == nil {
		return nil, nil
	}
	t := newTyper(d.file)
	t.path = at
	v, err := t.value(root, nil)
	if err != nil {
		return nil, d.inside(n, at, err)
	}
	return v, nil
}

// noMapping is the error for a text that is no YAML, or of no mapping.
func (d *Document) noMapping(n *yaml.Node, at tree.Path, err error) error {
	e := d.located(err)
	cause := ": " + e.Problem
	if strings.HasPrefix(e.Problem, "expected a mapping") {
		cause, e.Advice = "", ""
	}
	e.Problem = "the options of " + at[1] + " must be a mapping" + cause
	return d.inside(n, at, e)
}

// inside moves an error in a text to where the text stands in the file. In a
// literal block the lines are the file's; of other texts only the start is
// known, unless they are on one line.
func (d *Document) inside(n *yaml.Node, at tree.Path, err error) error {
	e := d.located(err)
	if e.Pointer == "" {
		e.Pointer = at.String()
	}
	switch {
	case n.Style&yaml.LiteralStyle != 0:
		e.Line, e.Column = n.Line+e.Line, e.Column+d.indent(n)
	case e.Line == 1 && n.Style&yaml.FoldedStyle == 0:
		e.Line, e.Column = n.Line, n.Column+e.Column-1
		if quoted(n) {
			e.Column++
		}
	default:
		e.Line, e.Column = n.Line, n.Column
	}
	if e.Advice == "" {
		e.Advice = "write \"" + at[1] + ": |\" and the options below it as key: value lines, indented"
	}
	return e
}

// indent returns how far the lines of a literal block are indented in the
// file: what the first line with text has more there than in the value.
func (d *Document) indent(n *yaml.Node) int {
	lines := strings.Split(string(d.text), "\n")
	for i, inner := range strings.Split(n.Value, "\n") {
		if strings.TrimSpace(inner) == "" || n.Line+i >= len(lines) {
			continue
		}
		outer := lines[n.Line+i]
		return spaces(outer) - spaces(inner)
	}
	return 0
}

func spaces(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }
