//go:build linux

package host_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// fixed is a plugin whose describe has more fields, and whose modify always
// answers the same.
func fixed(t *testing.T, name, more, result string) host.Step {
	return pluginStep(t, name, fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%s","version":"1.2.3","protocols":[1]%s}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":%s}' ;;
esac`, name, more, result))
}

const edge = `asn: 65530
router-id: 192.0.2.1
peers:
  A:
    asn: 65510
    password: open-sesame
    neighbors: [192.0.2.9]
plugins:
  first: |
    text: hello
`

func TestModifyRunsInOrderAndRecordsWhoDidWhat(t *testing.T) {
	out := modify(t, newHost(), edge,
		fixed(t, "first", "", `{"merge":{"asn":65001,"hostname":"a"}}`),
		fixed(t, "second", "", `{"patch":[{"op":"test","path":"/asn","value":65001},{"op":"replace","path":"/hostname","value":"b"}]}`),
	)
	var said []string
	for _, c := range out.Changes {
		said = append(said, fmt.Sprintf("%s %s: %s %s %s -> %s", c.Plugin, c.Version, c.Op, c.Pointer, c.Before, c.After))
	}
	assert.Equal(t, []string{
		"first 1.2.3: replace /asn 65530 -> 65001",
		"first 1.2.3: add /hostname  -> \"a\"",
		"second 1.2.3: replace /hostname \"a\" -> \"b\"",
	}, said)
	edited, err := out.Edit()
	require.NoError(t, err)
	assert.Contains(t, string(edited.Text), "hostname: b\n")
	assert.Len(t, out.Ran, 2)
}

// INV-13: a failure leaves nothing behind, also not the changes of the
// plugins before it.
func TestAFailureIsTheWholeOutcome(t *testing.T) {
	out, err := tryModify(t, newHost(), edge,
		fixed(t, "first", "", `{"merge":{"asn":65001}}`),
		pluginStep(t, "second", `[ $1 = modify ] && exit 1; echo '{"jsonrpc":"2.0","id":1,"result":{"name":"second","version":"1","protocols":[1]}}'`),
	)
	assert.Nil(t, out)
	assert.ErrorContains(t, err, "plugin second: modify: ")
}

// All plugins describe themselves before the first one modifies.
func TestABrokenPluginIsFoundBeforeAnyModifies(t *testing.T) {
	dir := t.TempDir()
	_, err := tryModify(t, newHost(), edge,
		pluginStep(t, "first", `[ $1 = modify ] && touch `+dir+`/ran; echo '{"jsonrpc":"2.0","id":1,"result":{"name":"first","version":"1","protocols":[1],"merge":{}}}'`),
		pluginStep(t, "second", "exit 1"),
	)
	assert.ErrorContains(t, err, "plugin second: describe: ")
	assert.NoFileExists(t, dir+"/ran")
}

func TestErrorsOfAResultNameThePluginOnceAndSayWhatToDo(t *testing.T) {
	for _, tc := range []struct {
		name, more, result string
		is                 func(error) bool
		contains           string
	}{
		{"outside its writes", `,"writes":["/hostname"]`, `{"merge":{"asn":1}}`, is[*config.RefusedError], "/asn"},
		{"a secret", "", `{"merge":{"peers":{"A":{"password":"x"}}}}`, is[*config.RefusedError], "/peers/A/password"},
		{"a guarded key", "", `{"merge":{"bird-binary":"/tmp/x"}}`, is[*config.RefusedError], "/bird-binary"},
		{"a value of the wrong type", "", `{"merge":{"asn":"many"}}`, is[*config.ValueError], "/asn"},
		{"a patch that does not apply", "", `{"patch":[{"op":"remove","path":"/hostname"}]}`, is[*protocol.Violation], "/hostname"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tryModify(t, newHost(), edge, fixed(t, "zorb", tc.more, tc.result))
			require.Error(t, err)
			assert.True(t, tc.is(err), "%T %v", err, err)
			assert.ErrorContains(t, err, "plugin zorb: modify: ")
			assert.ErrorContains(t, err, tc.contains)
			var hint interface{ Hint() string }
			require.ErrorAs(t, err, &hint)
			assert.NotEmpty(t, hint.Hint())
		})
	}
}

func is[T error](err error) bool {
	for ; err != nil; err = unwrap(err) {
		if _, ok := err.(T); ok {
			return true
		}
	}
	return false
}

func unwrap(err error) error {
	u, ok := err.(interface{ Unwrap() error })
	if !ok {
		return nil
	}
	return u.Unwrap()
}

func TestGrantsAndNarrowedScopes(t *testing.T) {
	step := fixed(t, "zorb", "", `{"merge":{"bird-binary":"/usr/sbin/bird","peers":{"A":{"password":"x"}}}}`)
	step.Secrets, step.Guarded = true, true
	out := modify(t, newHost(), edge, step)
	assert.Len(t, out.Changes, 2)
	assert.Contains(t, out.Document.Secrets(out.Tree), "x")

	// SCP-4: the settings narrow what the plugin declares.
	step = fixed(t, "zorb", `,"writes":["/asn","/hostname"]`, `{"merge":{"asn":1}}`)
	pattern, err := config.ParsePattern("/hostname")
	require.NoError(t, err)
	step.Writes = []config.Pattern{pattern}
	_, err = tryModify(t, newHost(), edge, step)
	assert.True(t, is[*config.RefusedError](err), "%v", err)
}

// DSC-4: a method that describe leaves out is not called, and the operator,
// who selected the plugin, is told.
func TestAPluginThatDoesNotModifyIsNotAskedTo(t *testing.T) {
	out := modify(t, newHost(), edge, fixed(t, "zorb", `,"methods":["describe"]`, `{"merge":{"asn":1}}`))
	assert.Empty(t, out.Changes)
	assert.Equal(t, []host.Message{
		{Plugin: "zorb", Level: "warning", Text: "does not answer modify, so it was not asked", ByHost: true},
	}, out.Messages)
}

// INV-15, DSC-5: every plugin can be run one-shot, and needs are no demand.
func TestKeptRunningPluginsCanBeRunOneShot(t *testing.T) {
	step := fixed(t, "zorb", `,"mode":"kept-running","needs":{"env":["HOME_OF_ZORB"],"network":["192.0.2.1:443"]}`, `{"merge":{"asn":1}}`)
	step.Mode = protocol.ModeOneShot
	out := modify(t, newHost(), edge, step)
	assert.Len(t, out.Changes, 1)
}

// OPT-3, OPT-4, OPT-6: defaults are filled in, then the schema holds, and
// nothing outside of it is loaded.
func TestOptions(t *testing.T) {
	const schema = `,"options":{"type":"object","properties":{"text":{"type":"string","default":"hi"},"deep":{"type":"object","default":{},"properties":{"level":{"type":"integer","default":3}}},"token":{"type":"string","maxLength":3,"writeOnly":true}}}`
	for _, tc := range []struct{ options, sent, fails string }{
		{`{}`, `{"text":"hi","deep":{"level":3}}`, ""},
		{`{"deep":{"level":4},"text":"x"}`, `{"deep":{"level":4},"text":"x"}`, ""},
		{`{"more":1}`, `{"more":1,"text":"hi","deep":{"level":3}}`, ""},
		{`{"deep":{"level":"high"}}`, "", "the option /deep/level: got string, want integer"},
		{`{"token":"secret-words"}`, "", "the option /token: the value does not fit"},
	} {
		options, err := tree.Parse([]byte(tc.options))
		require.NoError(t, err)
		step := fixed(t, "zorb", schema, `{"merge":{}}`)
		step.Options = options
		p, err := newHost().Prepare(t.Context(), step)
		if tc.fails != "" {
			require.ErrorContains(t, err, "plugin zorb: "+tc.fails)
			assert.NotContains(t, err.Error(), "secret-words")
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tc.sent, string(p.Options))
	}
}

// What cannot be edited safely is refused by its place, with the plugin's name.
func TestAnEditThatIsRefusedNamesThePlugin(t *testing.T) {
	const text = "asn: 65530\nrouter-id: 192.0.2.1\npeers:\n  B:\n    tags: [a, b,   # both\n      c]\n"
	out := modify(t, newHost(), text,
		fixed(t, "first", "", `{"merge":{"asn":65001}}`),
		fixed(t, "second", "", `{"merge":{"peers":{"B":{"tags":["c"]}}}}`),
	)
	_, err := out.Edit()
	require.ErrorContains(t, err, "what plugin second changed cannot be written: edge.yml:5:20: /peers/B/tags: comments stand between")
	assert.True(t, is[*config.Error](err))
}
