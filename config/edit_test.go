package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
)

var granted = Scopes{Secrets: true, Guarded: true}

// edited applies a result to a text, and checks what always holds.
func edited(t testing.TB, text, merge string) string {
	t.Helper()
	d := load(t, text)
	out, err := NewView(d.Tree(), d, granted).Apply(byMerge(merge))
	require.NoError(t, err)
	e, err := d.Edit(out.Tree)
	require.NoError(t, err)
	checkEdit(t, text, out.Tree, e)
	return string(e.Text)
}

// checkEdit holds an edit to its promise: the text parses to what it must
// hold, and everything outside of the edits is as it was.
func checkEdit(t testing.TB, text string, after tree.Value, e *Edited) {
	t.Helper()
	again, err := Parse("edge.yml", e.Text)
	require.NoError(t, err)
	require.True(t, tree.Equal(after, again.Tree()), "want %s\ngot  %s\n%s", asJSON(after), asJSON(again.Tree()), e.Text)
	require.Equal(t, splice(text, e.Edits), string(e.Text))
}

func splice(text string, edits []yamledit.Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.Start] + e.Text)
		at = e.End
	}
	return b.String() + text[at:]
}

const commented = `# the edge
asn: 65001      # ours
hostname:   'r1'

peers:
  # a transit
  Example Transit:   # with a space
    asn: 0xFDE9
    neighbors: [192.0.2.1, 2001:db8::1]  # both families
    as-prefs:
      0x10: 5   # hexadecimal
      174: 6

  B:
    tags:
      - a   # first
      - b
`

func TestEditTypes(t *testing.T) {
	tests := []struct{ name, merge, old, new string }{
		{"a number", `{"asn":65002}`, "asn: 65001 ", "asn: 65002 "},
		{"text that looks like a number", `{"hostname":"0123"}`, "'r1'", "'0123'"},
		{"below a spelled integer key", `{"peers":{"Example Transit":{"as-prefs":{"16":7}}}}`, "0x10: 5", "0x10: 7"},
		{"the spelled one of two numbers", `{"peers":{"Example Transit":{"asn":65002}}}`, "0xFDE9", "65002"},
		{"a new integer key", `{"peers":{"Example Transit":{"as-prefs":{"3356":8}}}}`, "      174: 6\n", "      174: 6\n      3356: 8\n"},
		{"one without the spelled key", `{"peers":{"Example Transit":{"as-prefs":{"16":null}}}}`, "      0x10: 5   # hexadecimal\n", ""},
		{"an item", `{"peers":{"B":{"tags":["a","b","c"]}}}`, "      - b\n", "      - b\n      - c\n"},
		{"a removed item", `{"peers":{"B":{"tags":["b"]}}}`, "      - a   # first\n", ""},
		{"a new key", `{"peers":{"B":{"disabled":true}}}`, "      - b\n", "      - b\n    disabled: true\n"},
	}
	for _, tt := range tests {
		require.Contains(t, commented, tt.old, tt.name)
		assert.Equal(t, strings.Replace(commented, tt.old, tt.new, 1), edited(t, commented, tt.merge), tt.name)
	}
}

func TestEditIntegerKeysStayIntegers(t *testing.T) {
	got := edited(t, "asn: 1\n", `{"authorized-providers":{"174":[3356]},"peers":{"X":{"asn":2,"as-prefs":{"174":5},"community-prefs":{"174":5}}}}`)
	assert.Contains(t, got, "\n  174:")
	assert.Contains(t, got, "\n      174: 5")
	assert.NotContains(t, strings.SplitN(got, "community-prefs", 2)[0], `"174"`)
}

func TestEditNothing(t *testing.T) {
	for _, text := range []string{"", "# only this", commented, "asn: 1\r\nhostname: x\r\n", "a: &a {x: 1}\nb: *a"} {
		d := load(t, text)
		e, err := d.Edit(d.Tree())
		require.NoError(t, err)
		assert.Equal(t, text, string(e.Text))
		assert.Empty(t, e.Edits)
		e, err = d.Edit(value(t, asJSON(d.Tree())))
		require.NoError(t, err)
		assert.Equal(t, text, string(e.Text))
	}
}

// Only the net difference is written: what one plugin did and another undid
// leaves no trace.
func TestEditIsNet(t *testing.T) {
	d := load(t, commented)
	there, err := NewView(d.Tree(), d, granted).Apply(byMerge(`{"asn":5,"peers":{"B":null},"new":{"a":1}}`))
	require.NoError(t, err)
	back, err := NewView(there.Tree, d, granted).Apply(byMerge(`{"asn":65001,"peers":{"B":{"tags":["a","b"]}},"new":null}`))
	require.NoError(t, err)
	e, err := d.Edit(back.Tree)
	require.NoError(t, err)
	assert.Equal(t, commented, string(e.Text))
}

func TestEditFromNothing(t *testing.T) {
	assert.Equal(t, "asn: 65001\nrouter-id: 192.0.2.1\n", edited(t, "", `{"asn":65001,"router-id":"192.0.2.1"}`))
}

// What cannot be edited is refused with its place.
func TestEditRefuses(t *testing.T) {
	tests := []struct{ name, text, merge, want string }{
		{"a secret that would be written out", "hostname: &p hunter2\nlater: *p\npeers: {A: {asn: 1, password: *p}}\n", `{"hostname":"x"}`, "edge.yml:2:1: /later: a secret stands here"},
		{"a value that contains a tag", "later: &a {x: !!str 1}\nb: *a\n", `{"b":{"y":2}}`, "edge.yml:1:15: /b: the value here has a tag"},
		{"a number that YAML has no word for", "asn: 1\nlater:\n  a: 1\n", `{"later":{"a":1e999}}`, "edge.yml:"},
	}
	for _, tt := range tests {
		d := load(t, tt.text)
		out, err := NewView(d.Tree(), d, granted).Apply(byMerge(tt.merge))
		require.NoError(t, err, tt.name)
		_, err = d.Edit(out.Tree)
		var e *Error
		if assert.ErrorAs(t, err, &e, tt.name) {
			assert.Contains(t, e.Error(), tt.want, tt.name)
			assert.Positive(t, e.Line, tt.name)
			assert.NotEmpty(t, e.Hint(), tt.name)
		}
	}
}

// What aliases and merge keys share changes in one place only.
func TestEditShared(t *testing.T) {
	const templates = "templates:\n  t: &t\n    import: no\n    as-prefs: {0x10: 5}\npeers:\n"
	tests := []struct{ name, text, merge, old, new string }{
		{"through an alias", "later: &a {x: 1}\nb: *a   # like a\n", `{"b":{"x":2}}`, "b: *a   # like a", "b: {x: 2}  # like a"},
		{"what others share", "later: &a {x: 1}\nb: *a\n", `{"later":{"x":2}}`, "later: &a {x: 1}\nb: *a", "later: &a {x: 2}\nb: {x: 1}"},
		{"over a merge key", templates + "  A:\n    <<: *t\n    asn: 1\n", `{"peers":{"A":{"import":true}}}`, "    asn: 1\n", "    asn: 1\n    import: true\n"},
		{"below a merge key", templates + "  A:\n    <<: *t\n    asn: 1\n", `{"peers":{"A":{"as-prefs":{"16":7}}}}`, "    asn: 1\n", "    asn: 1\n    as-prefs: {0x10: 7}\n"},
		{
			"without a merged key", templates + "  A:\n    <<: *t   # shared\n    asn: 1\n", `{"peers":{"A":{"import":null}}}`,
			"    <<: *t   # shared\n", "    as-prefs: {0x10: 5}\n",
		},
		{
			"what is merged", templates + "  A:\n    <<: *t\n    asn: 1\n", `{"templates":{"t":{"import":true}}}`,
			"import: no\n    as-prefs: {0x10: 5}\npeers:\n  A:\n    <<: *t\n    asn: 1\n", "import: true\n    as-prefs: {0x10: 5}\npeers:\n  A:\n    <<: *t\n    asn: 1\n    import: no\n",
		},
		{
			"a secret that others use", "hostname: &p hunter2\npeers:\n  A:\n    asn: 1\n    password: *p\n", `{"hostname":"x"}`,
			"hostname: &p hunter2\npeers:\n  A:\n    asn: 1\n    password: *p\n", "hostname: x\npeers:\n  A:\n    asn: 1\n    password: hunter2\n",
		},
	}
	for _, tt := range tests {
		require.Contains(t, tt.text, tt.old, tt.name)
		assert.Equal(t, strings.Replace(tt.text, tt.old, tt.new, 1), edited(t, tt.text, tt.merge), tt.name)
	}
}

func TestNotExactNamesThePlace(t *testing.T) {
	d := load(t, commented)
	for pointer, want := range map[string]string{
		"/peers/B/new/er": "edge.yml:14:3: /peers/B/new/er: broken",
		"/nope":           "edge.yml:2:1: /nope: broken",
	} {
		assert.EqualError(t, d.notExact(path(t, pointer), "broken"), want)
	}
	assert.EqualError(t, load(t, "").notExact(path(t, "/a"), "broken"), "edge.yml: /a: broken")
	verify := func(text, after string) error {
		_, err := d.verify(load(t, text).yaml.Root(), nil, value(t, after))
		return err
	}
	nodes, err := yamledit.Parse([]byte("asn: x"))
	require.NoError(t, err)
	_, err = d.verify(nodes.Root(), nil, d.Tree())
	require.ErrorContains(t, err, "the edited file would not load")
	require.ErrorContains(t, verify("", `{"asn":3}`), "edge.yml:2:1: /asn: this value cannot be written into the file exactly")
	err = verify("asn: 2", `{"asn":3}`)
	require.ErrorContains(t, err, "edge.yml:2:1: /asn: this value cannot be written into the file exactly")
	var e *Error
	assert.True(t, errors.As(err, &e))
}
