package config

import (
	"errors"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

// Edit returns the document's text, changed so that it holds after and
// otherwise as it was. What cannot be edited safely is refused by an *Error:
// what the edits touch has been parsed again, and the result holds exactly
// after. Without a difference it is the very same text.
//
// What is reached by an alias or a merge key changes where it is used, not
// where it is written, and what others use stays for them as it was: see
// yamledit.
func (d *Document) Edit(after tree.Value) (*Edited, error) {
	differences := tree.Diff(d.tree, after)
	if len(differences) == 0 {
		return &Edited{Text: d.text, before: d, root: d.yaml.Root(), tree: d.tree, secrets: d.secrets}, nil
	}
	ops := make([]yamledit.Op, 0, len(differences))
	for _, diff := range differences {
		ops = append(ops, yamledit.Op{
			Path: d.written(diff.Path), Remove: diff.Op == tree.Remove, Value: diff.After, Before: diff.Before,
			Behind:      behind(diff.Path),
			IntegerKeys: func(p tree.Path) bool { return schema.At(p).IntegerKeys() },
		})
	}
	result, err := d.yaml.Apply(ops)
	var refused *yamledit.Error
	switch {
	case errors.As(err, &refused):
		return nil, d.located(err)
	case err != nil:
		return nil, d.notExact(differences[0].Path, "this cannot be written into the file: "+err.Error())
	}
	secrets, err := d.verify(result.Root, differences, after)
	if err != nil {
		return nil, err
	}
	for i := range result.Edits {
		result.Edits[i].Path = typedPath(result.Edits[i].Path)
	}
	return &Edited{Text: result.Text, Edits: result.Edits, before: d, root: result.Root, tree: after, secrets: secrets}, nil
}

// typedPath is the inverse of written: it returns the path with integer keys
// in decimal.
func typedPath(path tree.Path) tree.Path {
	n, out := schema.Root(), make(tree.Path, len(path))
	for i, seg := range path {
		out[i] = seg
		if text, ok := wholeNumber(&yaml.Node{Kind: yaml.ScalarNode, Value: seg}); ok && n.IntegerKeys() {
			out[i] = text
		}
		n = n.Child(seg)
	}
	return out
}

// behind says where a new top-level key goes: a file's sections give its end
// no meaning. Elsewhere it goes to the end, among its likes.
func behind(path tree.Path) []string {
	if len(path) != 1 {
		return nil
	}
	return schema.Before(path[0])
}

// verify types the root of the edited text, which was parsed, and compares it
// with what the text must hold. It returns its secrets by alias or merge key.
func (d *Document) verify(root *yaml.Node, differences []tree.Difference, after tree.Value) (pointers, error) {
	again, found := tree.Value(&tree.Object{}), pointers{}
	if root != nil {
		t := newTyper(d.file)
		found = t.found
		t.findSecrets(root)
		t.known = d.known(differences)
		var err error
		again, err = t.value(root, schema.Root())
		var broken *Error
		if errors.As(err, &broken) {
			return nil, d.notExact(tree.Path{}, "the edited file would not load: "+broken.Problem)
		}
	}
	if left := tree.Diff(again, after); len(left) > 0 {
		return nil, d.notExact(left[0].Path, "this value cannot be written into the file exactly")
	}
	return found, d.keepsSecrets(found, after)
}

// keepsSecrets refuses an edit that would write a secret out in place of an
// alias where no key's name tells that it is one. found is the secrets by alias
// or merge key in the edited text.
func (d *Document) keepsSecrets(found pointers, after tree.Value) error {
	for _, pointer := range slices.Sorted(maps.Keys(d.secrets)) {
		path, err := tree.ParsePointer(pointer)
		if err != nil || schema.Secret(path) || found.within(path) {
			continue
		}
		was, _ := tree.Lookup(d.tree, path)
		if v, there := tree.Lookup(after, path); there && tree.Equal(was, v) {
			return d.notExact(path, "a secret stands here by an alias, and would be written out as if it was none")
		}
	}
	return nil
}

// known returns the values of the nodes around the differences that no alias
// leads to or into. Where the edited text has the very same node it has the
// same value. It knows none in a document with secrets by alias, all of which
// have to be met again.
func (d *Document) known(differences []tree.Difference) map[*yaml.Node]tree.Value {
	if len(d.secrets) > 0 {
		return nil
	}
	known, seen := map[*yaml.Node]tree.Value{}, map[*yaml.Node]bool{}
	for _, diff := range differences {
		at, n, here := d.yaml.Root(), schema.Root(), tree.Value(d.tree)
		for _, seg := range diff.Path {
			o, ok := here.(*tree.Object)
			if at == nil || !ok {
				break
			}
			if !seen[at] {
				seen[at] = true
				d.knownBelow(at, n, o, known)
			}
			_, at = d.step(at, n, seg)
			n, here = n.Child(seg), field(o, seg)
		}
	}
	return known
}

func field(o *tree.Object, key string) tree.Value {
	v, _ := o.Get(key)
	return v
}

func (d *Document) knownBelow(at *yaml.Node, n *schema.Node, o *tree.Object, known map[*yaml.Node]tree.Value) {
	if at.Kind != yaml.MappingNode || merging(at) {
		return
	}
	t := newTyper(d.file)
	for i := 0; i+1 < len(at.Content); i += 2 {
		name, err := t.name(at.Content[i], n)
		v, ok := o.Get(name)
		if value := at.Content[i+1]; err == nil && ok && !(d.aliased && anchored(value)) {
			known[value] = v
		}
	}
}

// anchored reports whether an alias can lead to a node or into it.
func anchored(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, anchored)
}

// notExact is the error for an edit that went wrong. It names the place that
// the value has in the file, or would have.
func (d *Document) notExact(path tree.Path, problem string) error {
	e := &Error{File: d.file, Pointer: path.String(), Problem: problem, Advice: "make this change by hand"}
	for at := path; ; at = at[:len(at)-1] {
		line, column, ok := d.Position(at)
		if ok {
			e.Line, e.Column = line, column
			return e
		}
		if len(at) == 0 {
			return e
		}
	}
}

// written returns the path with integer keys as the file has them: 0xAE for
// 174.
func (d *Document) written(path tree.Path) tree.Path {
	at, n := d.yaml.Root(), schema.Root()
	out := make(tree.Path, len(path))
	for i, seg := range path {
		out[i] = seg
		if at != nil {
			key, value := d.step(target(at), n, seg)
			if value != nil && n.IntegerKeys() {
				out[i] = target(key).Value
			}
			at = value
		}
		n = n.Child(seg)
	}
	return out
}
