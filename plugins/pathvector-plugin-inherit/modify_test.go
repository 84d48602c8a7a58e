package inherit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
)

// Each case gives the templates and peers before, and the values that change.
var modifyCases = []struct{ name, config, options, want string }{
	{
		"no options, no change",
		`{"templates":{"a":{"x":1}},"peers":{"P":{"template":"a"}}}`, `{}`, `{}`,
	},
	{
		"no templates, no peers",
		`{}`, `{"merge-lists":["tags"],"everywhere":{"tags":["x"]}}`, `{}`,
	},
	{
		"the child wins, false and null included as Pathvector has them",
		`{"templates":{"a":{"x":1,"y":true,"z":2},"b":{"x":3,"y":false,"z":null}}}`, `{"extends":{"b":"a"}}`,
		`{"templates":{"b":{"z":2}}}`,
	},
	{
		"a chain, whatever the order of the templates",
		`{"templates":{"c":{"z":3},"b":{"y":2},"a":{"x":1}}}`, `{"extends":{"c":"b","b":"a"}}`,
		`{"templates":{"b":{"x":1},"c":{"x":1,"y":2}}}`,
	},
	{
		"an empty template becomes a copy",
		`{"templates":{"a":{"x":1},"b":null,"c":{},"d":null}}`, `{"extends":{"b":"a","c":"a"}}`,
		`{"templates":{"b":{"x":1},"c":{"x":1}}}`,
	},
	{
		"lists replace each other unless named",
		`{"templates":{"a":{"tags":["1"],"announce":["1:1"]},"b":{"tags":["2"],"announce":["2:2"]}}}`,
		`{"extends":{"b":"a"},"merge-lists":["tags"]}`,
		`{"templates":{"b":{"tags":["1","2"]}}}`,
	},
	{
		"the parent's items come first, each once",
		`{"templates":{"a":{"announce":["1:1","2:2"]},"b":{"announce":["3:3","2,2"]},"c":{"announce":["4:4"]}}}`,
		`{"extends":{"b":"a","c":"b"},"merge-lists":["announce"]}`,
		`{"templates":{"b":{"announce":["1:1","2:2","3:3"]},"c":{"announce":["1:1","2:2","3:3","4:4"]}}}`,
	},
	{
		"a list that has all of it keeps its order",
		`{"templates":{"a":{"as-set-members":[1,2]},"b":{"as-set-members":[3,2,1]}}}`,
		`{"extends":{"b":"a"},"merge-lists":["as-set-members"]}`, `{}`,
	},
	{
		"an empty list says no",
		`{"templates":{"a":{"tags":["1"]},"b":{"tags":[]}},"peers":{"P":{"template":"a","tags":[]}}}`,
		`{"extends":{"b":"a"},"merge-lists":["tags"],"everywhere":{"tags":["2"]}}`,
		`{}`,
	},
	{
		"a peer's own list adds to its template's, the rest is left to Pathvector",
		`{"templates":{"a":{"tags":["1"],"x":1}},"peers":{"P":{"template":"a","tags":["2"]},"Q":{"template":"a"},"R":{"tags":["3"]},"S":null}}`,
		`{"merge-lists":["tags"]}`,
		`{"peers":{"P":{"tags":["1","2"]}}}`,
	},
	{
		"everywhere: where each peer has its list from",
		`{"templates":{"a":{"announce":["1:1"]},"b":{},"unused":{"announce":["9:9"]}},` +
			`"peers":{"A":{"template":"a"},"A2":{"template":"a","announce":null},"A3":{"template":"a","announce":["2:2"]},"B":{"template":"b"},"N":{"asn":5}}}`,
		`{"everywhere":{"announce":["5:5"]}}`,
		`{"templates":{"a":{"announce":["1:1","5:5"]},"b":{"announce":["5:5"]}},"peers":{"A3":{"announce":["2:2","5:5"]},"N":{"announce":["5:5"]}}}`,
	},
	{
		"keys with a slash and a tilde",
		`{"templates":{"a/b":{"x":1},"c~d":{"y":1}}}`, `{"extends":{"c~d":"a/b"}}`,
		`{"templates":{"c~d":{"x":1}}}`,
	},
}

func TestModify(t *testing.T) {
	var requests, again []string
	for _, c := range modifyCases {
		requests = append(requests, plugintest.Request("1", "modify", c.config, c.options))
	}
	for i, a := range answers(t, requests) {
		c := modifyCases[i]
		after := patched(t, c.config, a)
		assert.JSONEq(t, c.want, changed(t, c.config, after), c.name)
		again = append(again, plugintest.Request("1", "modify", after, c.options))
	}
	for i, a := range answers(t, again) {
		assert.JSONEq(t, `{"patch":[]}`, withoutMessages(t, a), "%s: a second run (MOD-9)", modifyCases[i].name)
	}
}

// changed returns the values that differ, in their places.
func changed(t *testing.T, before, after string) string {
	t.Helper()
	var want tree.Value = &tree.Object{}
	for _, d := range tree.Diff(parse(t, before), parse(t, after)) {
		want = tree.With(want, d.Path, d.After)
	}
	return plugintest.Marshal(t, want)
}

func withoutMessages(t *testing.T, a plugintest.Answer) string {
	t.Helper()
	result := plugintest.Unmarshal[map[string]any](t, string(a.Result))
	delete(result, "messages")
	return plugintest.Marshal(t, result)
}

// OPT-5: the pointer says which option is wrong, the message what there is.
func TestInvalidOptions(t *testing.T) {
	config := `{"templates":{"a":{},"b/c":{},"d":{}}}`
	cases := []struct{ options, pointer, message string }{
		{`[]`, "", `must be a mapping`},
		{`{"extend":{}}`, "/extend", `there is no option "extend", only "extends", "merge-lists", "everywhere"`},
		{`{"extends":["a"]}`, "/extends", `a mapping of templates`},
		{`{"extends":{"a":["d"]}}`, "/extends/a", `one template, got ["d"]`},
		{`{"extends":{"x/y":"a"}}`, "/extends/x~1y", `there is no template "x/y"; there are: "a", "b/c", "d"`},
		{`{"extends":{"b/c":"x"}}`, "/extends/b~1c", `"b/c" extends "x", which does not exist; there are: "a", "b/c", "d"`},
		{`{"extends":{"a":"a"}}`, "/extends/a", `a circle: "a" extends "a"`},
		{`{"extends":{"a":"d","d":"b/c","b/c":"a"}}`, "/extends/b~1c", `a circle: "a" extends "d" extends "b/c" extends "a"`},
		{`{"extends":{"a":"d","d":"b/c","b/c":"d"}}`, "/extends/b~1c", `a circle: "a" extends "d" extends "b/c" extends "d"`},
		{`{"merge-lists":"tags"}`, "/merge-lists", `a list of keys`},
		{`{"merge-lists":["tags","prepend-path"]}`, "/merge-lists/1", `"prepend-path" is not a list that can add up`},
		{`{"everywhere":["tags"]}`, "/everywhere", `a mapping of keys`},
		{`{"everywhere":{"prefixes":["192.0.2.0/24"]}}`, "/everywhere/prefixes", `only "announce"`},
		{`{"everywhere":{"tags":"x"}}`, "/everywhere/tags", `a list of strings`},
		{`{"everywhere":{"tags":[1]}}`, "/everywhere/tags", `a list of strings`},
	}
	var requests []string
	for _, c := range cases {
		requests = append(requests, plugintest.Request("1", "modify", config, c.options))
	}
	for i, a := range answers(t, requests) {
		c := cases[i]
		code, at, message := failure(t, a)
		assert.Equal(t, -32002, code, c.options)
		assert.Equal(t, c.pointer, at, c.options)
		assert.Contains(t, message, c.message)
	}
}

// A peer of a template that does not exist: Pathvector would say so too, but
// everywhere must not make that template.
func TestPeerWithUnknownTemplate(t *testing.T) {
	config := `{"templates":{"a":{}},"peers":{"P/1":{"template":"b"}}}`
	code, at, message := failure(t, modify(t, config, `{"everywhere":{"tags":["x"]}}`))
	assert.Equal(t, 1, code)
	assert.Equal(t, "/peers/P~11/template", at)
	assert.Contains(t, message, `the peer "P/1" has the template "b", which does not exist; there are: "a"`)
}

func failure(t *testing.T, a plugintest.Answer) (code int, pointer, message string) {
	t.Helper()
	e := plugintest.Unmarshal[struct {
		Code    int
		Message string
		Data    struct{ Pointer string }
	}](t, string(a.Error))
	return e.Code, e.Data.Pointer, e.Message
}
