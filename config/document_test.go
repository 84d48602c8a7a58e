package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func load(t testing.TB, text string) *Document {
	t.Helper()
	d, err := Parse("edge.yml", []byte(text))
	require.NoError(t, err, text)
	return d
}

func asJSON(v tree.Value) string { return string(tree.Append(nil, v)) }

func path(t testing.TB, pointer string) tree.Path {
	t.Helper()
	p, err := tree.ParsePointer(pointer)
	require.NoError(t, err)
	return p
}

// TYP-1 to TYP-5: how YAML becomes JSON, by the key.
func TestTyping(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"empty", "", `{}`},
		{"comments", "# nothing\n", `{}`},
		{"a plain scalar keeps its text (TYP-1)", "hostname: 0123", `{"hostname":"0123"}`},
		{"a date", "hostname: 2024-01-01", `{"hostname":"2024-01-01"}`},
		{"underscores", "hostname: 1_000", `{"hostname":"1_000"}`},
		{"a YAML 1.1 boolean", "hostname: yes", `{"hostname":"yes"}`},
		{"a boolean", "hostname: True", `{"hostname":"True"}`},
		{"a float", "hostname: 1.10", `{"hostname":"1.10"}`},
		{"base 60", "prefixes: [65000:1:0]", `{"prefixes":["65000:1:0"]}`},
		{"quotes", `prefixes: ["0123", '0x1F', "~"]`, `{"prefixes":["0123","0x1F","~"]}`},
		{"block scalars", "global-config: |\n  a\n   b\nhostname: >-\n  c\n  d\n", `{"global-config":"a\n b\n","hostname":"c d"}`},
		{"plain over lines", "hostname: a\n  b", `{"hostname":"a b"}`},
		{"a foreign tag", "peers: {X: {password: !vault abc}}", `{"peers":{"X":{"password":"abc"}}}`},
		{"a string tag", "hostname: !!str 5", `{"hostname":"5"}`},
		{"binary", "hostname: !!binary YWJj", `{"hostname":"abc"}`},
		{"integers (TYP-2)", "asn: 65001", `{"asn":65001}`},
		{"hexadecimal", "asn: 0xFDE9", `{"asn":65001}`},
		{"octal", "asn: 0o176751", `{"asn":65001}`},
		{"leading zero", "asn: 0176751", `{"asn":65001}`},
		{"leading zero, no octal", "peers: {X: {local-pref: 089}}", `{"peers":{"X":{"local-pref":89}}}`},
		{"binary number", "asn: 0b101", `{"asn":5}`},
		{"separators", "asn: 65_001", `{"asn":65001}`},
		{"signs", "peers: {X: {local-pref: -5, local-pref4: +5, local-pref6: -0x10}}", `{"peers":{"X":{"local-pref":-5,"local-pref4":5,"local-pref6":-16}}}`},
		{"an exponent", "peers: {X: {import-limit4: 1e6}}", `{"peers":{"X":{"import-limit4":1000000}}}`},
		{"beyond float", "irr-query-timeout: 18446744073709551615", `{"irr-query-timeout":18446744073709551615}`},
		{"an integer by its tag", `asn: !!int "65001"`, `{"asn":65001}`},
		{"integer keys (TYP-3)", "authorized-providers: {174: [3356], 0x10: [1], 1_0: []}", `{"authorized-providers":{"174":[3356],"16":[1],"10":[]}}`},
		{"booleans (TYP-4)", "stun: yes\nno-accept: off\nno-announce: TRUE\nkeep-filtered: n", `{"stun":true,"no-accept":false,"no-announce":true,"keep-filtered":false}`},
		{"a quoted yes, which the parser takes", `stun: "yes"`, `{"stun":true}`},
		{"null (TYP-4)", "asn:\nhostname: ~\npeers: null\nlater: [a, ~]\nkernel:", `{"asn":null,"hostname":null,"peers":null,"later":["a",null],"kernel":null}`},
		{"a float key", "optimizer: {packet-loss-threshold: 00.5_0}", `{"optimizer":{"packet-loss-threshold":0.50}}`},
		{"an integer as float", "optimizer: {packet-loss-threshold: 0x10}", `{"optimizer":{"packet-loss-threshold":16}}`},
		{"floats without a digit", "optimizer: {packet-loss-threshold: -.5}", `{"optimizer":{"packet-loss-threshold":-0.5}}`},
		{"a point at the end", "optimizer: {packet-loss-threshold: +5.}", `{"optimizer":{"packet-loss-threshold":5}}`},
		{"a float by its tag", "optimizer: {packet-loss-threshold: !!float 0x10}", `{"optimizer":{"packet-loss-threshold":16}}`},
		{
			"unknown keys by YAML alone", "later: {a: 012, b: yes, c: 1.50, d: 2024-01-01, e: ~, f: [0x1F, true, \"1\"], 8: x, g: 99999999999999999999, h: 1e400}",
			`{"later":{"a":10,"b":"yes","c":1.50,"d":"2024-01-01","e":null,"f":[31,true,"1"],"8":"x","g":99999999999999999999,"h":"1e400"}}`,
		},
		{"order of keys (TYP-5)", "z: 1\nasn: 2\na: 3", `{"z":1,"asn":2,"a":3}`},
		{"plugins are text", "plugins: {a: 5, b: ~, c: \"x: 1\"}", `{"plugins":{"a":"5","b":null,"c":"x: 1"}}`},
		{"an alias is typed where it is used", "hostname: &h 0123\npeers: {X: {prepends: *h, description: *h}}", `{"hostname":"0123","peers":{"X":{"prepends":83,"description":"0123"}}}`},
		{
			"a merge key (TYP-5)", "templates: {t: &t {asn: 1, import: no}}\npeers: {X: {export: no, <<: *t, asn: 2}}",
			`{"templates":{"t":{"asn":1,"import":false}},"peers":{"X":{"export":false,"asn":2,"import":false}}}`,
		},
		{"the earlier of merged mappings wins", "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}", `{"a":{"x":1,"y":1},"b":{"y":2,"z":2},"c":{"z":3,"x":1,"y":1}}`},
		{"nested merges", "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\nd: {<<: {x: 5}}", `{"a":{"x":1,"y":1},"b":{"y":2,"x":1},"c":{"y":2,"x":1},"d":{"x":5}}`},
		{"a quoted << is a key", "a: {\"<<\": 1}", `{"a":{"<<":1}}`},
		{"an alias as key", "a: &k name\nb: {*k : 1}", `{"a":"name","b":{"name":1}}`},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, asJSON(load(t, tt.yaml).Tree()), tt.name)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, yaml, want, hint string }{
		{"a quoted number", "asn: \"65001\"", `edge.yml:1:6: /asn: expected a whole number, got the quoted text "65001"`, "write 65001 without quotes"},
		{"an AS number with a point", "# x\nasn: 1.10", `edge.yml:2:6: /asn: expected a whole number, got "1.10"`, "Pathvector would drop what stands after the point"},
		{"even when it is whole", "asn: 1.0", `edge.yml:1:6: /asn: expected a whole number, got "1.0"`, "whole number"},
		{"a fraction by exponent", "asn: 1e-1", `/asn: expected a whole number, got "1e-1"`, "whole number"},
		{"a word", "peers:\n  X:\n    prepends: two", `edge.yml:3:15: /peers/X/prepends: expected a whole number, got "two"`, "whole number"},
		{"too large", "asn: 9223372036854775808", `/asn: expected a whole number that Pathvector can hold, got "9223372036854775808"`, "in range"},
		{"larger still", "asn: 99999999999999999999", `/asn: expected a whole number`, ""},
		{"negative where none can be", "irr-query-timeout: -1", `/irr-query-timeout: expected a whole number that Pathvector can hold, got "-1"`, "in range"},
		{"an item", "transit-asns:\n  - 174\n  - \"701\"", `edge.yml:3:5: /transit-asns/1: expected a whole number, got the quoted text "701"`, "without quotes"},
		{"an AS number beyond 32 bits", "transit-asns: [4294967296]", `/transit-asns/0: expected a whole number that Pathvector can hold`, "in range"},
		{"a placeholder", "asn: {YOUR-ASN}", `edge.yml:1:6: /asn: expected a whole number, got the mapping {YOUR-ASN}`, "put the value in place of {YOUR-ASN}"},
		{"a placeholder for text", "router-id: {ID}", `expected text, got the mapping {ID}`, "put the value in place"},
		{"a mapping for text", "router-id: {a: 1, b: 2}", `expected text, got a mapping`, "in quotes"},
		{"a list for text", "hostname: [a]", `expected text, got a list`, "in quotes"},
		{"text for a list", "prefixes: 192.0.2.0/24", `edge.yml:1:11: /prefixes: expected a list, got a text`, "in brackets"},
		{"a list for a mapping", "peers: [a]", `/peers: expected a mapping, got a list`, "write a mapping"},
		{"text for a mapping", "kernel: yes", `/kernel: expected a mapping, got a text`, "below it"},
		{"a number for a mapping", "kernel: 5", `/kernel: expected a mapping, got a number`, "below it"},
		{"true for a list", "prefixes: true", `/prefixes: expected a list, got true or false`, "in brackets"},
		{"an empty item", "prefixes: [~, a]", `edge.yml:1:12: /prefixes/0: expected text, got an empty item`, "remove the item"},
		{"an empty item in a block", "asn: 1\npeers:\n  A:\n    neighbors:\n      - 192.0.2.1\n      -\n", `edge.yml:6:8: /peers/A/neighbors/1: expected text, got an empty item`, "leave it out"},
		{"an empty item by alias", "later: &n null\ntransit-asns: [174, *n]", `edge.yml:2:21: /transit-asns/1: expected a whole number, got an empty item`, "remove"},
		{"no boolean", "stun: 1", `/stun: expected true or false, got "1"`, "without quotes"},
		{"a quoted true", `stun: "true"`, `/stun: expected true or false, got the quoted text "true"`, "without quotes"},
		{"a quoted float", `optimizer: {packet-loss-threshold: "0.5"}`, `expected a number, got the quoted text "0.5"`, "without quotes"},
		{"an infinite one", "optimizer: {packet-loss-threshold: .inf}", `expected a finite number, got ".inf"`, "JSON"},
		{"an infinite unknown one", "later: [1, -.Inf]", `edge.yml:1:12: /later/1: expected a finite number, got "-.Inf"`, "JSON"},
		{"not a number", "later: .nan", `expected a finite number, got ".nan"`, "JSON"},
		{"a quoted integer key", "authorized-providers:\n  \"174\": [1]", `edge.yml:2:3: /authorized-providers: expected a key that is a whole number from 0 to 4294967295, got the quoted text "174"`, "write 174 without quotes"},
		{"an integer key that is none", "peers: {X: {as-prefs: {AS174: 1}}}", `expected a key that is a whole number`, "in decimal"},
		{"one that is too large", "peers: {X: {as-prefs: {4294967296: 1}}}", `expected a key that is a whole number`, "quotes"},
		{"two spellings of a key", "authorized-providers: {16: [], 0x10: []}", `edge.yml:1:32: /authorized-providers: the key "16" stands twice`, "one of the two"},
		{"an empty key", "peers:\n  ~: {asn: 1}", `edge.yml:2:3: /peers: expected a key, got an empty one`, "quotes"},
		{"a complex key", "later: {[a]: 1}", `/later: expected a key that is text, got a list`, "plain word"},
		{"a tag that does not fit", "hostname: !!int abc", `/hostname: expected a value that fits its tag !!int, got "abc"`, "leave out the tag"},
		{"binary that is none", "hostname: !!binary '*'", `/hostname: expected a value that fits its tag !!binary`, "tag"},
		{"binary that is no text", "hostname: !!binary /w==", `/hostname: expected text, got binary data`, "UTF-8"},
		{"a NUL", `hostname: "a\0b"`, `/hostname: the text holds a NUL`, "leave out"},
		{"a plugin's options as mapping", "plugins:\n  drain:\n    peers: [a]", `edge.yml:3:5: /plugins/drain: expected text, got a mapping`, `"drain: |"`},
		{"an anchor that contains itself", "later: &a [*a]", `edge.yml:1:12: /later/0/0: the anchor "a" contains itself`, "write the value out"},
		{"one by merge key", "later: &a {b: {<<: *a}}", `the anchor "a" contains itself`, "write the value out"},
		{"one by both", "later: &a {b: *a}", `the anchor "a" contains itself`, ""},
		{"a merge of no mapping", "a: &a 1\nb: {<<: *a}", `edge.yml:2:9: /b: expected a mapping or a list of mappings after <<`, "anchor of a mapping"},
		{"a merge of a list of no mappings", "a: &a [1]\nb: {<<: [*a]}", `expected a mapping or a list of mappings after <<`, ""},
		{"a merge of an alias to a list", "a: &a [{x: 1}]\nb: {<<: *a}", `expected a mapping or a list of mappings after <<`, ""},
		{"several documents", "a: 1\n---\nb: 2", `edge.yml:2:1`, "one document"},
		{"a key twice", "asn: 1\nasn: 2", `edge.yml:2:1`, "one of the two"},
		{"no mapping", "- 1", `edge.yml:1:1`, ""},
		{"a syntax error", "asn: [1", `edge.yml:1:`, ""},
	}
	for _, tt := range tests {
		_, err := Parse("edge.yml", []byte(tt.yaml))
		var e *Error
		if assert.ErrorAs(t, err, &e, tt.name) {
			assert.Contains(t, err.Error(), tt.want, tt.name)
			assert.Contains(t, e.Hint(), tt.hint, tt.name)
			assert.Positive(t, e.Line, tt.name)
			assert.Positive(t, e.Column, tt.name)
		}
	}
}

func TestErrorWithoutPlace(t *testing.T) {
	assert.Equal(t, "f.yml: broken", (&Error{File: "f.yml", Problem: "broken"}).Error())
	err := (&Document{file: "f.yml"}).located(errors.New("broken"))
	assert.EqualError(t, err, "f.yml: broken")
}

func TestPosition(t *testing.T) {
	d := load(t, `asn: 1
peers:
  Ä Ü:
    neighbors: [192.0.2.1, 192.0.2.2]
    as-prefs: {0x10: 5}
  B: &b
    <<: &t {import: no}
  C: {disabled: yes, <<: [*b]}
  D: *b
`)
	tests := []struct {
		pointer      string
		line, column int
	}{
		{"", 1, 1},
		{"/asn", 1, 1},
		{"/peers", 2, 1},
		{"/peers/Ä Ü", 3, 3},
		{"/peers/Ä Ü/neighbors/1", 4, 28},
		{"/peers/Ä Ü/as-prefs/16", 5, 16},
		{"/peers/B/import", 7, 13},
		{"/peers/C/disabled", 8, 7},
		{"/peers/C/import", 7, 13},
		{"/peers/D", 9, 3},
		{"/peers/D/import", 7, 13},
	}
	for _, tt := range tests {
		line, column, ok := d.Position(path(t, tt.pointer))
		assert.True(t, ok, tt.pointer)
		assert.Equal(t, []int{tt.line, tt.column}, []int{line, column}, tt.pointer)
	}
	for _, pointer := range []string{"/nope", "/asn/0", "/peers/Ä Ü/neighbors/2", "/peers/Ä Ü/neighbors/x", "/peers/Ä Ü/as-prefs/0x10"} {
		_, _, ok := d.Position(path(t, pointer))
		assert.False(t, ok, pointer)
	}
	_, _, ok := load(t, "").Position(nil)
	assert.False(t, ok)
	assert.Equal(t, "edge.yml", d.File())
}

// The view must fit a message, which may be 1000 levels deep (FRM-6).
func TestDepth(t *testing.T) {
	nested := func(n int) []byte { return []byte("later: " + strings.Repeat("[", n) + strings.Repeat("]", n)) }
	_, err := Parse("x.yml", nested(maxDepth-1))
	require.NoError(t, err)
	_, err = Parse("x.yml", nested(maxDepth))
	require.ErrorContains(t, err, "nested deeper than 998 levels")
	_, err = Parse("x.yml", nested(9000))
	require.Error(t, err)
}

func TestAliasBombs(t *testing.T) {
	var aliases, merges, wide strings.Builder
	aliases.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	merges.WriteString("a0: &a0 {k: 1}\n")
	for i := 1; i < 12; i++ {
		prev := fmt.Sprintf("*a%d", i-1)
		fmt.Fprintf(&aliases, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(prev+", ", 10), ", "))
		fmt.Fprintf(&merges, "a%d: &a%d {", i, i)
		for j := range 10 {
			fmt.Fprintf(&merges, "k%d: {<<: %s}, ", j, prev)
		}
		merges.WriteString("z: 1}\n")
	}
	wide.WriteString("a: &a {big: [" + strings.Repeat("1, ", 3000) + "1]}\nb:\n")
	for range 1000 {
		wide.WriteString("  - {<<: *a}\n")
	}
	long := "a: &a " + strings.Repeat("x", 1_000_000) + "\nb: [" + strings.Repeat("*a, ", 100) + "1]\n"
	for name, text := range map[string]string{"aliases": aliases.String(), "merges": merges.String(), "wide": wide.String(), "long": long} {
		_, err := Parse("x.yml", []byte(text))
		require.ErrorContains(t, err, "aliases make the configuration too large", name)
	}
	var honest strings.Builder
	honest.WriteString("templates: {t: &t {import: yes, export: yes, prepends: 1}}\npeers:\n")
	for i := range 3000 {
		fmt.Fprintf(&honest, "  P%d: {<<: *t, asn: %d}\n", i, i+1)
	}
	load(t, honest.String())
}
