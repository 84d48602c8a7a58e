package protocol

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func nested(levels int) string {
	return strings.Repeat(`{"a":[`, levels/2) + strings.Repeat(`]}`, levels/2)
}

// keys is an object with n keys, the last of which is last.
func keys(n int, last string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range n - 1 {
		fmt.Fprintf(&b, `"k%d":{"k0":%d},`, i, i)
	}
	fmt.Fprintf(&b, `"%s":0}`, last)
	return b.String()
}

func TestValidateAccepts(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `""`, `0`, `-0`, `null`, `true`, `false`, " \t\r\n1 \t\r\n",
		`-12.50e+10`, `1E9`, `0.1e-2`, `1e999999999`, strings.Repeat("9", 5000),
		`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀` + "\u007f\u2028\ufffd\U0010ffff" + `"`,
		`"\uD83D\uDE00\uFFFD\u0001"`,
		`[1,[2,{"a":3}],{"a":4,"A":5,"á":6,"":7}]`,
		`{"a":{"a":{"a":1}},"b":{"a":1}}`, `{"a":{"b":1},"b":2}`, `[{"a":1},{"a":2}]`,
		nested(MaxDepth), keys(5, "z"), keys(5000, "z"),
	} {
		assert.NoError(t, Validate([]byte(text)), "%.80s", text)
		assert.True(t, json.Valid([]byte(text)), "%.80s", text)
	}
}

// FRM-3, FRM-4, FRM-5, FRM-6, FRM-9.
func TestValidateRefuses(t *testing.T) {
	for _, row := range []struct {
		text string
		kind Kind
		want string
	}{
		{``, NotAMessage, "the line is empty"},
		{` `, NotAMessage, "the line ends where a value is expected, at byte 2"},
		{`hello`, NotAMessage, `"h" where a value is expected, at byte 1`},
		{`é`, NotAMessage, `"é" where a value`},
		{`{}{}`, NotAMessage, `"{" where nothing after the value is expected, at byte 3`},
		{`1 2`, NotAMessage, "nothing after the value"},
		{`nul`, NotAMessage, "a value"},
		{`truefalse`, NotAMessage, "nothing after"},
		{`NaN`, NotAMessage, "a value"},
		{`01`, NotAMessage, "nothing after"},
		{`+1`, NotAMessage, "a value"},
		{`-`, NotAMessage, "the line ends where a digit"},
		{`1.`, NotAMessage, "a digit"},
		{`.5`, NotAMessage, "a value"},
		{`1e`, NotAMessage, "a digit"},
		{`1e+x`, NotAMessage, `"x" where a digit`},
		{`[1,]`, NotAMessage, `"]" where a value`},
		{`[1 2]`, NotAMessage, `"2" where a comma or ] is expected`},
		{`[1`, NotAMessage, "the line ends where a comma or ]"},
		{`[`, NotAMessage, "the line ends where a value"},
		{`[}`, NotAMessage, `"}" where a value`},
		{`{"a":1,}`, NotAMessage, `"}" where a key in double quotes`},
		{`{a:1}`, NotAMessage, "a key in double quotes"},
		{`{,}`, NotAMessage, "a key"},
		{`{"a" 1}`, NotAMessage, "a colon after the key"},
		{`{"a"`, NotAMessage, "a colon"},
		{`{"a":}`, NotAMessage, "a value"},
		{`{"a":1]`, NotAMessage, "a comma or }"},
		{`"a`, NotAMessage, "the closing quote"},
		{"\"a\tb\"", NotAMessage, "an escape for a control character"},
		{`"\x41"`, NotAMessage, `an escape that JSON knows is expected, at byte 2`},
		{`"\u12g4"`, NotAMessage, "an escape that JSON knows"},
		{`"\u12"`, NotAMessage, "an escape that JSON knows"},
		{`"\`, NotAMessage, "an escape"},
		{`'a'`, NotAMessage, "a value"},
		{"\u00a01", NotAMessage, "a value"},

		{"\xef\xbb\xbf{}", InvalidUTF8, "a byte order mark, at byte 1"},
		{"\xff\xfe{\x00}\x00", InvalidUTF8, "the byte 0xff, at byte 1"},
		{"\"\xc3\"", InvalidUTF8, "the byte 0xc3, at byte 2"},
		{"\"\xed\xa0\x80\"", InvalidUTF8, "the byte 0xed"}, // a surrogate in UTF-8
		{"\"\xc0\x80\"", InvalidUTF8, "the byte 0xc0"},     // a NUL in too many bytes
		{"{\"\xff\":1}", InvalidUTF8, "at byte 3"},
		{`"ab\ud800"`, InvalidUTF8, "half of a surrogate pair as an escape, at byte 4"},
		{`"\ud800\u0041"`, InvalidUTF8, "half"},
		{`"\ud800\ud800"`, InvalidUTF8, "half"},
		{`"\udc00\ud800"`, InvalidUTF8, "half"},
		{`{"\udc00":1}`, InvalidUTF8, "half"},
		{`"\ud800x"`, InvalidUTF8, "half"},

		{"\x00", NULByte, "at byte 1"},
		{"\"a\x00\"", NULByte, "at byte 3"},
		{"{}\x00", NULByte, "at byte 3"},
		{`"\u0000"`, NULByte, `the escape \u0000, at byte 2`},
		{`{"a\u0000":1}`, NULByte, "at byte 4"},

		{`{"a":1,"a":2}`, DuplicateKey, `"a" stands there again, at byte 8`},
		{`{"":1,"":2}`, DuplicateKey, `"" stands`},
		{`{"a":1,"\u0061":2}`, DuplicateKey, `"a" stands`},
		{`{"\/":1,"/":2}`, DuplicateKey, `"/" stands`},
		{`{"\ud83d\ude00":1,"😀":2}`, DuplicateKey, `"😀" stands`},
		{`[{"a":{"b":1,"c":{},"b":2}}]`, DuplicateKey, `"b" stands`},
		{keys(10, "k3"), DuplicateKey, `"k3"`},
		{keys(many+1, "k0"), DuplicateKey, `"k0"`},
		{keys(many+2, "k16"), DuplicateKey, `"k16"`},
		{keys(many+2, "k0"), DuplicateKey, `"k0"`},
		{keys(5000, "k4998"), DuplicateKey, `"k4998"`},

		{nested(MaxDepth + 2), TooDeep, "at most 1000 levels"},
		{`{"a":` + strings.Repeat("[", MaxDepth), TooDeep, "at byte 1005"},
		{strings.Repeat("[", 100_000), TooDeep, "at byte 1001"},
		{strings.Repeat(`{"a":`, 100_000), TooDeep, "at byte 5001"},
	} {
		err := Validate([]byte(row.text))
		var v *Violation
		require.ErrorAs(t, err, &v, "%.80q", row.text)
		assert.Equal(t, row.kind, v.Kind, "%.80q: %v", row.text, v)
		assert.Contains(t, v.Error(), row.want, "%.80q", row.text)
		assert.NotEmpty(t, v.Hint())
	}
}

// Beyond the quoted head of a text the error shows the place.
func TestViolationShowsThePlace(t *testing.T) {
	err := Validate([]byte(`["` + strings.Repeat("x", 5000) + `", 0123456789]`))
	assert.ErrorContains(t, err, `at byte 5007, near "xxxxxxxxxxxxxxxx\", 0123456789]"`)
}
