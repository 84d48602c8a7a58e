package config

import (
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

// Edited is a configuration after an edit. What its text holds is known, so it
// need not be parsed.
type Edited struct {
	Text  []byte
	Edits []yamledit.Edit // in the text as it was parsed, each with the path of its value

	before  *Document
	root    *yaml.Node
	tree    tree.Value
	secrets pointers // by alias or merge key
}

// Tree returns the whole configuration, secrets included.
func (e *Edited) Tree() tree.Value { return e.tree }

// Secret reports whether the value at path is a secret or lies in one.
func (e *Edited) Secret(path tree.Path) bool { return schema.Secret(path) || e.secrets.within(path) }

// Tags returns the tags that are none of YAML's own, as Document.Tags does.
func (e *Edited) Tags() []Tag { return tags(e.root) }

// Position returns where the value stood in the file before the edit. What the
// edit added has no place there.
func (e *Edited) Position(path tree.Path) (line, column int, ok bool) { return e.before.Position(path) }
