package protocol

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMembers(t *testing.T) {
	got, err := Members([]byte(` {"a":1, "b\u0063" : {"d":[]} ,"e":null}`))
	require.NoError(t, err)
	assert.Equal(t, map[string]json.RawMessage{"a": []byte("1"), "bc": []byte(`{"d":[]}`), "e": []byte("null")}, got)

	got, err = Members([]byte("{}"))
	require.NoError(t, err)
	assert.Empty(t, got)

	for _, text := range []string{"[1]", `"a"`, "null", "", `{"a":1,"a":2}`, `{"a":`} {
		_, err := Members([]byte(text))
		assert.Error(t, err, text)
	}
}

// What is sent is read as it was (MOD-1), and what has another type is named.
func TestDecodeContext(t *testing.T) {
	want := Context{
		ConfigFile: "/etc/päth \"v\".yml", ConfigDir: "/etc", StateDir: "/var/lib/x",
		TimeoutMs: 1 << 40, HostVersion: "1.2.3", DryRun: true,
	}
	text, err := EncodeParams(want)
	require.NoError(t, err)
	got, err := DecodeContext(text)
	require.NoError(t, err)
	assert.Equal(t, want, *got)

	got, err = DecodeContext([]byte(`{"x-new":[1],"ConfigFile":1}`))
	require.NoError(t, err)
	assert.Equal(t, Context{}, *got)

	for text, problem := range map[string]string{
		`[]`:                     `context must be an object, and is "[]"`,
		`{"configFile":1}`:       `context.configFile must be a string, and is "1"`,
		`{"configDir":null}`:     `context.configDir must be a string, and is "null"`,
		`{"stateDir":[]}`:        `context.stateDir must be a string, and is "[]"`,
		`{"hostVersion":{}}`:     `context.hostVersion must be a string, and is "{}"`,
		`{"timeoutMs":1.5}`:      `context.timeoutMs must be an integer, and is "1.5"`,
		`{"timeoutMs":"1"}`:      `context.timeoutMs must be an integer, and is "\"1\""`,
		`{"dryRun":"true"}`:      `context.dryRun must be true or false, and is "\"true\""`,
		`{"a":1,"dryRun":1,"b"}`: `context must be an object, and is "{\"a\":1,\"dryRun\":1,\"b\"}"`,
	} {
		_, err := DecodeContext([]byte(text))
		assert.EqualError(t, err, problem)
	}
}
