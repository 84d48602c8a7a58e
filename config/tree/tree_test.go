package tree

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parse(t testing.TB, s string) Value {
	t.Helper()
	v, err := Parse([]byte(s))
	require.NoError(t, err, s)
	return v
}

func TestParseKeepsOrderNumbersAndText(t *testing.T) {
	for _, s := range []string{
		`null`, `true`, `false`, `""`, `[]`, `{}`,
		`{"z":1,"a":{"y":[1,{"k":null}],"b":2},"m":[]}`,
		`12345678901234567890123456789`, `-0`, `1.10`, `1e5`, `0.1000000000000000000001`,
		`"<pathvector.asn> & \"quoted\" \\ / \n ü 漢"`,
	} {
		assert.Equal(t, s, string(Append(nil, parse(t, s))))
	}
	assert.Equal(t, `{"b":3,"a":2}`, string(Append(nil, parse(t, `{"b":1,"a":2,"b":3}`))), "the last of equal keys counts")
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{``, `{`, `[1`, `{"a"`, `{"a":`, `{"a":1`, `]`, `{]`, `nul`, `1 2`, `{} x`, `{"a":1,}`, `[1,]`} {
		_, err := Parse([]byte(s))
		assert.Error(t, err, s)
	}
	for _, s := range []string{``, `[1`, `{"a":`} {
		_, err := Parse([]byte(s))
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF, s)
	}
}

func TestParseLimitsDepth(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	_, err := Parse(nested(maxDepth))
	require.NoError(t, err)
	_, err = Parse(nested(maxDepth + 1))
	require.ErrorContains(t, err, "deeper than 1000")
	_, err = Parse([]byte(strings.Repeat(`{"a":`, 1_000_000)))
	require.Error(t, err, "deep input must not exhaust the stack")
}

func TestObject(t *testing.T) {
	var o Object
	assert.False(t, o.Has("a"))
	o.Delete("a")
	o.Set("b", "1")
	o.Set("a", "2")
	o.Set("b", "3")
	assert.Equal(t, []string{"b", "a"}, o.Keys())
	assert.Equal(t, 2, o.Len())
	v, ok := o.Get("b")
	assert.True(t, ok)
	assert.Equal(t, "3", v)
	for k := range o.All() {
		assert.Equal(t, "b", k)
		break
	}
	o.Delete("b")
	assert.Equal(t, []string{"a"}, o.Keys())
	text, err := json.Marshal(&o)
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":"2"}`, string(text))
}

// Removing keys keeps the order of the rest, and one that is set again goes to
// the end.
func TestObjectDeletes(t *testing.T) {
	var o Object
	const most = 200_000 // enough to hang if each removal cost as much
	for i := range most {
		o.Set(strconv.Itoa(i), nil)
	}
	for i := range most - 3 {
		o.Delete(strconv.Itoa(i))
	}
	o.Delete("nope")
	last := []string{strconv.Itoa(most - 3), strconv.Itoa(most - 2), strconv.Itoa(most - 1)}
	assert.Equal(t, last, o.Keys())
	o.Delete(last[1])
	o.Set("0", "again")
	o.Set(last[1], "again")
	assert.Equal(t, []string{last[0], last[2], "0", last[1]}, o.Keys())
	assert.Equal(t, 4, o.Len())
	c := o.Copy()
	o.Delete("0")
	assert.Equal(t, []string{last[0], last[2], "0", last[1]}, c.Keys())
	assert.Equal(t, `{"199997":null,"199999":null,"199998":"again"}`, string(Append(nil, &o)))
}

func TestAppendRefusesOtherTypes(t *testing.T) {
	assert.Panics(t, func() { Append(nil, 1) }, "an int is a mistake in this program")
}

func TestEqual(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true},
		{`1`, `10e-1`, true},
		{`100`, `1e2`, true},
		{`100`, `1E+2`, true},
		{`0`, `-0.00e7`, true},
		{`-5`, `-5.0`, true},
		{`5`, `-5`, false},
		{`1`, `1.0000000000000000000000000000001`, false},
		{`9007199254740993`, `9007199254740992`, false},
		{`1e999999999999`, `1e999999999999`, true},
		{`1e999999999999`, `1e999999999998`, false},
		{`1e999999999999`, `10e999999999998`, true},
		{"1e" + strings.Repeat("7", 2<<20), "1e" + strings.Repeat("7", 2<<20), true},
		{"1e" + strings.Repeat("7", 2<<20), "1.0e" + strings.Repeat("7", 2<<20), true},
		{"1e" + strings.Repeat("7", 2<<20), "1e" + strings.Repeat("7", 2<<20-1) + "8", false},
		{`1`, `"1"`, false},
		{`"1"`, `1`, false},
		{`null`, `null`, true},
		{`null`, `false`, false},
		{`null`, `[]`, false},
		{`""`, `[]`, false},
		{`[]`, `[]`, true},
		{`[]`, `{}`, false},
		{`{}`, `[]`, false},
		{`{}`, `null`, false},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `[1,1]`, false},
		{`{"a":1,"b":[{"c":2}]}`, `{"b":[{"c":2.0}],"a":1}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":1}`, `{"a":1,"b":1}`, false},
	}
	for _, tt := range tests {
		a, b := parse(t, tt.a), parse(t, tt.b)
		assert.Equal(t, tt.want, Equal(a, b), "%s and %s", tt.a, tt.b)
		assert.Equal(t, tt.want, Equal(b, a), "%s and %s", tt.b, tt.a)
	}
}

func TestAlike(t *testing.T) {
	for _, keys := range []int{2, 20} {
		a := wide(keys)
		values := make([]Value, keys)
		values[1] = "its own"
		b := a.Alike(values)
		assert.Equal(t, a.Keys(), b.Keys())
		assert.Equal(t, keys, b.Len())
		v, _ := b.Get("P1")
		assert.Equal(t, "its own", v)
		c := b.Copy()
		c.Set("P99", "x")
		c.Delete("P0")
		assert.Equal(t, wide(keys).Keys(), a.Keys())
		assert.Equal(t, wide(keys).Keys(), b.Keys())
		assert.True(t, a.Has("P0"))
		assert.False(t, b.Has("P99"))
	}
}
