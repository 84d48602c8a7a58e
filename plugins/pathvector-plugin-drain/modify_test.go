package drain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
)

// peers: two transits of which one prepends already, an exchange peer with
// what its template sets, and two iBGP peers, one by its own local-asn.
const config = `{"asn":64500,
"templates":{
  "ix":{"tags":["ix"],"prepends":2},
  "closed":{"export":false},
  "ibgp":{"asn":64500,"tags":["inside"]}},
"peers":{
  "Nordhaven":{"asn":64501,"tags":["transit","maintenance"]},
  "Southgate":{"asn":64502,"tags":["transit"],"prepends":4},
  "IX/1~a":{"asn":64503,"template":"ix","tags":null,"prepends":null},
  "IX 2":{"asn":64504,"template":"ix","tags":["other"]},
  "Collector":{"asn":64505,"template":"closed"},
  "RR":{"template":"ibgp"},
  "Lab":{"asn":64510,"local-asn":64510}}}`

func TestModify(t *testing.T) {
	cases := []struct{ name, options, merge, message string }{
		{"nothing is selected", `{}`, `{}`, `no peer is drained; the options peers, tags and all select them`},
		{"no options", `null`, `{}`, `no peer is drained`},
		{"a name", `{"peers":["Nordhaven"]}`, `{"peers":{"Nordhaven":{"prepends":3}}}`, `prepended 3 times towards: "Nordhaven"`},
		{"other prepends", `{"peers":["Nordhaven"],"prepends":1}`, `{"peers":{"Nordhaven":{"prepends":1}}}`, `1 times`},
		{"more prepends stay", `{"peers":["Southgate"]}`, `{}`, `drained already: "Southgate"`},
		{"a higher number raises", `{"peers":["Southgate"],"prepends":5}`, `{"peers":{"Southgate":{"prepends":5}}}`, `Southgate`},
		{"the template's prepends count", `{"peers":["IX/1~a"],"prepends":2}`, `{}`, `drained already: "IX/1~a"`},
		{"a tag", `{"tags":["maintenance"]}`, `{"peers":{"Nordhaven":{"prepends":3}}}`, `"Nordhaven"`},
		{"the template's tag, where the peer has null", `{"tags":["ix"]}`, `{"peers":{"IX/1~a":{"prepends":3}}}`, `"IX/1~a"`},
		{"a tag that no peer has", `{"tags":["maintenence"]}`, `{}`, `no peer has the tag "maintenence"; there are: "inside", "ix", "maintenance", "other", "transit"`},
		{"a tag of iBGP peers", `{"tags":["inside"]}`, `{}`, `left alone, being iBGP peers: "RR"`},
		{"name and tag", `{"peers":["Nordhaven"],"tags":["maintenance"]}`, `{"peers":{"Nordhaven":{"prepends":3}}}`, `"Nordhaven"`},
		{"all but iBGP", `{"all":true,"prepends":3}`, `{"peers":{"Nordhaven":{"prepends":3},"IX/1~a":{"prepends":3},"IX 2":{"prepends":3},"Collector":{"prepends":3}}}`, `iBGP peers: "RR", "Lab"`},
		{"withdraw", `{"peers":["Southgate"],"action":"withdraw"}`, `{"peers":{"Southgate":{"export":false}}}`, `nothing is announced to: "Southgate"`},
		{"withdraw where the template has it", `{"peers":["Collector"],"action":"withdraw"}`, `{}`, `drained already`},
		{"withdraw from a named iBGP peer", `{"peers":["RR"],"action":"withdraw"}`, `{"peers":{"RR":{"export":false}}}`, `"RR"`},
	}
	var options []string
	for _, c := range cases {
		options = append(options, c.options)
	}
	for i, a := range modifyAll(t, config, options) {
		c := cases[i]
		require.Nil(t, a.Error, "%s: %s", c.name, a.Error)
		got := plugintest.Unmarshal[result](t, string(a.Result))
		assert.JSONEq(t, c.merge, plugintest.Marshal(t, got.Merge), c.name)
		var messages strings.Builder
		for _, m := range got.Messages {
			messages.WriteString(m.Message + "\n")
		}
		assert.Contains(t, messages.String(), c.message, c.name)
	}
}

// Someone who tags an iBGP peer expects something: a warning, not a note.
func TestTaggedIBGPWarns(t *testing.T) {
	assert.Contains(t, string(modify(t, config, `{"tags":["inside"]}`).Result), `{"level":"warning"`)
	assert.NotContains(t, string(modify(t, config, `{"all":true}`).Result), `"warning"`)
}

// A small configuration must not be taken for one of iBGP peers only.
func TestPeerWithoutASN(t *testing.T) {
	assert.JSONEq(t, `{"peers":{"A":{"prepends":3}}}`, mergeOf(t, `{"peers":{"A":{}}}`))
	assert.JSONEq(t, `{"peers":{"A":{"prepends":3}}}`, mergeOf(t, `{"peers":{"A":null}}`))
	assert.JSONEq(t, `{}`, mergeOf(t, `{}`))
}

func mergeOf(t *testing.T, config string) string {
	t.Helper()
	return plugintest.Marshal(t, plugintest.Unmarshal[result](t, string(modify(t, config, `{"all":true}`).Result)).Merge)
}

// OPT-5: the pointer says which option is wrong, the message what there is.
func TestInvalidOptions(t *testing.T) {
	cases := []struct{ options, pointer, message string }{
		{`{"peers":["Nordhaven","Nordhaven2"]}`, "/peers/1", `there is no peer "Nordhaven2"; did you mean "Nordhaven"?`},
		{`{"peers":["southgate"]}`, "/peers/0", `did you mean "Southgate"?`},
		{`{"peers":["Foo"]}`, "/peers/0", `there are: "Nordhaven", "Southgate", "IX/1~a", "IX 2", "Collector", "RR", "Lab"`},
		{`{"peers":["RR"]}`, "/peers/0", `use the action withdraw`},
		{`{"peers":["Lab"],"tags":["transit"]}`, "/peers/0", `"Lab" is an iBGP peer`},
		{`{"peer":["Nordhaven"]}`, "/peer", `there is no option "peer"`},
		{`{"a/b~c":1}`, "/a~1b~0c", `only "peers", "tags", "all", "action", "prepends"`},
		{`{"peers":"Nordhaven"}`, "/peers", `list of names`},
		{`{"tags":[1]}`, "/tags", `list of tags`},
		{`{"all":"yes"}`, "/all", `true or false`},
		{`{"action":"stop"}`, "/action", `not "stop"`},
		{`{"prepends":0}`, "/prepends", `from 1 to 20, not 0`},
		{`{"prepends":21}`, "/prepends", `not 21`},
		{`{"prepends":1.5}`, "/prepends", `not 1.5`},
	}
	var options []string
	for _, c := range cases {
		options = append(options, c.options)
	}
	for i, a := range modifyAll(t, config, options) {
		c := cases[i]
		e := plugintest.Unmarshal[struct {
			Code    int
			Message string
			Data    struct{ Pointer string }
		}](t, string(a.Error))
		assert.Equal(t, -32002, e.Code, c.options)
		assert.Equal(t, c.pointer, e.Data.Pointer, c.options)
		assert.Contains(t, e.Message, c.message)
	}
}

func TestATagWhereNoPeerHasAny(t *testing.T) {
	for _, a := range modifyAll(t, `{"asn":64500}`, []string{`{"tags":["maintenance"]}`}) {
		assert.Contains(t, string(a.Result), `no peer has the tag \"maintenance\"; there are: none"`)
	}
}
