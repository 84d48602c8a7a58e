// Package yamledit changes values in YAML text and keeps the rest of the text
// as it is: comments, blank lines, order, indentation, quotes and line breaks.
//
// Comments belong to what they stand at. With an entry that goes, the comments
// on its lines go, those right below it that are indented deeper, and those
// right above it, up to a blank line. Two kinds stay: settings that were
// switched off (# key: value), with what stands above them, and headings, which
// are comments with a line drawn with signs (#####, # ----). A blank line keeps
// what stays apart from the entry that comes next.
//
// It edits only what it can place with certainty. Everything else is refused
// by an *Error that names line and column: text whose extent is not clear,
// comments between entries that share lines, line breaks that are none to some
// readers. A new value drops the anchor and the tag of the one it replaces.
//
// What aliases and merge keys share changes in one place only. A change below
// an alias replaces that alias by what it stands for, changed. A change of a key
// that comes from a merge key sets the key in the mapping itself; one that goes
// replaces the merge key by the other keys that it brings. A change of a value
// that aliases stand for leaves these as they were: they are replaced by the
// old value, and mappings that merge it get the keys that change.
//
// Every result is checked before it is returned: what is around the edits is
// parsed again, and compared with what it must hold.
package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Document is a parsed YAML text. It does not change; Apply returns new text.
type Document struct {
	text
	root    *yaml.Node
	copied  map[*yaml.Node]*yaml.Node // what changedCopy made, and of what
	moved   bool                      // aliases stand for nodes that change in part
	anchors int                       // how many there are
	ends    map[*yaml.Node]int        // where nodes end, as far as it was asked for
	habits  *habits                   // how the file is written, once it was asked for
	indexes map[*yaml.Node]*keyIndex  // of mappings, as far as they were asked for
	nearby  map[*yaml.Node]habits     // how mappings are, as far as it was asked for
}

// Parse reads a YAML text with one document whose root is a mapping, or with
// none. It returns an *Error for anything else: syntax errors, invalid UTF-8,
// several documents, another root, and a key that one mapping holds twice.
func Parse(b []byte) (*Document, error) {
	d := newDocument(newText(string(b)), nil)
	if err := d.checkCharacters(); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	switch err := decode(dec, &doc); {
	case errors.Is(err, io.EOF):
		return d, nil
	case err != nil:
		return nil, d.syntaxError(err)
	}
	if err := d.checkSingle(dec); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 || isAbsent(doc.Content[0]) {
		return d, nil
	}
	d.root = doc.Content[0]
	if d.root.Kind != yaml.MappingNode {
		return nil, refusal(d.root.Line, d.root.Column,
			"expected a mapping (key: value) at the top level, got "+describe(d.root),
			"write the settings as key: value lines")
	}
	if d.root.Anchor != "" {
		d.anchors++
	}
	return d, d.checkKeys(d.root)
}

func newDocument(t text, root *yaml.Node) *Document {
	return &Document{text: t, root: root, ends: map[*yaml.Node]int{}, nearby: map[*yaml.Node]habits{}, indexes: map[*yaml.Node]*keyIndex{}, copied: map[*yaml.Node]*yaml.Node{}}
}

// Root returns the root mapping; nil for a text that holds no value. The
// caller must not change it.
func (d *Document) Root() *yaml.Node { return d.root }

func refusal(line, column int, problem, advice string) *Error {
	return &Error{Line: max(line, 1), Column: max(column, 1), Problem: problem, Advice: advice}
}

// decode keeps a defect of the parser from ending the process.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: the parser failed: %v", r)
		}
	}()
	return dec.Decode(n)
}

// isAbsent reports whether n stands for a value that is not written at all.
func isAbsent(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == "" && n.ShortTag() == nullTag
}

func (d *Document) checkCharacters() error {
	for i := 0; i < len(d.s); i++ {
		if c := d.s[i]; c >= ' ' && c < 0x7f || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		r, size := utf8.DecodeRuneInString(d.s[i:])
		problem, advice := "", "write it as an escape in double quotes, for example \"\\x07\""
		switch {
		case r == utf8.RuneError && size == 1:
			problem, advice = fmt.Sprintf("expected UTF-8, got the byte 0x%02x", d.s[i]), "save the file as UTF-8"
		case r <= 0x7f, r < 0xa0 && r != 0x85, r == 0xfffe, r == 0xffff:
			problem = fmt.Sprintf("expected printable text, got the control character %U", r)
		}
		if problem != "" {
			line, column := d.position(i)
			return refusal(line, column, problem, advice)
		}
		i += size - 1
	}
	return nil
}

func (d *Document) checkSingle(dec *yaml.Decoder) error {
	var second yaml.Node
	switch err := decode(dec, &second); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return d.syntaxError(err)
	}
	return refusal(second.Line, second.Column, "expected one YAML document, got the start of a second one",
		"keep one document in the file; whatever follows the second --- would be ignored")
}

// few is up to how many keys are compared one by one.
const few = 16

// checkKeys refuses keys that occur twice in one mapping. They are compared
// by their text, as the keys 1 and "1" name the same setting. The error does
// not quote them: what is indented below password: may be one. By the way it
// counts the anchors, and lets go of the comments, which are read in the text.
func (d *Document) checkKeys(n *yaml.Node) error {
	var seen map[string]*yaml.Node
	if n.Kind == yaml.MappingNode && len(n.Content) > 2*few {
		seen = make(map[string]*yaml.Node, len(n.Content)/2)
	}
	for i, c := range n.Content {
		if c.Anchor != "" {
			d.anchors++
		}
		c.HeadComment, c.LineComment, c.FootComment = "", "", ""
		if len(c.Content) > 0 {
			if err := d.checkKeys(c); err != nil {
				return err
			}
		}
		if n.Kind != yaml.MappingNode || i%2 == 1 || c.Kind != yaml.ScalarNode {
			continue
		}
		if first := firstOf(n.Content[:i], seen, c.Value); first != nil {
			return refusal(c.Line, c.Column,
				fmt.Sprintf("the key here is in this mapping already, on line %d", first.Line),
				"remove or rename one of the two")
		}
		if seen != nil {
			seen[c.Value] = c
		}
	}
	return nil
}

// firstOf finds a key by its text: in seen, or where that is nil among keys
// and values in turn.
func firstOf(content []*yaml.Node, seen map[string]*yaml.Node, text string) *yaml.Node {
	if seen != nil {
		return seen[text]
	}
	for i := 0; i < len(content); i += 2 {
		if k := content[i]; k.Kind == yaml.ScalarNode && k.Value == text {
			return k
		}
	}
	return nil
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	case yaml.AliasNode:
		return "the alias *" + n.Value
	}
	return "a single value"
}
