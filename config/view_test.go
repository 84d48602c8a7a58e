package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/config/tree"
)

const edge = `asn: 65001
router-id: 192.0.2.1
peeringdb-api-key: k3y
plugins:
  drain: "tags: [a]"
templates:
  t: {import: true, password: t3mplate}
peers:
  A: {asn: 1, password: s3cret, tags: [x], pre-export: "code"}
  B: {tags: [y]}
  "*": {asn: 3}
  password: {asn: 4}
  E:
kernel: {learn: true, statics: {password: 203.0.113.1}}
later: {password: l8r, list: [{password: l1st}], open: [{a: 1}]}
`

// SCP-3 to SCP-6, SCP-10
func TestView(t *testing.T) {
	tests := []struct {
		name   string
		scopes Scopes
		want   string
	}{
		{"undeclared: everything but secrets, and never plugins", Scopes{}, `{"asn":65001,"router-id":"192.0.2.1",` +
			`"templates":{"t":{"import":true}},` +
			`"peers":{"A":{"asn":1,"tags":["x"],"pre-export":"code"},"B":{"tags":["y"]},"*":{"asn":3},"password":{"asn":4},"E":null},` +
			`"kernel":{"learn":true,"statics":{"password":"203.0.113.1"}},"later":{"open":[{"a":1}]}}`},
		{"nothing", Scopes{Reads: patterns(t)}, `{}`},
		{"narrowed to nothing", Scopes{NarrowReads: patterns(t)}, `{}`},
		{"a value with the objects on the way, and no others", Scopes{Reads: patterns(t, "/peers/*/asn", "/nope")}, `{"peers":{"A":{"asn":1},"*":{"asn":3},"password":{"asn":4}}}`},
		{"a literal asterisk", Scopes{Reads: patterns(t, "/peers/~2")}, `{"peers":{"*":{"asn":3}}}`},
		{"a covered null and an empty object", Scopes{Reads: patterns(t, "/peers/E", "/templates/t/password")}, `{"peers":{"E":null}}`},
		{"an object of which only secrets are", Scopes{Reads: patterns(t, "/templates"), NarrowReads: patterns(t, "/templates/t/password")}, `{}`},
		{"narrowed", Scopes{Reads: patterns(t, "/peers"), NarrowReads: patterns(t, "/peers/*/tags", "/asn")}, `{"peers":{"A":{"tags":["x"]},"B":{"tags":["y"]}}}`},
		{"no array indices", Scopes{Reads: patterns(t, "/peers/A/tags/0")}, `{}`},
		{"no way through a scalar", Scopes{Reads: patterns(t, "/asn/x")}, `{}`},
		{"a secret named, without the grant", Scopes{Reads: patterns(t, "/peers/A/password", "/peeringdb-api-key", "/later/list")}, `{}`},
		{
			"with the grant",
			Scopes{Reads: patterns(t, "/peers/A/password", "/peeringdb-api-key", "/later"), Secrets: true},
			`{"peeringdb-api-key":"k3y","peers":{"A":{"password":"s3cret"}},"later":{"password":"l8r","list":[{"password":"l1st"}],"open":[{"a":1}]}}`,
		},
		{"plugins with every grant", Scopes{Reads: patterns(t, "/plugins"), Secrets: true, Guarded: true}, `{}`},
	}
	d := load(t, edge)
	for _, tt := range tests {
		assert.Equal(t, tt.want, string(NewView(d.Tree(), d, tt.scopes).AppendJSON(nil)), tt.name)
	}
}

func TestViewOfNothing(t *testing.T) {
	d := load(t, "")
	assert.Equal(t, `{}`, string(NewView(d.Tree(), d, Scopes{}).AppendJSON(nil)))
}

func TestViewShares(t *testing.T) {
	d := load(t, "peers: {A: {asn: 1}, B: {asn: 2, password: x}}\nkernel: {learn: true}\n")
	v := NewView(d.Tree(), d, Scopes{Reads: patterns(t, "/peers", "/kernel")})
	shared := func(pointer string) bool {
		a, _ := tree.Lookup(d.Tree(), path(t, pointer))
		b, ok := tree.Lookup(v.shown, path(t, pointer))
		return ok && a.(*tree.Object) == b.(*tree.Object)
	}
	assert.True(t, shared("/kernel"))
	assert.True(t, shared("/peers/A"))
	assert.False(t, shared("/peers/B"), "it lacks the password")
}

// SCP-10: what an alias or a merge key takes from a secret, or into one.
func TestSecretsThroughAliases(t *testing.T) {
	const secret = "hunter2"
	tests := []struct{ name, yaml, want string }{
		{"from one", "peers: {A: {password: &p hunter2, description: *p}}", `{"peers":{"A":{}}}`},
		{"into one", "hostname: &p hunter2\npeers: {A: {password: *p}}", `{"peers":{"A":{}}}`},
		{"by way of a third", "later: {a: &p hunter2, b: *p, c: *p}\npeers: {A: {password: *p}}", `{"later":{},"peers":{"A":{}}}`},
		{"in a list", "peers: {A: {password: &p hunter2, tags: [x, *p], asn: 1}}", `{"peers":{"A":{"asn":1}}}`},
		{"deep in a list", "later: {l: [1, [{a: *p}]], m: 1}\nasn: 1", ``},
		{"a whole mapping", "later: {password: &p {a: hunter2}, other: *p, more: {<<: *p, b: 1}}", `{"later":{"more":{"b":1}}}`},
		{"by merge key", "templates: {t: &t {import: true, password: hunter2}}\npeers: {A: {<<: *t, asn: 1}}", `{"templates":{"t":{"import":true}},"peers":{"A":{"asn":1,"import":true}}}`},
		{"a merged name that is free", "kernel: {statics: &s {password: hunter2}}\npeers: {A: {<<: *s, asn: 1}}", `{"kernel":{"statics":{}},"peers":{"A":{"asn":1}}}`},
		{"by a list of merges", "a: &a {x: &p hunter2, y: 1}\npeers: {A: {<<: [*a], password: *p}}", `{"a":{"y":1},"peers":{"A":{"y":1}}}`},
		{"an anchor that is no secret", "a: &a [x]\npeers: {A: {tags: *a, password: hunter2}}", `{"a":["x"],"peers":{"A":{"tags":["x"]}}}`},
	}
	for _, tt := range tests {
		if tt.want == "" {
			tt.yaml, tt.want = "peers: {A: {password: &p hunter2}}\n"+tt.yaml, `{"peers":{"A":{}},"later":{"m":1},"asn":1}`
		}
		d := load(t, tt.yaml)
		assert.Contains(t, asJSON(d.Tree()), secret, tt.name)
		assert.Equal(t, tt.want, string(NewView(d.Tree(), d, Scopes{}).AppendJSON(nil)), tt.name)
		granted := NewView(d.Tree(), d, Scopes{Secrets: true})
		assert.Equal(t, asJSON(d.Tree()), string(granted.AppendJSON(nil)), tt.name)
	}
}

// Secrets must not appear in errors.
func TestErrorsKeepSecrets(t *testing.T) {
	for _, yaml := range []string{
		"peers: {A: {password: [hunter2]}}",
		"peers: {A: {password: {hunter2: 1}}}",
		"peers: {A: {password: {hunter2}}}",
		"peers: {A: {password: !!int hunter2}}",
		"peers: {A: {password: \"hunter2\\0\"}}",
		"later: {password: {hunter2: {a: .nan}}}",
		"peers: {A: {password: &p hunter2, asn: *p}}",
		"asn: &p hunter2\npeers: {A: {password: *p}}",
		"stun: [&p hunter2]\npeers: {A: {password: *p}}",
		"peers: {A: {password: &p hunter2}}\nlater: {*p : 1}",
		"later: {&p hunter2 : 1}\npeers: {A: {password: *p}}",
		"authorized-providers: {&p hunter2 : []}\npeers: {A: {password: *p}}",
		"peers: {A: {password: &p hunter2, <<: *p}}",
		"later: {password: {0x10: 1, <<: hunter2}}",
		"later: {password: {&p hunter2 : 1, *p : 2}}",
	} {
		_, err := Parse("x.yml", []byte(yaml))
		if assert.Error(t, err, yaml) {
			assert.NotContains(t, err.Error(), "hunter2", yaml)
			assert.NotContains(t, err.(*Error).Hint(), "hunter2", yaml)
		}
	}
}

func BenchmarkView(b *testing.B) {
	var text strings.Builder
	text.WriteString("asn: 1\npeers:\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "  P%d: {asn: %d, neighbors: [192.0.2.1, 2001:db8::1], import: true, tags: [a, b], password: x}\n", i, i+1)
	}
	d := load(b, text.String())
	for name, s := range map[string]Scopes{"whole": {}, "narrow": {Reads: patterns(b, "/peers/P1")}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = NewView(d.Tree(), d, s).AppendJSON(nil)
			}
		})
	}
}
