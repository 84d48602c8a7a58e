package yamledit_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// chooser turns the bytes of a fuzzer into decisions.
type chooser struct{ rest []byte }

func (c *chooser) n(n int) int {
	if len(c.rest) == 0 {
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return int(b) % n
}

func (c *chooser) of(options ...string) string { return options[c.n(len(options))] }

// generate writes a document in the many ways that people do.
func generate(c *chooser) string {
	g := &generator{chooser: c}
	start := c.of("", "", "# top\n\n", "---\n", "\ufeff", "# a: b\n#####\n")
	if c.n(16) != 15 {
		g.mapping(0, 0)
	}
	s := start + g.b.String() + c.of("", "", "# end\n", "\n\n", "...\n")
	if c.n(5) == 4 {
		s = strings.TrimSuffix(s, "\n")
	}
	if c.n(5) == 4 {
		s = strings.ReplaceAll(s, "\n", "\r\n")
	}
	return s
}

type generator struct {
	*chooser
	b       strings.Builder
	anchors int
}

func (g *generator) mapping(column, depth int) {
	for i := range 1 + g.n(4) + 6*(g.n(6)/5) {
		g.between(column)
		name := fmt.Sprintf("%s%d", g.of("a", "b-c", "é ", "1", "x:y"), i)
		name = g.of(name, name, name, `"`+name+`"`, "'"+name+"'")
		if g.n(64) == 63 {
			name = "? " + name + "\n" + strings.Repeat(" ", column)
		}
		g.b.WriteString(strings.Repeat(" ", column) + name + ":")
		g.value(column, depth, 1)
	}
	if g.anchors > 0 && g.n(4) == 3 {
		g.b.WriteString(strings.Repeat(" ", column) + "<<:" + g.merged() + g.comment() + "\n")
	}
}

// merged is what a merge key names.
func (g *generator) merged() string {
	one := func() string { return "*n" + strconv.Itoa(g.n(g.anchors)) }
	if g.n(4) == 0 {
		return " [" + one() + ", " + one() + "]"
	}
	return " " + one()
}

func (g *generator) list(column, depth int) {
	for range 1 + g.n(4) {
		g.between(column)
		g.b.WriteString(strings.Repeat(" ", column) + "-")
		g.value(column, depth, 0)
	}
}

// between writes blank lines and comments.
func (g *generator) between(column int) {
	indent := strings.Repeat(" ", column)
	g.b.WriteString(g.of("", "", "", "\n", indent+"# note\n", "\n"+indent+"# head\n", "# left\n", indent+"  # deep\n", indent+"#off: 1\n", "  \n", "\n\n"))
}

func (g *generator) comment() string {
	return g.of("", "", "  # c", "        # far", " # é", "\t# tab")
}

// value writes what follows a colon or a dash that stands in a column; deeper
// says how much deeper a list must be.
func (g *generator) value(column, depth, key int) {
	kind := g.n(12)
	if depth > 3 {
		kind = min(kind, 6)
	}
	prefix := g.of(" ", " ", " ", " ", "  ")
	if g.n(8) == 7 {
		prefix += fmt.Sprintf("&n%d ", g.anchors)
		g.anchors++
	}
	if g.n(40) == 39 {
		prefix += g.of("!t ", "!!str ")
	}
	inner := column + 1 + g.n(4)
	switch kind {
	case 0, 1, 2, 3:
		g.b.WriteString(prefix + g.scalar(inner) + g.comment() + "\n")
	case 4:
		g.b.WriteString(prefix + g.flow(2, inner) + g.comment() + "\n")
	case 5:
		g.block(prefix, inner)
	case 6:
		g.b.WriteString(strings.TrimRight(prefix, " ") + g.of("", "  # c") + "\n")
	case 7, 8, 9:
		g.nested(prefix, key, func() { g.mapping(inner, depth+1) }, func() { g.mapping(column+1+len(prefix), depth+1) })
	default:
		at := inner
		if key == 1 {
			at--
		}
		g.nested(prefix, key, func() { g.list(at, depth+1) }, func() { g.list(column+1+len(prefix), depth+1) })
	}
}

// nested writes a collection below its key or dash, or right behind a dash.
func (g *generator) nested(prefix string, key int, below, compact func()) {
	if key == 1 || g.n(2) == 0 || strings.ContainsAny(prefix, "&!") {
		g.b.WriteString(strings.TrimRight(prefix, " ") + g.of("", "  # c", "        # far") + "\n")
		below()
		return
	}
	g.b.WriteString(prefix)
	at := g.b.Len()
	compact()
	s := g.b.String()
	g.b.Reset()
	g.b.WriteString(s[:at] + strings.TrimLeft(s[at:], " \n"))
}

func (g *generator) scalar(indent int) string {
	lead := "\n" + strings.Repeat(" ", indent)
	alias := "*n0"
	if g.anchors == 0 {
		alias = "plain"
	} else {
		alias = "*n" + strconv.Itoa(g.n(g.anchors))
	}
	return g.of("1", "plain", "two words", `"quoted"`, "'single # it''s'", "true", "~", "0x1f", "2024-01-01", "65000:1:0",
		`"a\tb"`, lead+"next line", "some"+lead+"lines", `"some`+lead+lead+`# lines"`, "'more"+lead+"lines'", alias,
		alias, alias, "a#b", "é ü", "http://x/", "1.5", `""`, "x"+lead+lead+"y", "[]", "{}", "0123")
}

func (g *generator) flow(depth, indent int) string {
	space, comma := g.of("", " "), g.of(", ", ",", " , ", ",\n"+strings.Repeat(" ", indent), ", # c\n"+strings.Repeat(" ", indent))
	var parts []string
	list := g.n(2) == 0
	for i := range g.n(4) {
		item := g.of("a", "1", `"q"`, "'s'", "x y", "2001:db8::1", `"a, b"`, "null")
		if depth > 0 && g.n(4) == 3 {
			item = g.flow(depth-1, indent)
		}
		if !list {
			item = g.of("k", `"k`, "'k") + strconv.Itoa(i) + "" + g.of(": ", ": ", ":  ") + item
			item = closeQuote(item)
		}
		parts = append(parts, item)
	}
	body := strings.Join(parts, comma)
	if len(parts) > 0 {
		body = space + body + g.of("", "", ",") + space
	}
	if list {
		return "[" + body + "]"
	}
	return "{" + body + "}"
}

// closeQuote closes the quote that a generated key opens.
func closeQuote(item string) string {
	if item[0] == 'k' {
		return item
	}
	key, value, _ := strings.Cut(item, ":")
	return key + item[:1] + ":" + value
}

func (g *generator) block(prefix string, indent int) {
	pad := strings.Repeat(" ", indent)
	g.b.WriteString(prefix + g.of("|", "|-", "|+", ">", ">-", ">+") + g.comment() + "\n")
	for range 1 + g.n(3) {
		g.b.WriteString(pad + g.of("text", "# text", "a: b", "- x") + "\n" + g.of("", "", "\n", pad+"  deeper\n"))
	}
	g.b.WriteString(g.of("", "", "\n", pad[:indent-1]+"# less\n"))
}

var newValues = []tree.Value{
	"x", "", "no", "65000:1:0", "a: b", " #", "é", "a\nb\n", "a\nb", "a\n\n", " a\nb", "q\"'\\\t", "\u2028", "- x", "[x", "1e3", "2001:db8::1",
	true, nil, json.Number("7"), json.Number("-1.5e3"), json.Number("65000"),
	[]tree.Value{},
	[]tree.Value{"a", "no", json.Number("1")},
	[]tree.Value{"plain"},
	[]tree.Value{[]tree.Value{"a", "b"}, object("k", "v", "l", "a\nb")},
	object(), object("k", "v"), object("k", object("1", []tree.Value{"a"}), "l", "a\nb\n"), object("a0", json.Number("1"), "k0", "w"),
}

func object(pairs ...tree.Value) *tree.Object {
	o := &tree.Object{}
	for i := 0; i < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}
