// Package config reads a Pathvector configuration, shows plugins the part of
// it that they may read, takes their results over where they may write, and
// edits the file's text so that only what changed differs.
//
// A Document is the file as it was read. Its Tree is JSON, typed by
// Pathvector's keys (package schema). NewView cuts out what a plugin is sent,
// View.Apply turns its result into changes and a new tree, and Document.Edit
// brings a tree back into the text.
package config

import (
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

// Document is a configuration file as it was read.
type Document struct {
	file    string
	text    []byte
	yaml    *yamledit.Document
	tree    *tree.Object
	aliased bool     // it has aliases
	secrets pointers // secrets by alias or merge key, which no key's name tells
	held    holdings
	keys    keyIndex
}

// Parse reads a configuration. file is its name for errors. A file that
// Pathvector would refuse for its YAML or for the type of a value is an
// *Error; keys that the schema does not know are kept (spec TYP-1 to TYP-5).
// The document keeps the text, which must not change any more.
func Parse(file string, text []byte) (*Document, error) {
	d := &Document{file: file, text: text}
	var err error
	if d.yaml, err = yamledit.Parse(text); err != nil {
		return nil, d.located(err)
	}
	d.tree = &tree.Object{}
	root := d.yaml.Root()
	if root == nil {
		return d, nil
	}
	t := newTyper(file)
	d.aliased = t.findSecrets(root)
	v, err := t.value(root, schema.Root())
	if err != nil {
		return nil, err
	}
	d.tree, d.secrets, d.held = v.(*tree.Object), t.found, t.held
	return d, nil
}

// File returns the name that the document was parsed with.
func (d *Document) File() string { return d.file }

// Text returns the document as it was parsed. The caller must not change it.
func (d *Document) Text() []byte { return d.text }

// Tree returns the whole configuration, secrets included.
func (d *Document) Tree() tree.Value { return d.tree }

// Position returns where in the file the value at path stands: its key, or
// the item itself in a list. Both numbers count from 1; columns count
// characters.
// A value that comes from an alias or a merge key stands where it is written.
func (d *Document) Position(path tree.Path) (line, column int, ok bool) {
	at := d.yaml.Root()
	if at == nil {
		return 0, 0, false
	}
	line, column = at.Line, at.Column
	n := schema.Root()
	for _, seg := range path {
		key, value := d.step(target(at), n, seg)
		if value == nil {
			return 0, 0, false
		}
		line, column = key.Line, key.Column
		at, n = value, n.Child(seg)
	}
	return line, column, true
}

// pointers is a set of JSON Pointers.
type pointers map[string]bool

// within reports whether path is one of them or lies below one.
func (s pointers) within(path tree.Path) bool {
	if len(s) == 0 {
		return false
	}
	for i := range path {
		if s[path[:i+1].String()] {
			return true
		}
	}
	return false
}

func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
