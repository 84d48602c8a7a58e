package yamledit

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// Op is one change: the value at Path becomes Value, or goes away. The
// segments of Path are the text of keys, or the indices of existing list
// items in decimal. What Path lacks is made.
//
// A list becomes another one item by item, and a mapping key by key, so that
// equal parts keep their lines; a scalar that moves within a list in block
// style takes the comments that belong to it along. Equal means equal to
// Before, what the caller takes the value at Path for now; with no Before, to
// what YAML 1.2's core types say.
type Op struct {
	Path   tree.Path
	Remove bool
	Value  tree.Value
	Before tree.Value
	// Behind names keys of the same mapping, the best first: a new key goes
	// behind the first of them that is there, else behind the last key.
	Behind []string
	// IntegerKeys reports whether new keys of the mapping at a path are
	// integers, to be written without quotes. None are where it is nil.
	IntegerKeys func(tree.Path) bool
}

// Edit is one span of the original text and what stands in its place: bytes
// Start up to End, which are equal for an insertion. Path is that of the Op
// it serves, or of the new value that several of them make together.
type Edit struct {
	Path       tree.Path
	Start, End int
	Text       string
}

// Result is the outcome of Apply.
type Result struct {
	Text  []byte
	Edits []Edit // by Start and without overlap
	// Root is the root of the new text, nil where that holds no value. What did
	// not change is the nodes of the document, with the places that these had.
	// The caller must not change it.
	Root *yaml.Node
}

// Apply returns the text with all ops applied, which all refer to the document
// as parsed. No ops, or ops that change nothing, return the text as it was.
// Removing what is not there changes nothing.
//
// What cannot be edited with certainty is refused by an *Error. Any other
// error is a mistake in ops or in this package; the text was checked against
// it, and none is returned.
func (d *Document) Apply(ops []Op) (*Result, error) {
	root, err := newChange(ops)
	if err != nil {
		return nil, err
	}
	if len(ops) == 0 {
		return &Result{Text: []byte(d.s), Root: d.root}, nil
	}
	work := newDocument(d.text, d.root)
	work.anchors = d.anchors
	if err := work.checkBreaks(); err != nil {
		return nil, err
	}
	if d.root != nil {
		work.expand(d.root, root)
	}
	p, want, err := work.plan(root, ops)
	if err != nil {
		return nil, err
	}
	text, err := work.splice(p.edits)
	if err != nil {
		return nil, err
	}
	after, err := work.verify(want, p.edits, text)
	if err != nil {
		return nil, err
	}
	return &Result{Text: text, Edits: p.edits, Root: after}, nil
}

// plan returns the edits for the changes, and the root that they lead to. It
// plans again where aliases ask for more changes, each time for more of them.
func (d *Document) plan(root *change, ops []Op) (*planner, *yaml.Node, error) {
	shared := d.newSharing(root, ops)
	for {
		if shared != nil {
			shared.changed = map[*yaml.Node]*change{}
			if err := shared.localize(d.root, root); err != nil {
				return nil, nil, err
			}
		}
		p := &planner{Document: d}
		if err := p.document(root); err != nil {
			return nil, nil, err
		}
		want := d.goal(root)
		if shared != nil {
			again, err := shared.settle(want)
			if err != nil {
				return nil, nil, err
			}
			if again {
				continue
			}
		}
		p.closeGaps()
		for i := range p.edits {
			p.edits[i].Path = root.servedBy(p.edits[i].Path)
		}
		return p, want, p.checkEnd()
	}
}

// checkBreaks refuses line breaks that are none to some readers.
func (d *Document) checkBreaks() error {
	if d.odd < 0 {
		return nil
	}
	r, _ := utf8.DecodeRuneInString(d.s[d.odd:])
	return d.refuse(d.odd, fmt.Sprintf("expected lines that end in LF or CRLF, got the character %U, which is a line break to some readers only", r),
		"remove it, or write it as an escape in double quotes")
}

// checkEnd refuses to add lines behind a block scalar that the end of the
// file cuts short: its text would change.
func (p *planner) checkEnd() error {
	if p.root == nil || strings.HasSuffix(p.s, "\n") {
		return nil
	}
	n := lastLeaf(p.root)
	if n.Style&blockStyles == 0 {
		return nil
	}
	for _, e := range p.edits {
		if e.Start == len(p.s) {
			return refusal(n.Line, n.Column, "the text block here ends with the file, without a line break", "end the file with a line break")
		}
	}
	return nil
}

// splice sorts the edits and applies them.
func (d *Document) splice(edits []Edit) ([]byte, error) {
	sort.SliceStable(edits, func(i, j int) bool {
		a, b := edits[i], edits[j]
		return a.Start < b.Start || a.Start == b.Start && a.End == a.Start && b.End > b.Start
	})
	d.endLastLine(edits)
	at, size := 0, len(d.s)
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(d.s) {
			return nil, fmt.Errorf("internal error: the edits for %q overlap at byte %d", e.Path.String(), e.Start)
		}
		at = e.End
		size += len(e.Text) + e.Start - e.End
	}
	text := make([]byte, 0, size)
	at = 0
	for _, e := range edits {
		text = append(append(text, d.s[at:e.Start]...), e.Text...)
		at = e.End
	}
	return append(text, d.s[at:]...), nil
}

// endLastLine mends the edits at the end of a file whose last line has no
// line break: what was added behind that line ends with one, and does not
// begin with one if the line itself is to go.
func (d *Document) endLastLine(edits []Edit) {
	newline := d.newline(len(d.s))
	for i := range edits {
		e := &edits[i]
		if e.Start < len(d.s) || !strings.HasPrefix(e.Text, newline) || d.lineStart(len(d.s)) == len(d.s) {
			continue
		}
		if i > 0 && d.isLastLines(edits[i-1]) && edits[i-1].Text == "" {
			e.Text = e.Text[len(newline):]
		}
		if i == len(edits)-1 {
			e.Text += newline
		}
	}
}

// isLastLines reports whether an edit replaces the last lines of the text.
func (d *Document) isLastLines(e Edit) bool {
	return e.Start < len(d.s) && e.End == len(d.s) && e.Start == d.lineStart(e.Start)
}
