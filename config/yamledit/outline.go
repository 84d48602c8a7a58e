package yamledit

import (
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An outline is the edited text without most of the entries of block mappings
// and lists that no edit touches. It is parsed in place of the whole text, as
// it proves as much.
//
// At the start of a line that opens an entry, all that the parser knows is the
// columns and kinds of the collections around it, and the anchors so far. If a
// run of entries is left out that has no anchor and no edit in it, and the
// parser then takes the line behind it for an entry of the same collection in
// the same column, as it did in the original text, it was in the same state
// there as in the original text in front of the run. So it would read the run
// as it did before, and what is behind the run as it does now.
type outline struct {
	*Document
	edits   []Edit
	cuts    []cut
	skipped map[*yaml.Node][]run // by the collection
}

// cut is a span of the original text that is left out, and the first node
// behind it.
type cut struct {
	start, end int
	behind     *yaml.Node
}

// run is the entries of a collection from an index up to another one.
type run struct{ from, to int }

// verifyOutline reports whether an outline of the edited text is as it should
// be, and returns the root that the whole text has.
func (d *Document) verifyOutline(want *yaml.Node, edits []Edit) (*yaml.Node, bool) {
	if want == nil || d.root == nil {
		return nil, false
	}
	o := &outline{Document: d, edits: edits, skipped: map[*yaml.Node][]run{}}
	o.walk(want)
	text, seams, ok := o.splice()
	if !ok {
		return nil, false
	}
	part, err := Parse([]byte(text))
	if err != nil {
		return nil, false
	}
	g := grafting{skipped: o.skipped, lines: map[*yaml.Node]int{}}
	for i, c := range o.cuts {
		g.lines[c.behind] = part.line(seams[i]) + 1
	}
	root := g.graft(want, part.root)
	return root, !g.failed
}

// walk finds what can be left out of a collection.
func (o *outline) walk(want *yaml.Node) {
	if !isOriginal(want) && !isChangedCopy(want) || !isBlock(want) {
		return
	}
	step := stepOf(want)
	starts := o.entryLines(want, step)
	for i := 0; i < len(starts); {
		j := i
		for j < len(starts) && starts[j] >= 0 && (j+1 == len(starts) || o.clean(want, step, j, starts)) {
			j++
		}
		if j-i > 2 {
			o.walk(want.Content[step*i+step-1])
			o.cut(want, step, run{i + 1, j - 1}, starts)
			i = j - 1
		}
		o.walk(want.Content[step*i+step-1])
		i++
	}
}

// stepOf returns how many nodes make an entry of a collection.
func stepOf(n *yaml.Node) int {
	if n.Kind == yaml.MappingNode {
		return 2
	}
	return 1
}

// entryLines returns, for every entry, the offset of its line if it is an
// original one that opens this line, and -1 for others.
func (o *outline) entryLines(want *yaml.Node, step int) []int {
	starts := make([]int, len(want.Content)/step)
	for i := range starts {
		starts[i] = -1
		first, value := want.Content[step*i], want.Content[step*i+step-1]
		if !isOriginal(first) || !isOriginal(value) {
			continue
		}
		start := o.lines[first.Line-1]
		opens := start+o.indent(start) == start+want.Column-1
		if step == 1 {
			opens = opens && o.byteAt(start+want.Column-1) == '-' && first.Column > want.Column
		} else {
			opens = opens && first.Column == want.Column
		}
		if opens {
			starts[i] = start
		}
	}
	return starts
}

// clean reports whether an entry has no edit in it, nor around it up to the
// next one, and no anchor that others could need.
func (o *outline) clean(want *yaml.Node, step, i int, starts []int) bool {
	if starts[i+1] <= starts[i] {
		return false
	}
	next := sort.Search(len(o.edits), func(k int) bool { return o.edits[k].End >= starts[i] })
	if next < len(o.edits) && o.edits[next].Start <= starts[i+1] {
		return false
	}
	if o.anchors == 0 {
		return true
	}
	return !slices.ContainsFunc(want.Content[step*i:step*i+step], anchored)
}

func anchored(n *yaml.Node) bool {
	if n.Anchor != "" {
		return true
	}
	return slices.ContainsFunc(n.Content, anchored)
}

func (o *outline) cut(want *yaml.Node, step int, r run, starts []int) {
	o.skipped[want] = append(o.skipped[want], r)
	o.cuts = append(o.cuts, cut{starts[r.from], starts[r.to], want.Content[step*r.to]})
}

// splice returns the text of the outline, and where in it the text behind each
// cut starts. It is not ok where nothing can be cut.
func (o *outline) splice() (text string, seams []int, ok bool) {
	var b strings.Builder
	at, edits := 0, o.edits
	upTo := func(end int) {
		b.WriteString(o.s[at:end])
		at = end
	}
	for _, c := range o.cuts {
		for len(edits) > 0 && edits[0].Start < c.start {
			upTo(edits[0].Start)
			b.WriteString(edits[0].Text)
			at, edits = edits[0].End, edits[1:]
		}
		if c.start < at || len(edits) > 0 && edits[0].Start < c.end {
			return "", nil, false
		}
		upTo(c.start)
		at = c.end
		seams = append(seams, b.Len())
	}
	for _, e := range edits {
		upTo(e.Start)
		b.WriteString(e.Text)
		at = e.End
	}
	upTo(len(o.s))
	return b.String(), seams, len(o.cuts) > 0
}
