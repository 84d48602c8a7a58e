package tree

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func words(differences []Difference) string {
	var b strings.Builder
	for _, d := range differences {
		fmt.Fprintf(&b, "%s %s", d.Op, d.Path)
		if d.Op != Add {
			fmt.Fprintf(&b, " %s", Append(nil, d.Before))
		}
		if d.Op != Remove {
			fmt.Fprintf(&b, " > %s", Append(nil, d.After))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// SCP-7: a result is taken apart value by value.
func TestDiff(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"nothing", `{"a":[1,{"b":2}]}`, `{"a":[1.0,{"b":2}]}`, ""},
		{"order of keys", `{"a":1,"b":2}`, `{"b":2,"a":1}`, ""},
		{"value", `{"a":{"b":1,"c":2}}`, `{"a":{"b":1,"c":3}}`, "replace /a/c 2 > 3\n"},
		{"array is one value", `{"a":[1,2]}`, `{"a":[1,2,3]}`, "replace /a [1,2] > [1,2,3]\n"},
		{"removal counts at its top", `{"a":{"b":{"c":1}}}`, `{"a":{}}`, "remove /a/b {\"c\":1}\n"},
		{"addition", `{}`, `{"a":{"b":1}}`, "add /a > {\"b\":1}\n"},
		{"another kind", `{"a":{"b":1}}`, `{"a":[]}`, "replace /a {\"b\":1} > []\n"},
		{"null is a value", `{"a":null}`, `{}`, "remove /a null\n"},
		{"before's order, then after's", `{"z":1,"a":1}`, `{"n":1,"a":2,"b":1}`, "remove /z 1\nreplace /a 1 > 2\nadd /n > 1\nadd /b > 1\n"},
		{"root", `1`, `2`, "replace  1 > 2\n"},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, words(Diff(parse(t, tt.before), parse(t, tt.after))), tt.name)
	}
}

func TestDiffTrustsSharedObjects(t *testing.T) {
	big := parse(t, `{"a":{"b":1}}`)
	assert.Empty(t, Diff(big, big))
}

func TestLeaves(t *testing.T) {
	after := parse(t, `{"a":{"b":1,"c":{}},"d":[{"e":1}],"f":null}`)
	add := Difference{Path: Path{"x"}, Op: Add, After: after}
	assert.Equal(t, "add /x/a/b > 1\nadd /x/a/c > {}\nadd /x/d > [{\"e\":1}]\nadd /x/f > null\n", words(add.Leaves()))
	for _, d := range []Difference{
		{Path: Path{"x"}, Op: Add, After: &Object{}},
		{Path: Path{"x"}, Op: Remove, Before: after},
		{Path: Path{"x"}, Op: Replace, Before: json.Number("1"), After: after},
	} {
		assert.Equal(t, []Difference{d}, d.Leaves())
	}
}

func TestApplyMakesWhatLacks(t *testing.T) {
	root := parse(t, `{"a":1,"n":null}`)
	got := Apply(root, []Difference{
		{Path: Path{"p", "q"}, Op: Add, After: "x"},
		{Path: Path{"n", "m"}, Op: Add, After: "y"},
		{Path: Path{"a"}, Op: Remove},
		{Path: Path{"gone"}, Op: Remove},
	})
	assert.Equal(t, `{"n":{"m":"y"},"p":{"q":"x"}}`, string(Append(nil, got)))
	assert.Equal(t, `{"a":1,"n":null}`, string(Append(nil, root)))
	assert.Equal(t, root, Apply(root, nil))
}

func TestApplyShares(t *testing.T) {
	root := parse(t, `{"a":{"b":1},"c":{"d":1}}`)
	got := Apply(root, []Difference{{Path: Path{"a", "b"}, Op: Replace, After: "x"}})
	c, _ := Lookup(root, Path{"c"})
	shared, _ := Lookup(got, Path{"c"})
	assert.Same(t, c, shared)
}

// Property: Apply(before, Diff(before, after)) is after, with the additions
// whole or in leaves.
func TestApplyUndoesDiff(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		before, after := anyObject(r, 3), anyObject(r, 3)
		differences := Diff(before, after)
		assertEqual(t, after, Apply(before, differences))
		var leaves []Difference
		for _, d := range differences {
			leaves = append(leaves, d.Leaves()...)
		}
		assertEqual(t, after, Apply(before, leaves))
		again := parse(t, string(Append(nil, after)))
		assertEqual(t, after, again)
		assert.Empty(t, Diff(after, again))
	}
}

func assertEqual(t *testing.T, want, got Value) {
	t.Helper()
	if !Equal(want, got) {
		t.Fatalf("want %s\ngot  %s", Append(nil, want), Append(nil, got))
	}
}

func anyObject(r *rand.Rand, depth int) *Object {
	o := &Object{}
	for range r.IntN(4) {
		o.Set(string(rune('a'+r.IntN(5))), anyValue(r, depth-1))
	}
	return o
}

func anyValue(r *rand.Rand, depth int) Value {
	if depth > 0 && r.IntN(2) == 0 {
		return anyObject(r, depth)
	}
	switch r.IntN(5) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return json.Number([]string{"0", "1", "1.0", "-3", "1e2"}[r.IntN(5)])
	case 3:
		return []Value{"x", json.Number("1")}[:r.IntN(3)]
	}
	return []string{"", "x", "ü\n"}[r.IntN(3)]
}
