package yamledit

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

const blockStyles = yaml.LiteralStyle | yaml.FoldedStyle

func (d *Document) scalarEnd(n *yaml.Node, start int, p place) (int, error) {
	if n.Value == "" && n.Style&^yaml.TaggedStyle == 0 {
		if p.flow {
			return 0, d.uncertain(start) // a comma could be part of the tag
		}
		return d.emptyEnd(start)
	}
	at := d.skipProperties(start)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return d.quotedEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return d.quotedEnd(at, '\'')
	case n.Style&blockStyles != 0:
		b, err := d.block(n, at, p)
		return b.end, err
	}
	return d.plainEnd(n, at, p)
}

// emptyEnd is the end of a value that is nothing but an anchor or a tag.
func (d *Document) emptyEnd(start int) (int, error) {
	end := start
	for at := start; d.byteAt(at) == '&' || d.byteAt(at) == '!'; at = d.skipBlanks(end) {
		for end = at; !isSpace(d.byteAt(end)); {
			end++
		}
	}
	if next := d.byteAt(d.skipGap(end)); end == start || next == '&' || next == '!' {
		return 0, d.uncertain(start)
	}
	return end, nil
}

// quotedEnd returns the offset behind the closing quote.
func (d *Document) quotedEnd(at int, quote byte) (int, error) {
	if d.byteAt(at) != quote {
		return 0, d.uncertain(at)
	}
	for i := at + 1; i < len(d.s); i++ {
		switch {
		case d.s[i] == '\\' && quote == '"':
			i++
		case d.s[i] != quote:
		case quote == '\'' && d.byteAt(i+1) == quote:
			i++
		default:
			return i + 1, nil
		}
	}
	return 0, d.uncertain(at)
}

// plainEnd finds the end of a plain scalar; one of several lines is joined
// again as YAML does it and compared with the value.
func (d *Document) plainEnd(n *yaml.Node, at int, p place) (int, error) {
	if p.flow && strings.HasSuffix(n.Value, ":") {
		return 0, d.uncertain(at) // what follows decides whether it is a key
	}
	if end := at + len(n.Value); strings.HasPrefix(d.s[at:], n.Value) && d.plainStops(end, p.flow) {
		return end, nil
	}
	end := d.plainLineEnd(at, p.flow)
	for {
		next := d.skipBlanks(end)
		for next < len(d.s) && isSpace(d.s[next]) {
			next++
		}
		if next >= len(d.s) || next == d.skipBlanks(end) || d.s[next] == '#' || !p.flow && d.column(next) <= p.indent {
			break
		}
		more := d.plainLineEnd(next, p.flow)
		if more == next {
			break
		}
		end = more
	}
	if foldPlain(d.s[at:end]) != n.Value {
		return 0, d.uncertain(at)
	}
	return end, nil
}

// plainStops reports whether a plain scalar can end at an offset.
func (d *Document) plainStops(at int, flow bool) bool {
	c := d.byteAt(at)
	if isSpace(c) || flow && strings.IndexByte(",[]{}?", c) >= 0 {
		return true
	}
	next := d.byteAt(at + 1)
	return c == ':' && (isSpace(next) || flow && strings.IndexByte(",[]{}", next) >= 0)
}

// plainLineEnd returns where the plain text that starts at an offset ends on
// its line, without white space at the end.
func (d *Document) plainLineEnd(at int, flow bool) int {
	stop := d.lineEnd(at)
	for i := at; i < stop; i++ {
		c := d.s[i]
		if c == '#' && i > at && isSpace(d.s[i-1]) || c != ' ' && c != '\t' && d.plainStops(i, flow) {
			stop = i
		}
	}
	return at + len(strings.TrimRight(d.s[at:stop], " \t\r"))
}

// foldPlain joins the lines of a plain scalar: a line break is a space, and
// each empty line after it a line break.
func foldPlain(s string) string {
	var b strings.Builder
	empty := 0
	for i, line := range strings.Split(s, "\n") {
		line = strings.Trim(line, " \t\r")
		switch {
		case i == 0:
		case line == "":
			empty++
			continue
		case empty > 0:
			b.WriteString(strings.Repeat("\n", empty))
		default:
			b.WriteByte(' ')
		}
		empty = 0
		b.WriteString(line)
	}
	return b.String()
}

// blockText is the extent of a literal or folded block scalar.
type blockText struct {
	header  int // just behind the | or > and its indicators
	content int // start of the first content line; the end where there is none
	end     int // behind the last character
	indent  int // of the content, in spaces
}

// block finds the lines of a block scalar: those indented deeper than what is
// around it. What they hold is compared with the value.
func (d *Document) block(n *yaml.Node, at int, p place) (blockText, error) {
	if c := d.byteAt(at); c != '|' && c != '>' {
		return blockText{}, d.uncertain(at)
	}
	b := blockText{header: at + 1}
	keep := false
	for ; strings.IndexByte("+-123456789", d.byteAt(b.header)) >= 0; b.header++ {
		switch c := d.s[b.header]; c {
		case '+':
			keep = true
		case '-':
		default:
			b.indent = p.indent + int(c-'0')
		}
	}
	if !isSpace(d.byteAt(b.header)) {
		return b, d.uncertain(at)
	}
	b.content, b.end = d.nextLine(at), b.header
	var lines []string
	for start := b.content; start < len(d.s); start = d.nextLine(start) {
		indent, blank := d.indent(start), d.lineEnd(start)-start == d.indent(start)
		if b.indent == 0 && !blank {
			b.indent = max(indent, p.indent+1)
		}
		if !blank && indent < b.indent {
			break
		}
		if !blank || indent > b.indent && b.indent > 0 || keep {
			b.end = d.lineEnd(start)
		}
		lines = append(lines, d.s[min(start+b.indent, d.lineEnd(start)):d.lineEnd(start)])
	}
	if b.end == b.header {
		b.content = b.end
	}
	if squeeze(strings.Join(lines, "\n")) != squeeze(n.Value) || n.Style&yaml.LiteralStyle != 0 && !sameLines(lines, n.Value) {
		return b, d.uncertain(at)
	}
	return b, nil
}

// sameLines compares content lines with a value; line breaks at the end are
// the header's business.
func sameLines(lines []string, value string) bool {
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") == strings.TrimRight(value, "\n")
}

// squeeze removes what folding changes.
func squeeze(s string) string {
	return strings.NewReplacer("\n", "", " ", "").Replace(s)
}
