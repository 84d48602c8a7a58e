package yamledit_test

import (
	"errors"
	"testing"

	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"second document":         {"a: 1\n---\nb: 1\n", "2:1: expected one YAML document, got the start of a second one"},
		"second empty document":   {"a: 1\n---\n", "2:1: expected one YAML document, got the start of a second one"},
		"broken second document":  {"a: 1\n---\nb: [\n", "3:1: did not find expected node content"},
		"key twice":               {"a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", `5:3: the key here is in this mapping already, on line 3`},
		"key twice, quoted":       {"1: a\n\"1\": b\n", `2:1: the key here is in this mapping already, on line 1`},
		"key twice in a list":     {"a:\n  - {b: 1, b: 2}\n", `2:12: the key here is in this mapping already, on line 2`},
		"merge key twice":         {"a: &a {}\nb:\n  <<: *a\n  <<: *a\n", `4:3: the key here is in this mapping already, on line 3`},
		"password twice":          {"bgp:\n  password:\n    hunter2: 1\n    hunter2: 1\n", `4:5: the key here is in this mapping already, on line 3`},
		"password without colon":  {"asn 1\npassword hunter2\n", "1:1: expected a mapping (key: value) at the top level, got a single value"},
		"invalid UTF-8":           {"a: 1\nb: \xff\n", "2:4: expected UTF-8, got the byte 0xff"},
		"UTF-16":                  {"\xff\xfea\x00", "1:1: expected UTF-8, got the byte 0xff"},
		"control character":       {"a: é\x07\n", "1:5: expected printable text, got the control character U+0007"},
		"NUL":                     {"a: 1\n\x00", "2:1: expected printable text, got the control character U+0000"},
		"list as root":            {"# x\n- 1\n", "2:1: expected a mapping (key: value) at the top level, got a list"},
		"scalar as root":          {"x\n", `1:1: expected a mapping (key: value) at the top level, got a single value`},
		"null as root":            {"--- ~\n", `1:5: expected a mapping (key: value) at the top level, got a single value`},
		"tagged nothing as root":  {"--- !t\n", `1:5: expected a mapping (key: value) at the top level, got a single value`},
		"unknown anchor":          {"\n\nx: 1\ny: *a\n", "4:1: unknown anchor 'a' referenced"},
		"two values":              {"a: b: c\n", "1:1: mapping values are not allowed in this context"},
		"two values later":        {"x: 1\na: b: c\n", "2:1: mapping values are not allowed in this context"},
		"less indented":           {"a:\n  b: 1\n c: 2\n", "3:2: did not find expected key"},
		"less indented, deeper":   {"x:\n  a:\n    b: 1\n   c: 2\nz: 1\n", "4:4: did not find expected key"},
		"text behind a quote":     {"k: 1\nl: 2\nx: 'a' b\ny: 1\n", "3:1: did not find expected key"},
		"key in a list":           {"x:\n  - a\n  b: 1\n", "3:3: did not find expected '-' indicator"},
		"tab":                     {"a: 1\n\tb: 2\n", "2:2: found a tab character that violates indentation"},
		"open bracket":            {"a: 1\nb: [1, 2\nc: 3\n", "2:1: did not find expected ',' or ']'"},
		"open brace in a mapping": {"k:\n  x: {a: 1, b\n  y: 1\n", "2:3: did not find expected ',' or '}'"},
		"open quote":              {"x: 1\na: \"foo\nb: 2\n", "2:1: found unexpected end of stream"},
		"reserved character":      {"x: 1\ny: @a\n", "2:1: found character that cannot start any token"},
		"no colon":                {"x: 1\nfoo\nbar: 1\n", "2:1: could not find expected ':'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := yamledit.Parse([]byte(c.text))
			require.EqualError(t, err, c.want)
			var e *yamledit.Error
			require.True(t, errors.As(err, &e))
			assert.NotEmpty(t, e.Hint())
		})
	}
}

func TestParseAccepts(t *testing.T) {
	for _, text := range []string{"", "\n", "# x\n", "---\n", "--- # x\n...\n", "\ufeff", "\ufeff# x\n"} {
		d, err := yamledit.Parse([]byte(text))
		require.NoError(t, err, "%q", text)
		assert.Nil(t, d.Root(), "%q", text)
	}
	for _, text := range []string{"a: 1", "{}\n", "%YAML 1.1\n---\na: 1\n...\n# end\n", "\ufeffa: \"\ufffd\"\n", "a: 😀\n", "a: x\u2028\n"} {
		d, err := yamledit.Parse([]byte(text))
		require.NoError(t, err, "%q", text)
		require.NotNil(t, d.Root(), "%q", text)
	}
}
