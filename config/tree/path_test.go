package tree

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPointer(t *testing.T) {
	tests := []struct {
		pointer string
		path    Path
	}{
		{"", Path{}},
		{"/", Path{""}},
		{"/peers/Example Transit/asn", Path{"peers", "Example Transit", "asn"}},
		{"/a~1b/m~0n/~01", Path{"a/b", "m~n", "~1"}},
		{"/é/", Path{"é", ""}},
	}
	for _, tt := range tests {
		path, err := ParsePointer(tt.pointer)
		require.NoError(t, err)
		assert.Equal(t, tt.path, path)
		assert.Equal(t, tt.pointer, path.String())
	}
	for _, pointer := range []string{"peers", "/a~", "/a~2", "/~x"} {
		_, err := ParsePointer(pointer)
		assert.Error(t, err, pointer)
	}
}

func TestChildDoesNotShareMemory(t *testing.T) {
	p := make(Path, 1, 8)
	p[0] = "peers"
	a, b := p.Child("A"), p.Child("B")
	assert.Equal(t, Path{"peers", "A"}, a)
	assert.Equal(t, Path{"peers", "B"}, b)
}

func TestHasPrefix(t *testing.T) {
	p := Path{"peers", "A"}
	assert.True(t, p.HasPrefix(Path{}))
	assert.True(t, p.HasPrefix(Path{"peers"}))
	assert.True(t, p.HasPrefix(p))
	assert.False(t, p.HasPrefix(Path{"peer"}))
	assert.False(t, p.HasPrefix(Path{"peers", "A", "asn"}))
}

func TestLookup(t *testing.T) {
	v := parse(t, `{"a":{"":1,"x/y":2},"l":[10,[20]],"n":null}`)
	tests := []struct {
		path Path
		want string // "" for none
	}{
		{Path{"a", ""}, "1"},
		{Path{"a", "x/y"}, "2"},
		{Path{"l", "0"}, "10"},
		{Path{"l", "1", "0"}, "20"},
		{Path{"n"}, "null"},
		{Path{"b"}, ""},
		{Path{"a", "", "deeper"}, ""},
		{Path{"l", "2"}, ""},
		{Path{"l", "-1"}, ""},
		{Path{"l", "00"}, ""},
		{Path{"l", "+0"}, ""},
		{Path{"l", "-"}, ""},
	}
	for _, tt := range tests {
		got, ok := Lookup(v, tt.path)
		assert.Equal(t, tt.want != "", ok, tt.path.String())
		if ok {
			assert.Equal(t, tt.want, string(Append(nil, got)), tt.path.String())
		}
	}
}

func TestWithAndWithout(t *testing.T) {
	const before = `{"a":{"b":1,"c":2},"d":3}`
	v := parse(t, before)
	tests := []struct {
		name string
		got  Value
		want string
	}{
		{"replace", With(v, Path{"a", "b"}, "x"), `{"a":{"b":"x","c":2},"d":3}`},
		{"add at the end", With(v, Path{"a", "e"}, nil), `{"a":{"b":1,"c":2,"e":null},"d":3}`},
		{"make what lacks", With(v, Path{"p", "q", "r"}, true), `{"a":{"b":1,"c":2},"d":3,"p":{"q":{"r":true}}}`},
		{"in place of no object", With(v, Path{"d", "e"}, "x"), `{"a":{"b":1,"c":2},"d":{"e":"x"}}`},
		{"all", With(v, Path{}, "x"), `"x"`},
		{"remove", Without(v, Path{"a", "b"}), `{"a":{"c":2},"d":3}`},
		{"remove what is not there", Without(v, Path{"a", "x", "y"}), before},
		{"remove in no object", Without(v, Path{"d", "e"}), before},
		{"remove nothing", Without(v, Path{}), before},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, string(Append(nil, tt.got)), tt.name)
		assert.Equal(t, before, string(Append(nil, v)), "%s must leave the first tree alone", tt.name)
	}
}
