package yamledit

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// collection is a mapping or a list with what is planned for its entries.
type collection struct {
	owner   entry
	node    *yaml.Node // a block mapping; nil for other collections
	path    tree.Path
	empty   string // how it is written when nothing is left
	inner   place  // of its entries
	flow    flowText
	entries []entry
	quotes  yaml.Style       // of its keys, or of its items
	removed []tree.Path      // by index; nil for an entry that stays
	inserts map[int][]insert // by the entry they follow; -1 for the front
	spaced  map[spacing]bool // what is known of it
}

func newCollection(e entry, path tree.Path, empty string) *collection {
	return &collection{owner: e, path: path, empty: empty, inserts: map[int][]insert{}, spaced: map[spacing]bool{}}
}

// insert is a new entry: lines in block style, or text in flow style.
type insert struct {
	path  tree.Path
	lines []string
	text  string
	moved bool // its lines were elsewhere in the list: one, and comments
}

// open prepares a collection. The extents of the entries of a block mapping
// are found when they are asked for, as most are not; see entry.
func (p *planner) open(b *collection, n *yaml.Node, in place) (err error) {
	switch {
	case n.Style&yaml.FlowStyle != 0:
		b.inner = place{indent: in.indent, flow: true}
		b.flow, err = p.Document.flow(n, in)
		b.entries = b.flow.entries
	case n.Kind == yaml.MappingNode:
		b.node, b.entries = n, make([]entry, len(n.Content)/2)
		for i := range b.entries {
			b.entries[i] = entry{key: n.Content[2*i], value: n.Content[2*i+1], end: unknownEnd}
		}
	default:
		b.entries, err = p.blockItems(n)
	}
	if err == nil && len(b.entries) == 0 {
		err = refusal(n.Line, n.Column, "the pair here stands in a list without braces", "put braces around it")
	}
	if err == nil && !b.inner.flow {
		b.inner = place{indent: p.column(p.entry(b, 0).start)}
		err = p.failed
	}
	b.quotes = quotesOf(n.Content, stepOf(n))
	b.removed = make([]tree.Path, len(b.entries))
	return err
}

const unknownEnd = -1

// entry returns an entry with its extent. Where that is not certain it makes
// the whole plan fail, and the extent is empty.
func (p *planner) entry(b *collection, i int) entry {
	e := &b.entries[i]
	if e.end != unknownEnd {
		return *e
	}
	found, err := p.blockPair(b.node, i)
	if err != nil && p.failed == nil {
		p.failed = err
	}
	if err != nil {
		found = entry{key: e.key, value: e.value, start: found.start, mark: found.start, end: found.start}
	}
	*e = found
	return found
}

// remove marks an entry for removal.
func (b *collection) remove(i int, path tree.Path) { b.removed[i] = path }

// lastKept returns the index of the last entry that stays, -1 for none.
func (b *collection) lastKept() int { return b.keptBefore(len(b.entries)) }

func (b *collection) keptBefore(i int) int {
	for i--; i >= 0 && b.removed[i] != nil; i-- {
	}
	return i
}

// firstKept returns the index of the first entry that stays.
func (b *collection) firstKept() int {
	i := 0
	for i < len(b.entries) && b.removed[i] != nil {
		i++
	}
	return i
}

// touched reports whether entries come or go.
func (b *collection) touched() bool {
	for _, path := range b.removed {
		if path != nil {
			return true
		}
	}
	return len(b.inserts) > 0
}

// lay turns what is planned for a collection into edits.
func (p *planner) lay(b *collection) error {
	if err := p.layAny(b); err != nil {
		return err
	}
	return p.failed
}

func (p *planner) layAny(b *collection) error {
	switch {
	case !b.touched():
		return nil
	case b.inner.flow:
		return p.layFlow(b)
	case p.sharesLine(p.entry(b, 0).start):
		return p.layShared(b)
	case b.lastKept() < 0:
		return p.layEmptied(b)
	}
	return p.layLines(b, 0)
}

// sharesLine reports whether something stands before an offset on its line.
func (p *planner) sharesLine(at int) bool {
	return strings.TrimLeft(p.s[p.lineStart(at):at], " ") != ""
}

// layLines removes and inserts whole lines, from the entry with an index on.
func (p *planner) layLines(b *collection, from int) error {
	for i := from; i < len(b.entries); i++ {
		if b.removed[i] == nil {
			continue
		}
		r, err := p.region(b, i)
		if err != nil {
			return err
		}
		followsKept := i == 0 || b.removed[i-1] == nil
		if followsKept && len(b.inserts[i-1]) > 0 {
			p.insertBlocks(b, i-1, r.start, p.commentEnds(r.start, r.low))
			r.filled = true
		} else if err := p.checkBlockAbove(b, i, r.end); err != nil {
			return err
		}
		p.regions = append(p.regions, r)
	}
	for behind := from - 1; behind < len(b.entries); behind++ {
		ins := b.inserts[behind]
		switch {
		case len(ins) == 0 || behind+1 < len(b.entries) && b.removed[behind+1] != nil:
		case behind < 0:
			p.insertBlocks(b, behind, p.commentBlock(b, 0), false)
		default:
			p.insertBlocks(b, behind, p.bottom(p.entry(b, behind), b.inner.indent), p.spaced(b, behind, ins[0]))
		}
	}
	return nil
}

// insertBlocks inserts the new entries that follow an entry, or that go to the
// front, at the start of a line: the first one behind a blank line if spaced,
// each further one as its siblings are.
func (p *planner) insertBlocks(b *collection, behind, at int, spaced bool) {
	sibling := behind
	if behind < 0 {
		sibling = b.lastKept()
	}
	for i, in := range b.inserts[behind] {
		lines := in.lines
		if spaced || i > 0 && p.spaced(b, sibling, in) {
			lines = append([]string{""}, lines...)
		}
		spaced = false
		p.insertLines(in.path, at, lines)
	}
}

// insertLines inserts whole lines in front of the line at an offset, or
// behind a last line that has no line break.
func (p *planner) insertLines(path tree.Path, at int, lines []string) {
	newline := p.newline(at)
	text := strings.Join(lines, newline)
	if at == len(p.s) && p.lineStart(at) != at {
		p.edit(path, at, at, newline+text)
		return
	}
	p.edit(path, at, at, text+newline)
}

// layEmptied lays a block collection none of whose entries stay.
func (p *planner) layEmptied(b *collection) error {
	ins := b.inserts[-1]
	switch {
	case len(ins) > 0:
		return p.layLines(b, 0)
	case b.owner.mark == noMark:
		b.inserts[-1] = []insert{{path: b.path, lines: []string{b.empty}}}
		return p.layLines(b, 0)
	}
	at, err := p.behindProperties(b.owner)
	if err != nil {
		return err
	}
	p.edit(b.path, at, at, " "+b.empty)
	p.align(b.path, at)
	return p.layLines(b, 0)
}

// behindProperties returns the offset behind the anchor and the tag of a block
// collection, which stand on the line of its key or dash; that of the mark
// without any.
func (p *planner) behindProperties(e entry) (int, error) {
	end := e.mark
	for at := p.skipBlanks(end); p.byteAt(at) == '&' || p.byteAt(at) == '!'; at = p.skipBlanks(end) {
		for end = at; !isSpace(p.byteAt(end)); {
			end++
		}
	}
	next := p.skipGap(end)
	if p.line(next) == p.line(end) || p.byteAt(next) != '&' && p.byteAt(next) != '!' {
		return end, nil
	}
	// it may be that of a key
	if at, err := p.opening(e.value); err != nil || at != next {
		return 0, p.uncertain(next)
	}
	return end, nil
}

// lastLeaf returns the node that ends last in the text of n.
func lastLeaf(n *yaml.Node) *yaml.Node {
	for len(n.Content) > 0 {
		n = n.Content[len(n.Content)-1]
	}
	return n
}

// roomForBlocks reports whether block scalars can stand behind an entry, or
// what is to go behind it.
func (p *planner) roomForBlocks(b *collection, behind int) bool {
	return p.room(p.low(b, behind+1), p.entry(b, len(b.entries)-1).end, b.inner.indent)
}

// room reports whether a block scalar below a key or dash in a column can end
// at an offset: no comment or line of spaces between it and the next entry
// behind the offset end is indented so deep that it would become its text.
func (p *planner) room(at, end, column int) bool {
	if at >= len(p.s) {
		return true
	}
	for _, start := range p.lines[p.line(at):] {
		indent := p.indent(start)
		c := p.byteAt(start + indent)
		loose := c == '#' || isSpace(c) && p.isBlank(start)
		switch {
		case start > end && !loose:
			return true
		case loose && indent > column:
			return false
		}
	}
	return true
}

func (p *planner) blankBetween(at, end int) bool {
	for ; at < end; at = p.nextLine(at) {
		if p.isBlank(at) {
			return true
		}
	}
	return false
}
