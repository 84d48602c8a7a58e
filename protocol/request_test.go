package protocol

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostLine is a request as a host writes it.
func hostLine(config string) []byte {
	p := ModifyParams{Protocol: Version, Options: raw(`{"a":[1]}`), Context: Context{ConfigDir: "/etc"}, Config: raw(config)}
	text, err := EncodeParams(p)
	if err != nil {
		panic(err)
	}
	return AppendRequest(nil, raw("17"), MethodModify, text)
}

// A short line is read to its end, a long one up to the configuration.
func TestParseRequest(t *testing.T) {
	for _, config := range []string{`{}`, `{"asn":1}`, `{"a":"` + strings.Repeat("x", unreadFrom) + `"}`} {
		line := hostLine(config)
		slow, err := ParseMessage(line)
		require.NoError(t, err)
		r, params, ok := ParseRequest(line)
		require.True(t, ok)
		assert.Equal(t, slow, r)
		all, err := Members(r.Params)
		require.NoError(t, err)
		assert.Equal(t, all, params)
		assert.Equal(t, config, string(params["config"]))
	}
}

func TestParseRequestElse(t *testing.T) {
	long := strings.Repeat("x", unreadFrom)
	good := string(hostLine(`{"a":"` + long + `"}`))
	broken := string(hostLine(`{"a":{"` + long + `":7}}`))
	cases := []struct {
		line string
		ok   bool
	}{
		{good, true},
		{strings.Replace(broken, `":7}}`, `":7`, 1), false}, // does not end as it must
		{strings.Replace(broken, `":7}`, `":}`, 1), true},   // found by who decodes it
		{strings.Replace(broken, `":7}`, `":7`, 1), true},
		{strings.Replace(string(hostLine(`{"a":7}`)), `7}`, `}`, 1), false},
		{strings.Replace(good, `"id":17`, `"id":"17"`, 1), false},
		{strings.Replace(good, `"id":17`, `"id":1.5`, 1), false},
		{strings.Replace(good, `"id":17`, `"id":01`, 1), false},
		{strings.Replace(good, `"id":17,`, ``, 1), false},
		{strings.Replace(good, `"method":"modify"`, `"method":""`, 1), false},
		{strings.Replace(good, `"params":{`, `"params": {`, 1), false},
		{strings.Replace(good, `"options":{`, `"options":{"\ud800":1,`, 1), false},
		{strings.Replace(good, `"options":{`, `"config":1,"options":{`, 1), false},
		{good + " ", false},
		{`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`, true},
		{`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}`, false},
		{`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}}`, false},
		{`{"jsonrpc":"2.0","id":1,"method":"describe","params":[]}`, false},
		{`{"jsonrpc":"2.0","id":1,"method":"describe"}`, false},
		{``, false},
	}
	for _, c := range cases {
		_, _, ok := ParseRequest([]byte(c.line))
		assert.Equal(t, c.ok, ok, "%.300s", c.line)
	}
}

// MSG-9: what hosts write in front of a large configuration is found behind it,
// too.
func TestParseRequestInAnotherOrder(t *testing.T) {
	config := `"config":{"a":"` + strings.Repeat("x", unreadFrom) + `"}`
	for method, keys := range inFront {
		for i, key := range keys {
			others := strings.Join(slices.Concat(keys[:i], keys[i+1:]), `":{},"`)
			line := `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{"` + others + `":{},` + config + `,"` + key + `":{}}}`
			_, params, ok := ParseRequest([]byte(line))
			require.True(t, ok, key)
			assert.Len(t, params, len(keys)+1)
			assert.Equal(t, `{}`, string(params[key]))
		}
	}
}

// The depth is that of the message (FRM-6).
func TestParseRequestDepth(t *testing.T) {
	for depth, want := range map[int]bool{MaxDepth - 2: true, MaxDepth - 1: false} {
		line := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"modify","params":{"x":%s%s}}`, strings.Repeat("[", depth), strings.Repeat("]", depth))
		_, _, ok := ParseRequest([]byte(line))
		assert.Equal(t, want, ok)
		_, err := ParseMessage([]byte(line))
		assert.Equal(t, want, err == nil)
	}
}

// Fast and slow are the same: what ParseRequest takes, ParseMessage reads alike,
// or the configuration that nobody read is at fault. That is so even where other
// keys follow the configuration, which no host writes (MSG-2).
func FuzzParseRequest(f *testing.F) {
	recordedLines(f)
	for _, config := range []string{`{"a":1,"a":2}`, `{"a":{"b":"\ud800"}}`, `{},"x":{}`, `{"a":}`, `{}}`, `[]`} {
		f.Add(bytes.Replace(hostLine(`{"here":0}`), []byte(`{"here":0}`), []byte(config), 1))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		slow, err := ParseMessage(line)
		_, _, ok := ParseRequest(line)
		if ok && len(line) < unreadFrom {
			require.NoError(t, err)
		}
		r, params, ok := parseRequest(line, 0)
		if !ok {
			return
		}
		config, has := params["config"]
		unread := scanner{b: config, around: 2, stacks: &stacks{}}
		faulty := has && unread.all() != nil
		if err != nil {
			require.True(t, faulty, "%q", line)
			return
		}
		require.Equal(t, slow, r)
		all, err := Members(r.Params)
		require.NoError(t, err)
		if faulty {
			require.True(t, bytes.HasPrefix(config, all["config"]), "%q", line)
			return
		}
		require.Equal(t, all, params)
	})
}
