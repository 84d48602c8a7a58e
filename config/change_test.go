package config

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func TestMasked(t *testing.T) {
	tests := []struct{ pointer, value, want string }{
		{"/peers/A/password", `"s3cret"`, `"********"`},
		{"/peers/A/password", `null`, `"********"`},
		{"/peeringdb-api-key", `"s3cret"`, `"********"`},
		{"/peers/A", `{"asn":1,"password":"s3cret","tags":["x"]}`, `{"asn":1,"password":"********","tags":["x"]}`},
		{"/peers", `{"password":{"asn":1,"password":"s3cret"}}`, `{"password":{"asn":1,"password":"********"}}`},
		{"/later", `[{"password":"s3cret","a":"<b>"},1]`, `[{"password":"********","a":"<b>"},1]`},
		{"/peers/A/description", `"s3cret"`, `"s3cret"`},
		{"no pointer", `"s3cret"`, `"********"`},
	}
	for _, tt := range tests {
		c := Change{Pointer: tt.pointer, Op: tree.Remove, Before: json.RawMessage(tt.value), Plugin: "p"}
		m := c.Masked()
		assert.Equal(t, tt.want, string(m.Before), tt.pointer)
		assert.Nil(t, m.After)
		assert.Equal(t, tt.value, string(c.Before), "the change itself keeps its values")
		assert.Equal(t, "p", m.Plugin)
		assert.Equal(t, tt.want, string(Change{Pointer: tt.pointer, After: json.RawMessage(tt.value)}.Masked().After))
	}
}

func TestChangeAsJSON(t *testing.T) {
	c := newChange(tree.Difference{Path: tree.Path{"asn"}, Op: tree.Add, After: json.Number("1")}, nil)
	c.Plugin, c.Version = "site", "1.0"
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.JSONEq(t, `{"pointer":"/asn","op":"add","after":1,"plugin":"site","version":"1.0"}`, string(text))
	assert.Nil(t, c.Before)
}
