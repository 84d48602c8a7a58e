package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// piece is a difference of whole lines, with the changes behind it.
type piece struct {
	udiff.Edit
	line    int   // where it starts, from 1
	changes []int // in order
}

// pieces are the differences of the text, in order. They are made edit by edit
// and not from the whole texts, so that it is known what each one is for.
func (r *result) pieces() []piece {
	var out []piece
	before, net := string(r.Document.Text()), r.netTree()
	line, counted := 1, 0
	for first := 0; first < len(r.edited.Edits); {
		start, end, next, text := r.wholeLines(before, first)
		var changes []int
		for _, e := range r.edited.Edits[first:next] {
			changes = append(changes, net.along(e.Path)...)
		}
		changes = ascending(changes)
		for _, e := range udiff.Lines(before[start:end], text) {
			e.Start, e.End = e.Start+start, e.End+start
			line += strings.Count(before[counted:e.Start], "\n")
			counted = e.Start
			out = append(out, piece{e, line, changes})
		}
		first = next
	}
	return out
}

// wholeLines joins the edit with the index first and those that touch the same
// lines: text stands in place of the lines from start to end. The edit next is
// the first one behind.
func (r *result) wholeLines(before string, first int) (start, end, next int, text string) {
	start = strings.LastIndex(before[:r.edited.Edits[first].Start], "\n") + 1
	at, made := start, []byte(nil)
	for next = first; next < len(r.edited.Edits); next++ {
		e := r.edited.Edits[next]
		if next > first && strings.LastIndex(before[:e.Start], "\n")+1 > end {
			break
		}
		made = append(append(made, before[at:e.Start]...), e.Text...)
		at = e.End
		if end = at; !endsLine([]byte(before[:at])) || !endsLine(made) {
			end = len(before)
			if i := strings.IndexByte(before[at:], '\n'); i >= 0 {
				end = at + i + 1
			}
		}
	}
	return start, end, next, string(made) + before[at:end]
}

func endsLine(text []byte) bool { return len(text) == 0 || text[len(text)-1] == '\n' }

// netTree holds, at each place where the configuration differs in the end, the
// changes that led there.
func (r *result) netTree() *branch {
	all, net := &branch{}, &branch{}
	for i, c := range r.Changes {
		b := all.at(pathOf(c.Pointer))
		b.changes = append(b.changes, i)
	}
	for _, d := range tree.Diff(r.Document.Tree(), r.Tree) {
		for _, leaf := range d.Leaves() {
			b := net.at(leaf.Path)
			b.changes = r.touching(leaf.Path)
			if leaf.Op != tree.Remove {
				b.changes = all.along(leaf.Path)
			}
		}
	}
	return net
}

// at returns the branch at a path below b, and makes it where it is missing.
func (b *branch) at(path tree.Path) *branch {
	for _, key := range path {
		b = b.child(key)
	}
	return b
}

// along returns the changes at a path, on the way to it, and below it.
func (b *branch) along(path tree.Path) []int {
	out := slices.Clone(b.changes)
	for _, key := range path {
		next, ok := b.index[key]
		if !ok {
			return out
		}
		b = next
		out = append(out, b.changes...)
	}
	for _, c := range b.below {
		out = append(out, c.all()...)
	}
	return out
}

func (b *branch) all() []int {
	out := slices.Clone(b.changes)
	for _, c := range b.below {
		out = append(out, c.all()...)
	}
	return out
}

// cutPieces takes off those that start before a line or at it.
func cutPieces(pieces []piece, line int) (own, rest []piece) {
	n := 0
	for n < len(pieces) && pieces[n].line <= line {
		n++
	}
	return pieces[:n], pieces[n:]
}

// mostNotes is how many values that two plugins set a hunk's first line names.
const mostNotes = 3

// makers names the plugins behind pieces in the order they ran, and says where
// one of them changed what another had set.
func (r *result) makers(pieces []piece) string {
	var changes []int
	for _, p := range pieces {
		changes = append(changes, p.changes...)
	}
	text := r.makersOf(changes)
	var notes []string
	for _, i := range ascending(changes) {
		c := r.Changes[i]
		if over, _ := r.overlapNames(i, pathOf(c.Pointer)); len(over) > 0 {
			notes = append(notes, fmt.Sprintf("%s overwrites %s at %s", c.Plugin, strings.Join(over, " and "), c.Pointer))
		}
	}
	if len(notes) > mostNotes {
		notes = append(notes[:mostNotes], fmt.Sprintf("%d more", len(notes)-mostNotes))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return text
}

// makersOf names the plugins of changes in the order they ran.
func (r *result) makersOf(changes []int) string {
	var names []string
	for _, i := range ascending(changes) {
		if name := r.Changes[i].Plugin; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// ascending sorts and takes out what is there twice.
func ascending(changes []int) []int {
	out := slices.Clone(changes)
	slices.Sort(out)
	return slices.Compact(out)
}
