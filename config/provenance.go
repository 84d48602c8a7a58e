package config

import (
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// History is the changes that plugins made, in order.
type History []Change

// At returns the changes to the value at the pointer, to one above it, and to
// those below it, in order: what led to the value as it is.
func (h History) At(pointer string) History {
	var out History
	for _, c := range h {
		if c.Pointer == pointer || strings.HasPrefix(c.Pointer, pointer+"/") || strings.HasPrefix(pointer, c.Pointer+"/") {
			out = append(out, c)
		}
	}
	return out
}

// Origin says where in the file a value is written. Lines and columns count
// from 1.
type Origin struct {
	Line   int `json:"line"` // of its key, or of the item in a list
	Column int `json:"column"`
	// Via is what leads from the value's place to where it is written, the
	// outermost first; empty for a value that stands in its place.
	Via []Via `json:"via,omitempty"`
}

// Via is an alias or a merge key.
type Via struct {
	Kind         string `json:"kind"`             // alias or merge
	Anchor       string `json:"anchor,omitempty"` // its name; empty for a mapping written behind <<
	Line         int    `json:"line"`             // of the alias or the merge key
	Column       int    `json:"column"`
	AnchorLine   int    `json:"anchorLine"` // of what it stands for
	AnchorColumn int    `json:"anchorColumn"`
}

// The kinds of Via.
const (
	ViaAlias = "alias"
	ViaMerge = "merge"
)

// Origin returns where the value at path is written.
func (d *Document) Origin(path tree.Path) (*Origin, bool) {
	at := d.yaml.Root()
	if at == nil {
		return nil, false
	}
	o := &Origin{Line: at.Line, Column: at.Column}
	n := schema.Root()
	for _, seg := range path {
		mapping := target(at)
		key, value := d.step(mapping, n, seg)
		if value == nil {
			return nil, false
		}
		if mapping.Kind == yaml.MappingNode {
			via, _ := mergedFrom(mapping, key, map[*yaml.Node]bool{})
			o.Via = append(o.Via, via...)
		}
		o.Line, o.Column = key.Line, key.Column
		if value.Kind == yaml.AliasNode {
			o.Via = append(o.Via, newVia(ViaAlias, value, value))
		}
		at, n = value, n.Child(seg)
	}
	return o, true
}

// mergedFrom returns the merge keys by which a mapping has the key. found is
// false where it has not.
func mergedFrom(mapping, key *yaml.Node, seen map[*yaml.Node]bool) (via []Via, found bool) {
	if seen[mapping] {
		return nil, false
	}
	seen[mapping] = true
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i] == key {
			return nil, true
		}
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if !merge(mapping.Content[i]) {
			continue
		}
		sources := []*yaml.Node{mapping.Content[i+1]}
		if sources[0].Kind == yaml.SequenceNode {
			sources = sources[0].Content
		}
		for _, source := range sources {
			if rest, ok := mergedFrom(target(source), key, seen); ok {
				return append([]Via{newVia(ViaMerge, mapping.Content[i], source)}, rest...), true
			}
		}
	}
	return nil, false
}

// newVia describes a step from the place of an alias or a merge key to what
// source is or stands for.
func newVia(kind string, place, source *yaml.Node) Via {
	v := Via{Kind: kind, Line: place.Line, Column: place.Column, AnchorLine: target(source).Line, AnchorColumn: target(source).Column}
	if source.Kind == yaml.AliasNode {
		v.Anchor = source.Value
	}
	return v
}

// Mask returns v, the value at path, with every secret in it replaced: those
// by their keys, and those that the document has by an alias or a merge key.
func (d *Document) Mask(path tree.Path, v tree.Value) tree.Value {
	if d.Secret(path) {
		return mask
	}
	return masked(v, schema.At(path), path, d.secrets)
}

// Secret reports whether the value at path is a secret or lies in one.
func (d *Document) Secret(path tree.Path) bool { return schema.Secret(path) || d.secrets.within(path) }

// Template returns the path of the value that a peer takes from its template
// for path, in the configuration t. Pathvector takes a key of the template as a
// whole where the peer has none or a null.
func Template(t tree.Value, path tree.Path) (at tree.Path, ok bool) {
	if len(path) < 3 || path[0] != "peers" {
		return nil, false
	}
	if own, _ := tree.Lookup(t, path[:3]); own != nil {
		return nil, false
	}
	name, _ := tree.Lookup(t, tree.Path{"peers", path[1], "template"})
	template, isText := name.(string)
	if !isText {
		return nil, false
	}
	at = append(tree.Path{"templates", template}, path[2:]...)
	v, ok := tree.Lookup(t, at)
	return at, ok && v != nil
}

// Default returns what Pathvector uses where nothing sets the value at path.
// known says that path is one of Pathvector's keys; the value is nil where the
// schema names none.
func Default(path tree.Path) (value json.RawMessage, known bool) {
	n := schema.Root()
	for _, key := range path {
		if !n.Known(key) {
			return nil, false
		}
		n = n.Child(key)
	}
	return n.DefaultValue(), true
}

// Keys returns the keys that Pathvector knows in the mapping at path, in order.
func Keys(path tree.Path) []string { return schema.At(path).Keys() }
