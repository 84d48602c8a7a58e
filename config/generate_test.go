package config

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// generator makes configurations as people write them, and changes to them.
type generator struct {
	*rand.Rand
	b       strings.Builder
	anchors bool // whether this one has anchors, aliases and merge keys
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7))}
	g.anchors = seed%4 == 0
	return g
}

func (g *generator) one(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g *generator) some(n int) bool { return g.IntN(n) == 0 }

// line writes a line, perhaps with a comment behind it or around it.
func (g *generator) line(indent int, text string) {
	pad := strings.Repeat(" ", indent)
	if g.some(8) {
		fmt.Fprintf(&g.b, "%s# %s\n", pad, g.one("a remark", "key: value", "- item", "\"quoted\""))
	}
	if g.some(6) && !strings.HasSuffix(text, "|") {
		text += g.one("  # why: so", " #", "\t# tab")
	}
	g.b.WriteString(pad + text + "\n")
	if g.some(10) {
		g.b.WriteString(g.one("\n", "\n\n", "   \n"))
	}
}

func (g *generator) text() string {
	return g.one("plain", "with space", "0123", "1_000", "2024-01-01", "yes", `"double: \"quoted\" # no"`, "'single ''quoted'''", "a:b#c", "65000:1:0", "ü ß", `""`, "''", "~", "a", "'null'")
}

func (g *generator) integer() string {
	return g.one("0", "1", "65001", "0x1F", "0o17", "017", "1_000", "4294967295", "4200000000")
}

func (g *generator) list(indent int, key string, item func() string) {
	n := g.IntN(4)
	if n == 0 || g.some(3) {
		items := make([]string, n)
		for i := range items {
			items[i] = strings.NewReplacer("~", "'~'").Replace(item())
		}
		sep := g.one(", ", ",  ", " , ")
		g.line(indent, key+": ["+g.one("", " ")+strings.Join(items, sep)+"]")
		return
	}
	g.line(indent, key+":")
	indent += 2 * g.IntN(2)
	for range n {
		g.line(indent, "-"+g.one(" ", "   ")+item())
	}
}

func (g *generator) peer(indent int) {
	keys := g.Perm(9)[:1+g.IntN(8)]
	for _, k := range keys {
		switch k {
		case 0:
			g.line(indent, "asn: "+g.one("1", "65001", "0xFDE9", "4200000000"))
		case 1:
			g.list(indent, "neighbors", func() string { return g.one("192.0.2.1", "2001:db8::1", "'192.0.2.2'", "fe80::1%eth0") })
		case 2:
			g.line(indent, "description: "+g.text())
		case 3:
			g.list(indent, "tags", func() string { return g.one("a", "'b c'", "0123", "\"d\"", "ix-1") })
		case 4:
			g.line(indent, "disabled: "+g.one("true", "false", "yes", "off", "~"))
		case 5:
			g.line(indent, "as-prefs:")
			for i := range 1 + g.IntN(3) {
				g.line(indent+2, fmt.Sprintf("%s: %d", []string{"174", "0x10", "3356"}[i], g.IntN(300)))
			}
		case 6:
			g.line(indent, "password: "+g.one("s3cret", `"s3:cret"`, "'#x'"))
		case 7:
			g.line(indent, "session-global: |")
			g.b.WriteString(strings.Repeat(" ", indent+2) + "interface \"x\";\n" + strings.Repeat(" ", indent+4) + "# not a comment\n")
		case 8:
			g.line(indent, "community-prefs: {"+g.one("", "'1,2': 5", "'1,2': 5, \"3:4:5\": 6")+"}")
		}
	}
}

// document returns the text of a configuration.
func (g *generator) document() string {
	g.b.Reset()
	if g.some(3) {
		g.b.WriteString("# the edge router\n\n")
	}
	sections := []func(){
		func() { g.line(0, "asn: "+g.one("65001", "0xFDE9", "4200000000")) },
		func() { g.line(0, "hostname: "+g.text()) },
		func() { g.list(0, "prefixes", func() string { return g.one("192.0.2.0/24", "\"2001:db8::/32\"") }) },
		func() { g.list(0, "transit-asns", g.integer) },
		func() { g.line(0, "stun: "+g.one("no", "false", "True")) },
		func() { g.line(0, "kernel: {learn: "+g.one("true", "no")+", statics: {192.0.2.0/24 : 203.0.113.1}}") },
		func() { g.line(0, "optimizer:"); g.line(2, "packet-loss-threshold: "+g.one("0.5", "1", ".25", "1e-2")) },
		func() {
			g.line(0, "later:")
			g.line(2, "a: "+g.text())
			g.line(2, "b: "+g.one("012", "1.50", "true", "[1, {x: y}]"))
		},
		g.templates,
		g.peers,
	}
	for _, i := range g.Perm(len(sections))[:1+g.IntN(len(sections))] {
		sections[i]()
	}
	text := g.b.String()
	switch {
	case g.some(10):
		text = strings.TrimRight(text, "\n")
	case g.some(10):
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func (g *generator) templates() {
	if g.anchors {
		g.line(0, "templates:")
		g.line(2, "t: &t {import: true, tags: &tags [a, b]}")
		return
	}
	g.line(0, "templates:"+g.one("", " {}", " ~"))
}

func (g *generator) peers() {
	g.line(0, "peers:")
	for i := range g.IntN(4) {
		g.line(2, fmt.Sprintf(g.one("Transit%d", "IX Peer %d", "'Quoted: %d'", "\"B\\t%d\"")+":", i))
		g.peer(4)
	}
}

// result returns a merge patch that changes a few values of the tree, all of
// them such as the schema takes.
func (g *generator) result(t tree.Value) tree.Value {
	patch := &tree.Object{}
	for range 1 + g.IntN(4) {
		g.change(patch, t, schema.Root())
	}
	return patch
}

var newKeys = []string{
	"asn", "hostname", "prefixes", "stun", "peers", "templates", "kernel", "authorized-providers", "later", "description", "tags",
	"neighbors", "as-prefs", "disabled", "prepends", "password", "learn", "statics", "role", "a", "x y", "1.5", "174", "yes", "ü: #",
}

// change sets a random key in the patch, of those that are there or new ones.
func (g *generator) change(patch *tree.Object, at tree.Value, n *schema.Node) {
	o, _ := at.(*tree.Object)
	key := newKeys[g.IntN(len(newKeys))]
	if o != nil && o.Len() > 0 && !g.some(3) {
		key = o.Keys()[g.IntN(o.Len())]
	}
	if n.IntegerKeys() && n.FitKey(key) != nil {
		key = fmt.Sprint(g.IntN(70000))
	}
	if !n.Known(key) && !n.Known("x") && n.Kind() != schema.Any && g.some(2) {
		return
	}
	var child tree.Value
	if o != nil {
		child, _ = o.Get(key)
	}
	if inner, ok := child.(*tree.Object); ok && !g.some(6) {
		below, _ := patch.Get(key)
		p, _ := below.(*tree.Object)
		if p == nil {
			p = &tree.Object{}
		}
		g.change(p, inner, n.Child(key))
		patch.Set(key, p)
		return
	}
	if child != nil && g.some(4) {
		patch.Set(key, nil)
		return
	}
	patch.Set(key, g.value(n.Child(key), child, 3))
}

// value returns a value that fits.
func (g *generator) value(n *schema.Node, before tree.Value, depth int) tree.Value {
	switch n.Kind() {
	case schema.Object:
		o := &tree.Object{}
		for range g.IntN(3) {
			if depth > 0 {
				g.change(o, nil, n)
			}
		}
		return o
	case schema.Array:
		return g.items(n.Item(), before)
	case schema.Integer:
		return json.Number(g.one("1", "2", "100", "200"))
	case schema.Number:
		return json.Number(g.one("0.5", "1", "2.50"))
	case schema.Boolean:
		return g.some(2)
	case schema.String:
		if n.Want() == "text" {
			return g.string()
		}
		return "peer"
	}
	return []tree.Value{g.string(), json.Number("12"), json.Number("1.50"), true, []tree.Value{"x", json.Number("5")}, &tree.Object{}}[g.IntN(6)]
}

func (g *generator) string() string {
	return g.one("new", "0123", "yes", "~", "", "a: b", "# c", "two\nlines\n", "x ", " y", "ü\t\"q\" 'p' \\", "65001", "2024-01-01", "- z", "[", "<pathvector.asn>", "\r\n", "|", "null", "1e3")
}

// items returns the list with an item more, less or other.
func (g *generator) items(n *schema.Node, before tree.Value) tree.Value {
	list, _ := before.([]tree.Value)
	out := []tree.Value{}
	for _, v := range list {
		if _, m := n.Fit(v); m == nil && !g.some(4) {
			out = append(out, v)
		}
	}
	if g.some(2) || len(out) == 0 {
		i := g.IntN(len(out) + 1)
		out = append(out[:i], append([]tree.Value{g.value(n, nil, 0)}, out[i:]...)...)
	}
	return out
}
