package yamledit

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"go.yaml.in/yaml/v3"
)

// replace plans a new value in place of another one, of whatever kinds.
func (p *planner) replace(e entry, in place, parent *yaml.Node, c *change, v tree.Value) error {
	if e.mark == noMark {
		return p.replaceRoot(e, c, v)
	}
	w := p.newWriter(c)
	n := e.value
	style := n.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
	if in.flow {
		p.replaceInline(e, c.path, w.flowValue(c.path, v, style, true))
		return p.written(w, max(e.mark, e.start))
	}
	o := owner{path: c.path, column: in.indent, quotes: style, habits: p.near(parent)}
	if e.key == nil {
		o.dash = p.dashGap(e)
	}
	var inline string
	var lines []string
	w.oneLine = !p.roomBelow(e, in)
	if s, isString := v.(string); isString && n.Style&blockStyles != 0 && p.replaceBlockScalar(e, in, c.path, s) {
		return nil
	} else {
		inline, lines = w.below(o, v)
	}
	if err := p.written(w, e.start); err != nil {
		return err
	}
	return p.replaceAny(e, in, c.path, inline, lines)
}

// replaceAny puts text behind a key and lines below it, in place of a value.
func (p *planner) replaceAny(e entry, in place, path tree.Path, inline string, lines []string) error {
	n := e.value
	switch {
	case isBlock(n):
		return p.replaceCollection(e, in, path, inline, lines)
	case n.Style&blockStyles != 0:
		return p.replaceLines(e, in, path, inline, lines)
	case !p.startsOnMark(e) && len(lines) > 0:
		start := p.skipGap(e.mark)
		if inline != "" {
			p.edit(path, e.mark, e.mark, " "+inline)
			p.align(path, e.mark)
		}
		p.fill(path, p.lineStart(start), p.nextLine(e.end), lines)
		return nil
	}
	p.replaceInline(e, path, inline)
	if len(lines) > 0 {
		p.insertLines(path, p.below(e, in), lines)
	}
	return nil
}

// below returns where the lines of a value that had none go.
func (p *planner) below(e entry, in place) int {
	if isAbsent(e.value) {
		return p.bottom(e, in.indent)
	}
	return p.nextLine(e.end)
}

// replaceRoot writes the first keys in place of {} at the top level.
func (p *planner) replaceRoot(e entry, c *change, v tree.Value) error {
	start, err := p.at(e.value)
	if err != nil {
		return err
	}
	if p.sharesLine(start) {
		return p.refuse(start, "the empty mapping here does not stand on a line of its own", "move it to a line of its own")
	}
	w := p.newWriter(c)
	end := e.end
	if rest := p.skipBlanks(end); rest == p.lineEnd(end) {
		end = rest
	}
	w.oneLine = end != p.lineEnd(end) || !p.room(p.nextLine(end), end, 0)
	_, lines := w.below(owner{path: c.path}, v)
	if end == len(p.s) {
		lines = append(lines, "")
	}
	p.edit(c.path, p.lineStart(start), end, strings.Join(lines, p.newline(start)))
	return p.written(w, start)
}

// startsOnMark reports whether a value is absent or starts on the line of its
// key or dash.
func (p *planner) startsOnMark(e entry) bool {
	return isAbsent(e.value) || e.mark > 0 && p.line(e.mark) == p.line(p.skipGap(e.mark))
}

// roomBelow reports whether a block scalar can take the place of a value.
func (p *planner) roomBelow(e entry, in place) bool {
	if isBlock(e.value) {
		return p.room(p.bottom(e, in.indent), e.end, in.indent)
	}
	return p.room(p.nextLine(e.end), e.end, in.indent) && (p.startsOnMark(e) || p.fillsNextLine(e))
}

// fillsNextLine reports whether a value fills the lines right below its key or
// dash, with no comment before or behind it.
func (p *planner) fillsNextLine(e entry) bool {
	start := p.skipGap(e.mark)
	return p.lineStart(start) == p.nextLine(e.mark) && p.skipBlanks(e.end) == p.lineEnd(e.end)
}

// replaceInline replaces a value that is one span of text, or absent.
func (p *planner) replaceInline(e entry, path tree.Path, text string) {
	start, end := e.start, e.end
	if e.mark > 0 {
		start = p.skipGap(e.mark)
	}
	switch {
	case isAbsent(e.value):
		start = e.end
		if text != "" && p.s[start-1] != ' ' {
			text = " " + text
		}
		if rest := p.skipBlanks(end); rest == p.lineEnd(end) {
			end = rest
		}
		if e.key != nil && e.mark == 0 {
			text = p.colon(e) + text
		}
	case text == "" && e.mark > 0:
		start = e.mark
	}
	p.edit(path, start, end, text)
	p.align(path, e.end)
}

// colon returns the colon for a key without one: on a line of its own behind
// a long key.
func (p *planner) colon(e entry) string {
	if p.s[e.start] != '?' || !isSpace(p.byteAt(e.start+1)) {
		return ":"
	}
	return p.newline(e.start) + spaces(p.column(e.start)) + ":"
}

// replaceCollection replaces a block mapping or list: its lines go.
func (p *planner) replaceCollection(e entry, in place, path tree.Path, inline string, lines []string) error {
	b := newCollection(e, path, "")
	if err := p.open(b, e.value, in); err != nil {
		return err
	}
	if p.sharesLine(p.entry(b, 0).start) {
		return p.uncertain(p.entry(b, 0).start)
	}
	behind, err := p.behindProperties(e)
	if err != nil {
		return err
	}
	final := len(b.entries) - 1
	r, err := p.region(b, final)
	if err != nil {
		return err
	}
	r.path, r.low, r.filled = path, p.low(b, 0), len(lines) > 0
	r.start, r.end = p.commentsAbove(b, 0), p.bottom(e, in.indent)
	if inline != "" {
		inline = " " + inline
	}
	if inline != "" || behind > e.mark {
		p.edit(path, e.mark, behind, inline)
		p.align(path, behind)
	}
	if inline != "" {
		if len(lines) > 0 {
			r.start = p.nextLine(e.mark)
		}
	}
	if len(lines) > 0 {
		p.insertLines(path, r.start, lines)
	}
	p.regions = append(p.regions, r)
	return nil
}

// replaceLines replaces a literal or folded block scalar by something else.
func (p *planner) replaceLines(e entry, in place, path tree.Path, inline string, lines []string) error {
	start := p.skipGap(e.mark)
	t, err := p.block(e.value, p.skipProperties(start), in)
	if err != nil {
		return err
	}
	if inline == "" {
		start = e.mark
	}
	p.edit(path, start, t.header, inline)
	p.align(path, t.header)
	if t.content < t.end {
		p.fill(path, t.content, p.nextLine(t.end), lines)
	} else if len(lines) > 0 {
		p.insertLines(path, p.nextLine(t.header), lines)
	}
	return nil
}

// replaceBlockScalar writes a string as a block scalar where one was; it
// reports whether it could.
func (p *planner) replaceBlockScalar(e entry, in place, path tree.Path, s string) bool {
	t, err := p.block(e.value, p.skipProperties(p.skipGap(e.mark)), in)
	header, lines, ok := literal(s)
	if err != nil || !ok || t.content >= t.end {
		return false
	}
	if len(lines) == 1 && e.value.Style&yaml.FoldedStyle != 0 {
		header = ">" + header[1:]
	}
	p.edit(path, p.skipGap(e.mark), t.header, header)
	p.align(path, t.header)
	p.fill(path, t.content, p.nextLine(t.end), indented(lines, t.indent))
	return true
}

// fill replaces whole lines by others, or removes them.
func (p *planner) fill(path tree.Path, start, end int, lines []string) {
	text := strings.Join(lines, p.newline(start))
	if len(lines) > 0 {
		text += p.newline(start)
	}
	p.edit(path, start, end, text)
}
