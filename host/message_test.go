//go:build linux

package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// logs is a plugin that logs in both calls, with an unknown field in describe.
func logs(t *testing.T, name, afterwards string) host.Step {
	return pluginStep(t, name, fmt.Sprintf(`echo '{"jsonrpc":"2.0","method":"log","params":{"request":1,"level":"debug","message":"'$1'"}}'
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%s","version":"1","protocols":[1],"write":[]}}' ;;
modify)
	%s ;;
esac`, name, afterwards))
}

const unknownField = "describe has fields that this host does not know: write (did you mean writes?)"

// MOD-7, MOD-8, NTF-2 to NTF-6, DSC-7: what a plugin says is passed on in
// order, with its name, at once and in the outcome. An error among it fails
// nothing, and neither do params that do not fit.
func TestMessagesArePassedOn(t *testing.T) {
	h, said := newTalkingHost()
	out := modify(t, h, edge, logs(t, "zorb", `
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"shout","message":"hey"}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":7,"message":"odd level"}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":7}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"fields","fields":{"site":"fra1","n":18446744073709551617,"deep":{"b":[1,{}],"a":null},"no":null,"yes":true}}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"no fields","fields":[1]}}'
	echo '{"jsonrpc":"2.0","method":"log"}'
	echo '{"jsonrpc":"2.0","method":"progress","params":{"request":1,"done":1,"total":2}}'
	echo '{"jsonrpc":"2.0","method":"unheard-of"}'
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{},"messages":[{"level":"error","message":"odd peer","pointer":"/peers/A"},{"level":"shout","message":"hey"}]}}'
	exit 3`))
	assert.Equal(t, []host.Message{
		{Plugin: "zorb", Level: "debug", Text: "describe"},
		{Plugin: "zorb", Level: "warning", Text: unknownField, ByHost: true},
		{Plugin: "zorb", Level: "debug", Text: "modify"},
		{Plugin: "zorb", Level: "info", Text: "hey"},
		{Plugin: "zorb", Level: "info", Text: "odd level"},
		{Plugin: "zorb", Level: "info", Text: "fields", Fields: fields(t, `{"site":"fra1","n":18446744073709551617,"deep":{"b":[1,{}],"a":null},"no":null,"yes":true}`)},
		{Plugin: "zorb", Level: "info", Text: "no fields"},
		{Plugin: "zorb", Level: "warning", Text: "answered, and then exit status 3", ByHost: true},
		{Plugin: "zorb", Level: "error", Pointer: "/peers/A", Text: "odd peer"},
		{Plugin: "zorb", Level: "info", Text: "hey"},
	}, out.Messages)
	assert.Equal(t, out.Messages, *said)
}

// A plugin cannot fill the screen: long texts are cut, many are too many
// (MOD-8, NTF-6, ERR-6).
func TestLongTextsAreCut(t *testing.T) {
	h, _ := newTalkingHost()
	plugin := func(answer string) host.Step {
		return pluginStep(t, "zorb", `[ $1 = modify ] || exec echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1]}}'
x=$(head -c 5000 /dev/zero | tr '\0' x)
`+answer)
	}
	const shown, mark = 4 << 10, " … (cut)"
	out := modify(t, h, edge, plugin(`echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"'$x'"}}'
m='{"level":"info","message":"'$x'","pointer":"/'$x'"}'
for i in 1 2 3 4 5 6 7; do m=$m,$m; done
echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{},"messages":['$m,$m']}}'`))
	require.Len(t, out.Messages, 1+127+1)
	assert.Equal(t, strings.Repeat("x", shown)+mark, out.Messages[0].Text)
	assert.Equal(t, strings.Repeat("x", shown)+mark, out.Messages[1].Text)
	assert.Equal(t, "/"+strings.Repeat("x", shown-1)+mark, out.Messages[1].Pointer)
	assert.Equal(t, "sent 129 messages more than are passed on", out.Messages[128].Text)

	_, err := tryModify(t, h, edge, plugin(`echo '{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"'$x'"}}'`))
	assert.EqualError(t, err, "plugin zorb: modify: "+strings.Repeat("x", shown)+mark+" (code 7)")
}

// NTF-8: what belongs to a call that a one-shot plugin was never sent is taken
// for nothing of the one that it was.
func TestNotificationOfAnotherCall(t *testing.T) {
	h, said := newTalkingHost()
	modify(t, h, edge, pluginStep(t, "zorb", `case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1]}}' ;;
modify)
	echo '{"jsonrpc":"2.0","method":"log","params":{"request":2,"level":"info","message":"another"}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"request":"1","level":"info","message":"a text"}}'
	echo '{"jsonrpc":"2.0","method":"log","params":{"request":1,"level":"info","message":"this"}}'
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`))
	assert.Equal(t, []host.Message{{Plugin: "zorb", Level: "info", Text: "this"}}, *said)
}

func newTalkingHost() (*host.Host, *[]host.Message) {
	h, said := newHost(), &[]host.Message{}
	h.Log = slog.New(logged{said})
	return h, said
}

func fields(t *testing.T, text string) *tree.Object {
	v, err := tree.Parse([]byte(text))
	require.NoError(t, err)
	return v.(*tree.Object)
}

// logged is a log that makes messages again of what it is given.
type logged struct{ said *[]host.Message }

func (logged) Enabled(context.Context, slog.Level) bool { return true }
func (l logged) WithAttrs([]slog.Attr) slog.Handler     { return l }
func (l logged) WithGroup(string) slog.Handler          { return l }

func (l logged) Handle(_ context.Context, r slog.Record) error {
	m := host.Message{Level: strings.ToLower(r.Level.String()), Text: r.Message}
	if r.Level == slog.LevelWarn {
		m.Level = "warning"
	}
	for a := range r.Attrs {
		switch a.Key {
		case "plugin":
			m.Plugin = a.Value.String()
		case "pointer":
			m.Pointer = a.Value.String()
		case "by":
			m.ByHost = a.Value.String() == "host"
		case "fields":
			m.Fields = &tree.Object{}
			for _, field := range a.Value.Group() {
				b, err := json.Marshal(field.Value.Any())
				if err != nil {
					return err
				}
				v, err := tree.Parse(b)
				if err != nil {
					return err
				}
				m.Fields.Set(field.Key, v)
			}
		}
	}
	*l.said = append(*l.said, m)
	return nil
}

// NTF-6: a failure does not hide what came before it, from the plugins before
// and from the one that failed.
func TestMessagesBeforeAFailureArePassedOn(t *testing.T) {
	before := []host.Message{
		{Plugin: "first", Level: "debug", Text: "describe"},
		{Plugin: "first", Level: "warning", Text: unknownField, ByHost: true},
		{Plugin: "zorb", Level: "debug", Text: "describe"},
		{Plugin: "zorb", Level: "warning", Text: unknownField, ByHost: true},
		{Plugin: "first", Level: "debug", Text: "modify"},
		{Plugin: "zorb", Level: "debug", Text: "modify"},
	}
	remark := host.Message{Plugin: "zorb", Level: "info", Text: "look"}
	for _, tc := range []struct {
		name, modify string
		more         []host.Message
	}{
		{"it exits", "exit 1", nil},
		{"it answers an error", `echo '{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"no"}}'`, nil},
		{"its result is of no known form", `echo '{"jsonrpc":"2.0","id":1,"result":{}}'`, nil},
		{"its result is refused", `echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"bird-binary":"/x"},"messages":[{"level":"info","message":"look"}]}}'`, []host.Message{remark}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, said := newTalkingHost()
			out, err := tryModify(t, h, edge,
				logs(t, "first", `echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}'`),
				logs(t, "zorb", tc.modify))
			assert.Nil(t, out)
			require.ErrorContains(t, err, "plugin zorb: modify: ")
			assert.Equal(t, append(before, tc.more...), *said)
		})
	}
}

// The same for describe, also when its result or the options are at fault.
func TestMessagesBeforeDescribeFailsArePassedOn(t *testing.T) {
	const schema = `{"required":["site"]}`
	for name, answer := range map[string]string{
		"it exits":                         "",
		"its name is another":              `{"jsonrpc":"2.0","id":1,"result":{"name":"other","version":"1","protocols":[1]}}`,
		"the options do not fit":           `{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"options":` + schema + `}}`,
		"the options' schema is no schema": `{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"options":{"type":1}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			h, said := newTalkingHost()
			_, err := tryModify(t, h, edge, pluginStep(t, "zorb",
				`echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"hello"}}'`+"\nprintf %s '"+answer+"'\n[ -z '"+answer+"' ] || echo"))
			require.ErrorContains(t, err, "plugin zorb: ")
			assert.Equal(t, []host.Message{{Plugin: "zorb", Level: protocol.LevelInfo, Text: "hello"}}, *said)
		})
	}
}

// Whoever embeds the host hands in a log of any kind: levels, the plugin and
// its fields arrive as they are, numbers and the order of keys included.
func TestAnyLogTakesTheMessages(t *testing.T) {
	var b bytes.Buffer
	h := newHost()
	h.Log = slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	modify(t, h, edge, fixed(t, "first", `,"write":[]`, `{"merge":{},"messages":[{"level":"error","message":"odd","pointer":"/asn"}]}`),
		pluginStep(t, "second", `echo '{"jsonrpc":"2.0","method":"log","params":{"level":"debug","message":"not shown"}}'
echo '{"jsonrpc":"2.0","method":"log","params":{"level":"warning","message":"slow","fields":{"plugin":"x","n":18446744073709551617,"deep":{"b":1,"a":[]},"none":null}}}'
echo '{"jsonrpc":"2.0","id":1,"result":{"name":"second","version":"1","protocols":[1],"methods":["describe"]}}'`))
	assert.Equal(t, `{"level":"WARN","msg":"`+unknownField+`","plugin":"first","by":"host"}
{"level":"WARN","msg":"slow","plugin":"second","fields":{"plugin":"x","n":18446744073709551617,"deep":{"b":1,"a":[]},"none":null}}
{"level":"ERROR","msg":"odd","plugin":"first","pointer":"/asn"}
{"level":"WARN","msg":"does not answer modify, so it was not asked","plugin":"second","by":"host"}
`, b.String())
}
