package config

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// Visible returns what of the changes the plugin may read (spec CHK-2): those
// that its reads cover, without the values in them that it may not see.
func (v *View) Visible(changes []Change) []Change {
	out := []Change{}
	for _, c := range changes {
		path, err := tree.ParsePointer(c.Pointer)
		if err != nil || v.keptBack(path) {
			continue
		}
		var before, after bool
		c.Before, before = v.visible(path, c.Before)
		c.After, after = v.visible(path, c.After)
		if before || after {
			out = append(out, c)
		}
	}
	return out
}

// visible returns what the plugin sees of a value at path, and whether it sees
// anything of it. There is no value where raw is nil.
func (v *View) visible(path tree.Path, raw json.RawMessage) (json.RawMessage, bool) {
	value, err := tree.Parse(raw)
	if raw == nil || err != nil {
		return nil, false
	}
	seen, ok := v.cut(value, path, schema.At(path), v.scopes.reads().to(path))
	if !ok {
		return nil, false
	}
	return tree.Append(nil, seen), true
}
