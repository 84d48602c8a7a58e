package config

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// SCP-10: no error shows a password, however the line that it stands on is
// mistaken.
func TestErrorsKeepPasswords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"password:hunter2\n", "1:1: expected a mapping (key: value) at the top level, got "},
		{"*hunter2\n", "an alias (*) names an anchor that is not there"},
		{"peers: password:hunter2\n", "1:8: /peers: expected a mapping, got a text"},
		{"peers:\n  A:\n    password:hunter2\n", "3:5: /peers/A: expected a mapping, got a text"},
		{"peers:\n  A:\n    neighbors: \n      password:hunter2\n", "/peers/A/neighbors: expected a list, got a text"},
		{"peers:\n  A:\n    password: *hunter2\n", "an alias (*) names an anchor that is not there"},
		{"peers:\n  A:\n    password: &hunter2 [*hunter2]\n", "/peers/A/password: "},
		{"peers:\n  A:\n    password: {hunter2}\n", "/peers/A/password: "},
		{"peers:\n  A:\n    password: [hunter2]\n", "/peers/A/password: "},
		{"peers:\n  A:\n    password: !!int hunter2\n", "/peers/A/password: "},
		{"peers:\n  A:\n    password: {hunter2: 1}\n", "/peers/A/password: "},
		{"peers:\n  A:\n    password: @hunter2\n", "found character that cannot start any token"},
		{"peers:\n  A:\n    password: !hun!hunter2 x\n", "tag"},
		{"peers:\n  A:\n    asn: 1\n    password:hunter2\n", "4:5: "},
		{"peers:\n  A:\n    <<: hunter2\n", "expected a mapping or a list of mappings after <<, got a text"},
	}
	for _, tt := range tests {
		_, err := Parse("f.yml", []byte(tt.text))
		var e *Error
		if assert.ErrorAs(t, err, &e, tt.text) {
			assert.Contains(t, e.Error(), tt.want, tt.text)
			assert.NotContains(t, e.Error()+e.Hint(), "hunter2", tt.text)
		}
	}
}

// Errors stay short however deep the value is that they are about.
func TestErrorsShortenPointers(t *testing.T) {
	text := "later: " + strings.Repeat("{key: ", maxDepth) + "1" + strings.Repeat("}", maxDepth) + "\n"
	_, err := Parse("f.yml", []byte(text))
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Greater(t, len(e.Pointer), 3000, "programs get it whole")
	assert.Less(t, len(e.Error()), 300)
	assert.Contains(t, e.Error(), "/later/key/key/")
	assert.Contains(t, e.Error(), "…: nested deeper than")

	deep := "/" + strings.Repeat("ü/", 1000) + "x"
	for _, err := range []error{
		&ValueError{Pointer: deep, Want: "text", Got: "1"},
		&RefusedError{Pointer: deep, Problem: "it is so"},
		missing(path(t, deep)),
	} {
		assert.Less(t, len(err.Error()), 300)
		assert.Contains(t, err.Error(), "/ü/ü/ü")
		assert.Contains(t, err.Error(), "…")
		assert.True(t, utf8.ValidString(err.Error()))
	}
	_, err = tree.ParsePointer(deep + "~")
	assert.Less(t, len(err.Error()), 400)
}
