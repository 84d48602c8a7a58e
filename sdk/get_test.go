package sdk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

const getView = `{"asn":4200000000,"a/b":{"c~d":[10,{"e":null}]},"":"nothing","big":12345678901234567890}`

// getter answers with what it got at the pointer in do.
func getter() *sdk.Plugin {
	return kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		var value any
		found, err := c.Get(ctx, c.Options.Do, &value)
		if err != nil {
			return sdk.Result{}, err
		}
		return sdk.Merge(map[string]any{"found": found, "value": value}), nil
	})
}

func getting(pointer string) string {
	return strings.Replace(asking("1", pointer), `{"asn":65000}`, getView, 1)
}

// The same pointers lead to the same values, whether the view that was sent is
// looked into (MSG-12) or the host is asked (ASK-3).
func TestGet(t *testing.T) {
	for pointer, want := range map[string]string{
		"/asn":             `{"found":true,"value":4200000000}`,
		"/big":             `{"found":true,"value":12345678901234567890}`,
		"/":                `{"found":true,"value":"nothing"}`,
		"/a~1b/c~0d/0":     `{"found":true,"value":10}`,
		"/a~1b/c~0d/1/e":   `{"found":true,"value":null}`,
		"/a~1b/c~0d/2":     `{"found":false,"value":null}`,
		"/a~1b/c~0d/-":     `{"found":false,"value":null}`,
		"/a~1b/c~0d/00":    `{"found":false,"value":null}`,
		"/a~1b/c~0d/-1":    `{"found":false,"value":null}`,
		"/asn/x":           `{"found":false,"value":null}`,
		"/ASN":             `{"found":false,"value":null}`,
		"/a~1b/c~0d/1/e/f": `{"found":false,"value":null}`,
	} {
		out, _, _ := ask(t, getter(), getting(pointer), "modify")
		assert.Equal(t, result(`{"merge":`+want+`}`)+"\n", out, pointer)

		h := served(t, getter(), "serve")
		h.write(t, getting(pointer))
		id := question(t, h, pointer)
		reply := want
		if strings.Contains(want, `"found":false`) {
			reply = `{"found":false}`
		}
		h.write(t, `{"jsonrpc":"2.0","id":`+id+`,"result":`+reply+"}\n")
		assert.Equal(t, result(`{"merge":`+want+`}`), h.read(t), pointer)
		assert.Zero(t, h.end(t))
	}
	out, _, _ := ask(t, getter(), getting(""), "modify")
	assert.Contains(t, out, `"found":true,"value":{"":"nothing","a/b":`)
}

// question reads a question for the pointer and returns its id (ASK-1, ASK-2).
func question(t *testing.T, h *peer, pointer string) string {
	t.Helper()
	line := h.read(t)
	require.NoError(t, spec.Validate("config-get-request", []byte(line)), line)
	message, err := protocol.ParseMessage([]byte(line))
	require.NoError(t, err)
	asked := message.(*protocol.Request)
	assert.JSONEq(t, fmt.Sprintf(`{"request":1,"pointer":%q}`, pointer), string(asked.Params))
	return string(asked.ID)
}

func TestGetNoPointer(t *testing.T) {
	for _, pointer := range []string{"asn", "/a~", "/a~2b"} {
		out, _, _ := ask(t, getter(), getting(pointer), "modify")
		assert.Contains(t, out, `"code":-32602,"message":"expected a JSON Pointer, as \"/peers/A/asn\", got `)
	}
}

// What the host answers, and what comes in its place.
func TestGetAnswers(t *testing.T) {
	for _, test := range []struct{ name, reply, want string }{
		{"ASK-4", `"error":{"code":-32602,"message":"this plugin does not read /asn"}`, failed(-32602, "this plugin does not read /asn")},
		{"ASK-5, a host that cannot", `"error":{"code":-32601,"message":"no such method"}`, result(`{"merge":{"found":true,"value":4200000000}}`)},
		{"null", `"result":{"found":true,"value":null}`, result(`{"merge":{"found":true,"value":null}}`)},
		{"no value", `"result":{"found":true}`, `expected config.get to be answered with found and value`},
		{"no object", `"result":[]`, `expected config.get to be answered with found and value`},
		{"found of another kind", `"result":{"found":1}`, `expected config.get to be answered with found and value`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := served(t, getter(), "serve")
			h.write(t, getting("/asn"))
			id := question(t, h, "/asn")
			h.write(t, `{"jsonrpc":"2.0","id":"of another","result":{"found":true,"value":1}}`+"\n")
			h.write(t, `{"jsonrpc":"2.0","id":`+id+`,`+test.reply+"}\n")
			h.write(t, `{"jsonrpc":"2.0","id":`+id+`,"result":{"found":true,"value":2}}`+"\n")
			assert.Contains(t, h.read(t), test.want)
			assert.Zero(t, h.end(t))
		})
	}
}

// A question that nobody can answer any more is answered from the view; one of a
// cancelled call is given up.
func TestGetUnanswered(t *testing.T) {
	h := served(t, getter(), "serve")
	h.write(t, getting("/asn"))
	question(t, h, "/asn")
	h.write(t, cancelling("1"))
	assert.Equal(t, refused("1", -32800, "the host cancelled the call"), h.read(t))
	h.write(t, getting("/asn"))
	question(t, h, "/asn")
	assert.Zero(t, h.end(t))
	assert.Equal(t, []string{result(`{"merge":{"found":true,"value":4200000000}}`)}, h.rest(t))
}

func TestGetIntoAType(t *testing.T) {
	out, _, _ := ask(t, kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		var list []string
		found, err := c.Get(ctx, "/asn", &list)
		assert.True(t, found)
		return sdk.Result{}, err
	}), asking("1", ""), "modify")
	assert.Equal(t, failed(-32602, `/asn: expected a list, got number`)+"\n", out)
}

// One context ends the wait, the other calls go on.
func TestGetContext(t *testing.T) {
	h := served(t, kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
		own, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := c.Get(own, "/asn", nil)
		require.ErrorIs(t, err, context.Canceled)
		return sdk.Result{}, nil
	}), "serve")
	h.write(t, asking("1", ""))
	question(t, h, "/asn")
	assert.Equal(t, answered("1"), h.read(t))
	assert.Zero(t, h.end(t))
}
