package yamledit

import (
	"strconv"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// grafting compares what a text must hold with what it was parsed into, and
// makes its tree of the original nodes and of those that are new.
type grafting struct {
	skipped map[*yaml.Node][]run // see outline; nil where all of the text was parsed
	lines   map[*yaml.Node]int   // on which line a node must be
	path    tree.Path            // of the first difference, last segment first
	failed  bool
}

// graft returns the node of the edited text that want stands for: want itself
// where that is an original node, else a new one. got is what was parsed.
func (g *grafting) graft(want, got *yaml.Node) *yaml.Node {
	if want == nil || got == nil {
		g.failed = want != got
		return nil
	}
	if !same(want, got) || !g.inPlace(want, got) {
		g.failed = true
		return nil
	}
	content, next, runs := make([]*yaml.Node, 0, len(want.Content)), 0, g.skipped[want]
	for i := 0; i < len(want.Content); i++ {
		if len(runs) > 0 && i == stepOf(want)*runs[0].from {
			end := stepOf(want) * runs[0].to
			content = append(content, want.Content[i:end]...)
			i, runs = end, runs[1:]
		}
		if next == len(got.Content) {
			g.failed = true
			return nil
		}
		child := g.graft(want.Content[i], got.Content[next])
		if g.failed {
			g.path = append(g.path, segment(want, i))
			return nil
		}
		content = append(content, child)
		next++
	}
	if g.failed = next < len(got.Content); g.failed || isOriginal(want) {
		return want
	}
	out := *got
	out.Content = content
	return &out
}

// inPlace reports whether a node stands where an outline needs it to.
func (g *grafting) inPlace(want, got *yaml.Node) bool {
	line, behindCut := g.lines[want]
	switch {
	case g.skipped == nil:
		return true
	case behindCut:
		return got.Line == line && got.Column == want.Column
	}
	return want.Column == 0 || !isBlock(want) || got.Column == want.Column
}

// segment names the part of a collection that holds the node with an index.
func segment(n *yaml.Node, i int) string {
	if n.Kind == yaml.MappingNode {
		return n.Content[i/2*2].Value
	}
	return strconv.Itoa(i)
}

// same reports whether two nodes hold the same, apart from what is below them.
func same(want, got *yaml.Node) bool {
	return want.Kind == got.Kind && want.Anchor == got.Anchor && want.Value == got.Value &&
		(want.Kind == yaml.AliasNode || want.ShortTag() == got.ShortTag())
}
