package protocol

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func raw(s string) json.RawMessage { return json.RawMessage(s) }

// Each message is read as these, and written in the form of the line (MSG-2).
func TestMessagesBothWays(t *testing.T) {
	for _, row := range []struct {
		line string
		want Message
	}{
		{`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`, &Request{raw(`1`), "describe", raw(`{"protocol":1}`)}},
		{`{"jsonrpc":"2.0","id":"a","method":"x"}`, &Request{ID: raw(`"a"`), Method: "x"}},
		{`{"jsonrpc":"2.0","method":"log","params":{"b":1.0,"a":"<\u0061>"}}`, &Notification{"log", raw(`{"b":1.0,"a":"<\u0061>"}`)}},
		{`{"jsonrpc":"2.0","method":"a\"<é&"}`, &Notification{Method: `a"<é&`}},
		{`{"jsonrpc":"2.0","id":1,"result":{"b":1,"a":[]}}`, &Response{ID: raw(`1`), Result: raw(`{"b":1,"a":[]}`)}},
		{`{"jsonrpc":"2.0","id":1,"result":null}`, &Response{ID: raw(`1`), Result: raw(`null`)}},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"<no>"}}`, &Response{ID: raw(`1`), Error: &Error{-32601, "<no>", nil}}},
		{`{"jsonrpc":"2.0","id":null,"error":{"code":7,"message":"a","data":[1.0]}}`, &Response{ID: raw(`null`), Error: &Error{7, "a", raw(`[1.0]`)}}},
	} {
		got, err := ParseMessage([]byte(row.line))
		require.NoError(t, err, row.line)
		assert.Equal(t, row.want, got)
		assert.Equal(t, row.line, string(AppendMessage(nil, row.want)))
		assert.Equal(t, "> "+row.line, string(AppendMessage([]byte("> "), row.want)))
	}
}

// Ids are kept byte for byte, whatever a number or string may look like (MSG-3, INV-16).
func TestIDsStayAsTheyAre(t *testing.T) {
	for _, id := range []string{
		`0`, `1`, `-1`, `1.5`, `1.0`, `1e3`, `-0`, `18446744073709551616`, strings.Repeat("9", 400),
		`""`, `"1"`, `"\u0061\/"`, `"\ud83d\ude00"`, `"<&>"`, `"é"`,
	} {
		m, err := ParseMessage([]byte(`{"id": ` + id + ` ,"jsonrpc":"2.0","method":"describe"}`))
		require.NoError(t, err, id)
		require.IsType(t, &Request{}, m)
		got := m.(*Request).ID
		assert.Equal(t, id, string(got))
		m, err = ParseMessage(AppendMessage(nil, &Response{ID: got, Result: raw(`1`)}))
		require.NoError(t, err, id)
		assert.Equal(t, id, string(m.(*Response).ID))
	}
}

// The wire table of protocol/conn has more; these are the lines that a plugin
// may read, or that differ only in the code of the answer.
func TestParseMessageRefuses(t *testing.T) {
	for _, row := range []struct {
		line string
		kind Kind
		rule string
		code int
	}{
		{``, NotAMessage, "FRM-9", CodeParseError},
		{`{"jsonrpc":"2.0","id":1,`, NotAMessage, "FRM-9", CodeParseError},
		{"\xff", InvalidUTF8, "FRM-3", CodeParseError},
		{"\x00", NULByte, "FRM-4", CodeParseError},
		{`{"a":1,"a":1}`, DuplicateKey, "FRM-5", CodeInvalidRequest},
		{strings.Repeat("[", 2000), TooDeep, "FRM-6", CodeInvalidRequest},
		{`[]`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`1`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":null,"id":1,"method":"x"}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"JSONRPC":"2.0","id":1,"method":"x"}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"method":""}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"method":null}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"method":"x","params":null}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"method":"x","params":"a"}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"method":"x","error":null}`, NotAMessage, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":false,"method":"x"}`, BadID, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":{},"method":"x"}`, BadID, "FRM-9", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":{},"result":1}`, BadID, "MSG-3", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","error":{"code":1,"message":"a"}}`, WrongID, "MSG-3", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"a"}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":2147483648,"message":"a"}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":null}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{"Code":1,"message":"a"}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":[]}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":{}}`, BadError, "ERR-1", CodeInvalidRequest},
		{`{"jsonrpc":"2.0","id":1,"error":false}`, BadError, "ERR-1", CodeInvalidRequest},
	} {
		m, err := ParseMessage([]byte(row.line))
		assert.Nil(t, m, "%.80q", row.line)
		var v *Violation
		require.ErrorAs(t, err, &v, "%.80q", row.line)
		assert.Equal(t, row.kind, v.Kind, "%.80q: %v", row.line, v)
		assert.Equal(t, row.rule, v.Rule, "%.80q", row.line)
		assert.Equal(t, row.code, CodeOf(err), "%.80q", row.line)
		assert.Contains(t, v.Error(), Quote([]byte(row.line)))
	}
}

func TestPrettyJSONIsToldToStayInOneLine(t *testing.T) {
	_, err := ParseMessage([]byte(`{`))
	var v *Violation
	require.ErrorAs(t, err, &v)
	assert.Contains(t, v.Hint(), "jq -c")
	_, err = ParseMessage([]byte(`Starting…`))
	require.ErrorAs(t, err, &v)
	assert.Contains(t, v.Hint(), "write everything else to stderr")
}

func TestAppendMessageOfUnusualValues(t *testing.T) {
	for want, m := range map[string]Message{
		`{"jsonrpc":"2.0","id":null,"result":null}`:                               &Response{},
		`{"jsonrpc":"2.0","id":1,"error":{"code":0,"message":""}}`:                &Response{ID: raw(`1`), Result: raw(`1`), Error: &Error{}},
		`{"jsonrpc":"2.0","method":"a�b�\n"}`:                                     &Notification{Method: "a\x00b\xff\n"},
		`{"jsonrpc":"2.0","id":1,"error":{"code":2147483647,"message":"\u2028"}}`: &Response{ID: raw(`1`), Error: &Error{Code: math.MaxInt32, Message: "\u2028"}},
	} {
		got := AppendMessage(nil, m)
		assert.Equal(t, strings.ReplaceAll(want, "�", "\ufffd"), strings.ReplaceAll(string(got), `\ufffd`, "\ufffd"))
		assert.NoError(t, Validate(got))
	}
	assert.Equal(t, "x", string(AppendMessage([]byte("x"), nil)))
}

func TestEncodeParams(t *testing.T) {
	got, err := EncodeParams(ModifyParams{
		Protocol: Version,
		Config:   raw("{\"b\": \"<pathvector.asn> & \\u0061\",\n \"a\": 1.0}"),
		Options:  raw(`{}`),
		Context:  Context{ConfigFile: "/etc/<a>.yml", TimeoutMs: 30000},
	})
	require.NoError(t, err)
	assert.Equal(t, `{"protocol":1,"options":{},`+
		`"context":{"configFile":"/etc/<a>.yml","configDir":"","stateDir":"","timeoutMs":30000,"hostVersion":"","dryRun":false},`+
		`"config":{"b":"<pathvector.asn> & \u0061","a":1.0}}`, string(got))
	_, err = EncodeParams(func() {})
	assert.Error(t, err)
	_, err = EncodeParams(DescribeParams{})
	assert.NoError(t, err)
}
