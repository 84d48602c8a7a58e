package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func TestHistory(t *testing.T) {
	h := History{
		{Pointer: "/peers/A/asn", Plugin: "1"},
		{Pointer: "/peers/AB", Plugin: "2"},
		{Pointer: "/peers/A", Plugin: "3"},
		{Pointer: "/peers/A/tags", Plugin: "4"},
		{Pointer: "/asn", Plugin: "5"},
		{Pointer: "/peers/A/asn", Plugin: "6"},
	}
	for pointer, want := range map[string]string{
		"/peers/A/asn": "136", "/peers/A": "1346", "/peers": "12346", "": "123456", "/peers/A/tags/0": "34", "/peers/B": "", "/as": "", "/asn": "5",
	} {
		var got strings.Builder
		for _, c := range h.At(pointer) {
			got.WriteString(c.Plugin)
		}
		assert.Equal(t, want, got.String(), pointer)
	}
}

func TestChangeOnAValueBelow(t *testing.T) {
	tests := []struct{ change, pointer, want string }{
		{"a /x 1 2", "/x", "replace 1 > 2"},
		{`a /p {"x":1,"y":2} -`, "/p/x", "remove 1 > "},
		{`a /p {"x":1,"y":2} -`, "/p/z", ""},
		{`a /p 5 {"x":{"k":1}}`, "/p/x/k", "add  > 1"},
		{`a /l [1,2] [3]`, "/l/0", "replace 1 > 3"},
		{"a /x 1 2", "/xy", ""},
		{"a /x/y 1 2", "/x", ""},
		{"a /x 1 2", "no pointer", ""},
	}
	for _, tt := range tests {
		got, ok := by(tt.change).On(tt.pointer)
		words := ""
		if ok {
			words = fmt.Sprintf("%s %s > %s", got.Op, got.Before, got.After)
			assert.Equal(t, tt.pointer, got.Pointer)
			assert.Equal(t, "a", got.Plugin)
		}
		assert.Equal(t, tt.want, words, "%s on %s", tt.change, tt.pointer)
	}
}

func TestOrigin(t *testing.T) {
	d := load(t, `asn: &n 65001
hostname: r1
base: &base
  import: true
  tags: [x, &y y]
more: &more
  <<: *base
  export: false
peers:
  A:
    <<: *more
    asn: *n
  B: *base
  C:
    <<: [*base, {local-pref: 5}]
    tags: [*y]
  D: {<<: {asn: 4}}
`)
	tests := []struct{ pointer, want string }{
		{"", "1:1"},
		{"/hostname", "2:1"},
		{"/base/tags/1", "5:13"},
		{"/peers/A/asn", "12:5 alias n 12:10 > 1:6"},
		{"/peers/A/export", "8:3 merge more 11:5 > 6:7"},
		{"/peers/A/import", "4:3 merge more 11:5 > 6:7 merge base 7:3 > 3:7"},
		{"/peers/B", "13:3 alias base 13:6 > 3:7"},
		{"/peers/B/tags/0", "5:10 alias base 13:6 > 3:7"},
		{"/peers/C/import", "4:3 merge base 15:5 > 3:7"},
		{"/peers/C/local-pref", "15:18 merge  15:5 > 15:17"},
		{"/peers/C/tags/0", "16:12 alias y 16:12 > 5:13"},
		{"/peers/D/asn", "17:12 merge  17:7 > 17:11"},
	}
	for _, tt := range tests {
		o, ok := d.Origin(path(t, tt.pointer))
		require.True(t, ok, tt.pointer)
		var words strings.Builder
		words.WriteString(fmt.Sprintf("%d:%d", o.Line, o.Column))
		for _, v := range o.Via {
			words.WriteString(fmt.Sprintf(" %s %s %d:%d > %d:%d", v.Kind, v.Anchor, v.Line, v.Column, v.AnchorLine, v.AnchorColumn))
		}
		assert.Equal(t, tt.want, words.String(), tt.pointer)
		line, column, _ := d.Position(path(t, tt.pointer))
		assert.Equal(t, []int{line, column}, []int{o.Line, o.Column}, tt.pointer)
	}
	for _, pointer := range []string{"/nope", "/peers/A/nope", "/asn/x", "/base/tags/2"} {
		_, ok := d.Origin(path(t, pointer))
		assert.False(t, ok, pointer)
	}
	_, ok := load(t, "").Origin(tree.Path{})
	assert.False(t, ok)
}

func TestMask(t *testing.T) {
	d := load(t, "hostname: &p hunter2\npeers: {A: {asn: 1, password: *p, tags: [*p]}}\nlater: {password: {k: hunter2}}\n")
	for pointer, want := range map[string]string{
		"/hostname": `"********"`, "/peers/A": `{"asn":1,"password":"********","tags":"********"}`, "/peers/A/password": `"********"`,
		"/peers/A/tags/0": `"********"`, "/later/password/k": `"********"`, "/peers/A/asn": `1`,
	} {
		v, _ := tree.Lookup(d.Tree(), path(t, pointer))
		assert.Equal(t, want, asJSON(d.Mask(path(t, pointer), v)), pointer)
	}
}

func TestTemplate(t *testing.T) {
	tr := load(t, `
templates: {t: {import: true, tags: [x], as-prefs: {1: 2}, local-pref: }, "": {asn: 1}}
peers:
  A: {template: t, tags: , as-prefs: {3: 4}, export: true}
  B: {template: nope}
  C: {asn: 1}
`).Tree()
	for pointer, want := range map[string]string{
		"/peers/A/import": "/templates/t/import", "/peers/A/tags": "/templates/t/tags", "/peers/A/tags/0": "/templates/t/tags/0",
		"/peers/A/as-prefs/1": "", "/peers/A/export": "", "/peers/A/local-pref": "", "/peers/A/asn": "",
		"/peers/B/import": "", "/peers/C/import": "", "/peers/A": "", "/peers": "", "/templates/t/import": "",
	} {
		at, ok := Template(tr, path(t, pointer))
		assert.Equal(t, want != "", ok, pointer)
		if ok {
			assert.Equal(t, want, at.String())
		}
	}
}

func TestDefault(t *testing.T) {
	tests := []struct {
		pointer, want string
		known         bool
	}{
		{"/rtr-server", `"rtr.rpki.cloudflare.com:8282"`, true},
		{"/peers/A/import", `true`, true},
		{"/templates/x/import", `true`, true},
		{"/peers/A/description", ``, true},
		{"/hostname", ``, true},
		{"/peers/A/imprt", ``, false},
		{"/nope/x", ``, false},
	}
	for _, tt := range tests {
		got, known := Default(path(t, tt.pointer))
		assert.Equal(t, tt.known, known, tt.pointer)
		assert.Equal(t, tt.want, string(got), tt.pointer)
		assert.True(t, got == nil || json.Valid(got))
	}
}
