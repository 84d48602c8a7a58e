package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

func byMerge(s string) *protocol.ModifyResult  { return &protocol.ModifyResult{Merge: []byte(s)} }
func byPatch(s string) *protocol.ModifyResult  { return &protocol.ModifyResult{Patch: []byte(s)} }
func byConfig(s string) *protocol.ModifyResult { return &protocol.ModifyResult{Config: []byte(s)} }

func changeWords(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s %s > %s\n", c.Op, c.Pointer, c.Before, c.After)
	}
	return b.String()
}

const small = `asn: 65001
hostname: r1
log-file: syslog
peers:
  A: {asn: 1, password: s3cret, tags: [x], pre-export: "code"}
  B: {asn: 2}
templates: {t: {import: true, password: t3mplate}}
kernel: {learn: true, export: true}
bfd: {b: {neighbor: 192.0.2.1}}
mrt: {m: {file: /tmp/x, interval: 5}}
vrrp:
later: {a: 1, password: x}
`

// MOD-3 to MOD-6, SCP-7 to SCP-11
func TestApply(t *testing.T) {
	tests := []struct {
		name    string
		scopes  Scopes
		result  *protocol.ModifyResult
		changes string
		tree    string // what the whole tree then has at the first change's key, shortened
		warning string
	}{
		{name: "no change", result: byMerge(`{}`)},
		{name: "no change by patch", result: byPatch(`[]`)},
		{name: "what is there already", result: byMerge(`{"asn":65001.0,"peers":{"A":{"tags":["x"]}}}`)},
		{name: "order alone", result: byPatch(`[{"op":"move","from":"/hostname","path":"/hostname"},{"op":"remove","path":"/asn"},{"op":"add","path":"/asn","value":65001}]`)},
		{
			name: "values one by one (SCP-7a)", result: byMerge(`{"hostname":"r2","peers":{"A":{"asn":11},"B":{"disabled":true}}}`),
			changes: "replace /hostname \"r1\" > \"r2\"\nreplace /peers/A/asn 1 > 11\nadd /peers/B/disabled  > true\n",
		},
		{
			name: "an added object counts as its leaves (SCP-7b)", result: byMerge(`{"peers":{"C":{"asn":3,"neighbors":["192.0.2.9"],"as-prefs":{"174":5},"community-prefs":{}}}}`),
			changes: "add /peers/C/asn  > 3\nadd /peers/C/neighbors  > [\"192.0.2.9\"]\nadd /peers/C/as-prefs/174  > 5\nadd /peers/C/community-prefs  > {}\n",
		},
		{
			name: "a removal counts once (SCP-7c)", result: byMerge(`{"bfd":{"b":null}}`),
			changes: "remove /bfd/b {\"neighbor\":\"192.0.2.1\"} > \n", tree: `{}`,
		},
		{
			name: "a list is one value (SCP-7e)", result: byPatch(`[{"op":"add","path":"/peers/A/tags/-","value":"y"}]`),
			changes: "replace /peers/A/tags [\"x\"] > [\"x\",\"y\"]\n",
		},
		{
			name: "an object in place of a null", result: byMerge(`{"vrrp":{"v":{"vrid":1}}}`),
			changes: "add /vrrp/v/vrid  > 1\n", tree: `{"v":{"vrid":1}}`,
		},
		{
			name: "an empty object in place of a null", result: byMerge(`{"vrrp":{}}`),
			changes: "replace /vrrp null > {}\n",
		},
		{
			name: "a null, which merge cannot write (MOD-3)", result: byPatch(`[{"op":"replace","path":"/hostname","value":null}]`),
			changes: "replace /hostname \"r1\" > null\n",
		},
		{
			name: "the whole view (MOD-5)", scopes: Scopes{Reads: patterns(t, "/asn", "/hostname", "/peers/*/tags")},
			result:  byConfig(`{"peers":{"A":{"tags":[]}},"asn":65001}`),
			changes: "remove /hostname \"r1\" > \nreplace /peers/A/tags [\"x\"] > []\n",
		},
		{
			name: "an integer is written plainly (TYP-2)", result: byMerge(`{"asn":6.5e4}`),
			changes: "replace /asn 65001 > 65000\n", tree: "65000",
		},
		{
			name: "hidden values stay", result: byMerge(`{"peers":{"A":{"description":"d"}}}`),
			changes: "add /peers/A/description  > \"d\"\n", tree: `{"A":{"asn":1,"password":"s3cret","tags":["x"],"pre-export":"code","description":"d"},"B":{"asn":2}}`,
		},
		{
			name: "what the plugin does not read (SCP-8)", scopes: Scopes{Reads: patterns(t), Writes: patterns(t, "/peers/*/asn")},
			result: byMerge(`{"peers":{"A":{"asn":11},"B":{"asn":2},"C":{"asn":3}}}`), changes: "replace /peers/A/asn 1 > 11\nadd /peers/C/asn  > 3\n",
		},
		{
			name: "an object that is there unseen", scopes: Scopes{Reads: patterns(t), Writes: patterns(t, "/peers")},
			result: byMerge(`{"peers":{"A":{}}}`),
		},
		{
			name: "below a null unseen", scopes: Scopes{Reads: patterns(t), Writes: patterns(t, "/vrrp/*")},
			result: byMerge(`{"vrrp":{"v":{"vrid":1}}}`), changes: "add /vrrp/v/vrid  > 1\n",
		},
		{
			name: "a whole peer goes with all in it (SCP-9)", scopes: Scopes{Writes: patterns(t, "/peers/*")}, result: byMerge(`{"peers":{"A":null}}`),
			changes: "remove /peers/A {\"asn\":1,\"password\":\"s3cret\",\"tags\":[\"x\"],\"pre-export\":\"code\"} > \n", tree: `{"B":{"asn":2}}`,
			warning: "/peers/A: removed, with values in it that the plugin does not see: password",
		},
		{
			name: "a peer renamed", result: byPatch(`[{"op":"move","from":"/peers/B","path":"/peers/D"}]`),
			changes: "remove /peers/B {\"asn\":2} > \nadd /peers/D/asn  > 2\n",
		},
		{
			name: "a secret with the grant (SCP-10)", scopes: Scopes{Secrets: true}, result: byMerge(`{"peers":{"B":{"password":"new"}}}`),
			changes: "add /peers/B/password  > \"new\"\n",
		},
		{
			name: "a guarded key with the grant (SCP-11)", scopes: Scopes{Guarded: true}, result: byMerge(`{"log-file":"/x","plugins":{"x":"a: 1"},"mrt":{"m":null}}`),
			changes: "replace /log-file \"syslog\" > \"/x\"\nremove /mrt/m {\"file\":\"/tmp/x\",\"interval\":5} > \nadd /plugins/x  > \"a: 1\"\n",
		},
		{
			name: "an unknown key", result: byMerge(`{"peers":{"B":{"ans":3,"deep":{"er":[1],"est":2}}},"later":{"a":2}}`),
			changes: "add /peers/B/ans  > 3\nadd /peers/B/deep/er  > [1]\nadd /peers/B/deep/est  > 2\nreplace /later/a 1 > 2\n",
			warning: "/peers/B/ans: Pathvector is not known to have this key, and refuses a file with keys it does not have\n" +
				"/peers/B/deep: Pathvector is not known to have this key, and refuses a file with keys it does not have",
		},
	}
	for _, tt := range tests {
		d := load(t, small)
		out, err := NewView(d.Tree(), d, tt.scopes).Apply(tt.result)
		require.NoError(t, err, tt.name)
		assert.Equal(t, tt.changes, changeWords(out.Changes), tt.name)
		assert.Equal(t, tt.warning, strings.Join(out.Warnings, "\n"), tt.name)
		if tt.tree != "" {
			at := path(t, out.Changes[0].Pointer)[:1]
			got, _ := tree.Lookup(out.Tree, at)
			assert.Equal(t, tt.tree, asJSON(got), tt.name)
		}
		assert.Equal(t, asJSON(load(t, small).Tree()), asJSON(d.Tree()), "%s must leave the document alone", tt.name)
	}
}

// SCP-8 to SCP-11
func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name    string
		scopes  Scopes
		result  *protocol.ModifyResult
		pointer string
		rule    string
		advice  string
	}{
		{"not in the declared writes (SCP-8)", Scopes{Writes: patterns(t, "/peers/*/tags")}, byMerge(`{"peers":{"A":{"asn":5}}}`), "/peers/A/asn", RuleWrites, `"writes":["/peers/A/asn"] when it describes itself`},
		{"writes nothing", Scopes{Writes: patterns(t)}, byMerge(`{"asn":5}`), "/asn", RuleWrites, "describes itself"},
		{"not in the settings' writes (SCP-4)", Scopes{NarrowWrites: patterns(t, "/peers")}, byMerge(`{"asn":5}`), "/asn", RuleWrites, `needs writes: ["/peers", "/asn"] (in place`},
		{"an asterisk in the advice", Scopes{NarrowWrites: patterns(t)}, byMerge(`{"peers":{"*":{"asn":5}}}`), "/peers/*/asn", RuleWrites, `writes: ["/peers/~2/asn"]`},
		{"an object on the way", Scopes{Writes: patterns(t, "/peers/*/asn")}, byMerge(`{"peers":{"A":null}}`), "/peers/A", RuleWrites, ""},
		{"a secret (SCP-10)", Scopes{}, byMerge(`{"peers":{"A":{"password":"x"}}}`), "/peers/A/password", RuleSecret, "grants: {secrets: true}"},
		{"even the same one", Scopes{}, byMerge(`{"peers":{"A":{"password":"s3cret"}}}`), "/peers/A/password", RuleSecret, "secrets"},
		{"a secret in an added object", Scopes{}, byMerge(`{"peers":{"C":{"asn":1,"password":"x"}}}`), "/peers/C/password", RuleSecret, "secrets"},
		{"a secret in an unknown list", Scopes{}, byMerge(`{"new":[{"password":"x"}]}`), "/new", RuleSecret, "secrets"},
		{"a secret in place of a scalar", Scopes{}, byPatch(`[{"op":"replace","path":"/later/a","value":{"b":{"password":"x"}}}]`), "/later/a/b/password", RuleSecret, "secrets"},
		{"below a secret", Scopes{}, byMerge(`{"later":{"password":{"x":1}}}`), "/later/password/x", RuleSecret, "secrets"},
		{"a guarded key (SCP-11)", Scopes{}, byMerge(`{"log-file":"/x"}`), "/log-file", RuleGuarded, "grants: {guarded: true}"},
		{"its removal", Scopes{}, byMerge(`{"log-file":null}`), "/log-file", RuleGuarded, "guarded"},
		{"one that is not known yet", Scopes{}, byMerge(`{"bird-later":"/x"}`), "/bird-later", RuleGuarded, "guarded"},
		{"a guarded key in an added object", Scopes{}, byMerge(`{"peers":{"C":{"asn":1,"session-global":"x"}}}`), "/peers/C/session-global", RuleGuarded, "guarded"},
		{"plugins", Scopes{}, byMerge(`{"plugins":{"x":""}}`), "/plugins/x", RuleGuarded, "guarded"},
		{"removal of an object with a guarded key", Scopes{}, byMerge(`{"mrt":{"m":null}}`), "/mrt/m/file", RuleGuarded, "guarded"},
		{"all peers at once (SCP-9)", Scopes{}, byMerge(`{"peers":null}`), "/peers/A/password", RuleHidden, "its entry in the settings needs grants: {secrets: true, guarded: true} (in place"},
		{"an object with hidden values", Scopes{Reads: patterns(t, "/kernel/learn")}, byMerge(`{"kernel":null}`), "/kernel/export", RuleHidden, `it has to say "reads":["/kernel/export"] when it describes itself`},
		{"one that the settings hide", Scopes{NarrowReads: patterns(t, "/kernel/learn")}, byMerge(`{"kernel":null}`), "/kernel/export", RuleHidden, `its entry in the settings needs reads: ["/kernel/learn", "/kernel/export"] (in`},
		{"a secret not read, with the grant", Scopes{Secrets: true, Reads: patterns(t, "/peers/*/asn")}, byMerge(`{"peers":null}`), "/peers/A/password", RuleHidden, `has to say "reads":["/peers/A/password", "/peers/A/tags", "/peers/A/pre-export"] when`},
		{"the same by replacing", Scopes{}, byPatch(`[{"op":"replace","path":"/later","value":[]}]`), "/later/password", RuleHidden, "grants: {secrets: true}"},
		{"the same unseen", Scopes{Reads: patterns(t)}, byMerge(`{"later":5}`), "/later/a", RuleHidden, "reads"},
		{"a scalar unseen, by a key below it", Scopes{Reads: patterns(t)}, byMerge(`{"later":{"a":{"b":1}}}`), "/later/a", RuleHidden, "reads"},
		{"guarded, secret and narrowed away at once", Scopes{NarrowWrites: patterns(t, "/asn"), Env: []string{"A", "B"}}, byMerge(`{"peers":{"C":{"pre-export":"x","password":"y"}}}`), "/peers/C/pre-export", RuleGuarded, `(and one more change)|needs grants: {secrets: true, guarded: true, env: [A, B]} and writes: ["/asn", "/peers/C/pre-export", "/peers/C/password"] (in`},
		{"guarded and not declared", Scopes{Writes: patterns(t, "/peers"), Secrets: true}, byMerge(`{"log-file":"/x"}`), "/log-file", RuleWrites, `has to say "writes":["/log-file"] when it describes itself; then, if you trust it with that: its entry in the settings needs grants: {secrets: true, guarded: true} (in`},
		{"a null template that others are in", Scopes{}, byPatch(`[{"op":"replace","path":"/templates","value":null}]`), "/templates/t/password", RuleHidden, ""},
	}
	for _, tt := range tests {
		d := load(t, small)
		out, err := NewView(d.Tree(), d, tt.scopes).Apply(tt.result)
		var r *RefusedError
		if !assert.ErrorAs(t, err, &r, tt.name) {
			continue
		}
		assert.Nil(t, out, tt.name)
		assert.Equal(t, tt.pointer, r.Pointer, tt.name)
		assert.Equal(t, tt.rule, r.Rule, tt.name)
		for words := range strings.SplitSeq(tt.advice, "|") {
			assert.Contains(t, r.Error()+r.Hint(), words, tt.name)
		}
		assert.True(t, strings.HasPrefix(r.Error(), tt.pointer+": refused: "), r.Error())
		assert.NotContains(t, r.Error()+r.Hint(), "s3cret", tt.name)
	}
}

// MOD-6: a value that the schema rejects.
func TestApplyRejectsValues(t *testing.T) {
	tests := []struct {
		scopes Scopes
		result *protocol.ModifyResult
		want   string
	}{
		{Scopes{}, byMerge(`{"asn":"65001"}`), `/asn: expected a whole number from 1 to 4294967295, got "65001"`},
		{Scopes{}, byMerge(`{"peers":{"C":{"asn":0}}}`), `/peers/C/asn: expected a whole number from 1 to 4294967295, got 0`},
		{Scopes{}, byMerge(`{"peers":{"A":[1]}}`), `/peers/A: expected an object, got [1]`},
		{Scopes{}, byPatch(`[{"op":"replace","path":"/peers/A","value":null}]`), `/peers/A: expected an object, got null`},
		{Scopes{}, byMerge(`{"peers":{"A":{"tags":["x",5]}}}`), `/peers/A/tags/1: expected text, got 5`},
		{Scopes{}, byMerge(`{"peers":{"A":{"role":"boss"}}}`), `/peers/A/role: expected one of provider, rs-server, rs-client, customer, peer, rs_server, rs_client, got "boss"`},
		{Scopes{}, byMerge(`{"peers":{"A":{"as-prefs":{"AS174":5}}}}`), `/peers/A/as-prefs/AS174: expected a key that is a whole number from 0 to 4294967295 in decimal, got "AS174"`},
		{Scopes{Reads: patterns(t)}, byMerge(`{"hostname":{"a":{"b":1}}}`), `/hostname: expected text, got an object`},
		{Scopes{}, byMerge(`{"asn":{"password":"s3cret"}}`), `/asn: expected a whole number from 1 to 4294967295, got {"password":"********"}`},
		{Scopes{}, byMerge(`{"hostname":[{"password":"s3cret"}]}`), `/hostname: expected text, got [{"password":"********"}]`},
		{Scopes{Secrets: true}, byMerge(`{"peers":{"A":{"password":["s3cret"]}}}`), `/peers/A/password: expected text, got ********`},
		{Scopes{}, byMerge(`{"asn":"` + strings.Repeat("ü", 300) + `"}`), `got "` + strings.Repeat("ü", 99) + "…"},
	}
	for _, tt := range tests {
		d := load(t, small)
		_, err := NewView(d.Tree(), d, tt.scopes).Apply(tt.result)
		var v *ValueError
		if assert.ErrorAs(t, err, &v, tt.want) {
			assert.Contains(t, v.Error(), tt.want)
			assert.NotEmpty(t, v.Hint())
			assert.NotContains(t, v.Error(), "s3cret")
		}
	}
}

// MOD-2 to MOD-5: results of another form.
func TestApplyBadResults(t *testing.T) {
	tests := []struct {
		result     *protocol.ModifyResult
		rule, want string
	}{
		{&protocol.ModifyResult{}, "MOD-2", "one of merge, patch and config"},
		{byMerge(`[]`), "MOD-3", "merge must be an object"},
		{byMerge(`{`), "MOD-3", "merge must be an object"},
		{byConfig(`null`), "MOD-5", "config must be an object"},
		{byPatch(`{}`), "MOD-4", "patch must be an array"},
		{byPatch(`[{"op":"remove","path":"/nope"}]`), "MOD-4", "operation 1: there is no /nope in the view"},
		{byPatch(`[{"op":"add","path":"/nope/password","value":"s3cret"}]`), "MOD-4", `{\"op\":\"add\",\"path\":\"/nope/password\"}`},
		{byPatch(`["s3cret"]`), "MOD-4", "operation 1: expected an object"},
		{byPatch(`[{"op":"replace","path":"/peers/A/password","value":"s3cret"}]`), "MOD-4", "there is no /peers/A/password in the view"},
		{byPatch(`[{"op":"replace","path":"","value":[]}]`), "MOD-4", "something else than an object"},
	}
	for _, tt := range tests {
		d := load(t, small)
		_, err := NewView(d.Tree(), d, Scopes{}).Apply(tt.result)
		var v *protocol.Violation
		if assert.ErrorAs(t, err, &v, tt.want) {
			assert.Equal(t, protocol.BadResult, v.Kind)
			assert.Equal(t, tt.rule, v.Rule)
			assert.Contains(t, v.Error(), tt.want)
			assert.NotContains(t, v.Error(), "s3cret")
		}
	}
}

// One plugin after another: each works on what the one before it left.
func TestApplyInTurn(t *testing.T) {
	d := load(t, small)
	first, err := NewView(d.Tree(), d, Scopes{}).Apply(byMerge(`{"peers":{"C":{"asn":3}},"hostname":null}`))
	require.NoError(t, err)
	second, err := NewView(first.Tree, d, Scopes{Reads: patterns(t, "/peers/C", "/hostname")}).Apply(byPatch(`[{"op":"test","path":"","value":{"peers":{"C":{"asn":3}}}},{"op":"add","path":"/hostname","value":"r3"},{"op":"remove","path":"/peers/C"}]`))
	require.NoError(t, err)
	assert.Empty(t, second.Warnings)
	want := tree.With(d.Tree(), path(t, "/hostname"), "r3")
	assert.True(t, tree.Equal(want, second.Tree))
}

func TestErrorsAreTyped(t *testing.T) {
	d := load(t, small)
	_, err := NewView(d.Tree(), d, Scopes{}).Apply(byMerge(`{"asn":"x"}`))
	var e *Error
	assert.False(t, errors.As(err, &e), "a plugin's mistake is none of the file's")
}
