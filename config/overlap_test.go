package config

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// by makes a change from "plugin pointer before after", where - is no value.
func by(s string) Change {
	words := strings.Fields(s)
	c := Change{Plugin: words[0], Pointer: words[1], Op: tree.Replace}
	if words[2] == "-" {
		c.Op = tree.Add
	} else {
		c.Before = json.RawMessage(words[2])
	}
	if words[3] == "-" {
		c.Op = tree.Remove
	} else {
		c.After = json.RawMessage(words[3])
	}
	return c
}

func TestOverlaps(t *testing.T) {
	tests := []struct {
		name, changes, want string
	}{
		{"different values", "a /x 1 2; b /y 1 2; b /xy 1 2", ""},
		{"the same value", "a /x 1 2; b /x 2 3", "/x 0 1"},
		{"one plugin alone", "a /x 1 2; a /x 2 3", ""},
		{"back to what it was", "a /x 1 2; b /x 2 1", "/x 0 1"},
		{"a third one meets the last of them", "a /x 1 2; b /x 2 3; c /x 3 4", "/x 0 1; /x 1 2"},
		{"removed", "a /x 1 2; b /x 2 -", "/x 0 1"},
		{"removed, then set again", "a /x 1 -; b /x - 2", "/x 0 1"},

		{"what is around it is removed", `a /p/x - 1; b /p {"x":1,"y":2} -`, "/p/x 0 1"},
		{"each value in it", `a /p/x - 1; a /p/y - 2; b /p {"x":1,"y":2} -`, "/p/x 0 2; /p/y 1 2"},
		{"both remove it", `a /p/x 1 -; b /p {"y":2} -`, ""},
		{"what is around it becomes a scalar", `a /p/x - 1; b /p {"x":1} 5`, "/p/x 0 1"},
		{"removed with all in it, and a key set again", `a /p {"x":1} -; b /p/x - 1`, "/p/x 0 1"},
		{"removed, and another key set", `a /p {"x":1} -; b /p/y - 1`, "/p/y 0 1"},
		{"an empty object filled", `a /p - {}; b /p/y - 1`, ""},
		{"beside what an object set", `a /p 5 {"x":1}; b /p/y - 1`, ""},
		{"in what an object set", `a /p 5 {"x":1}; b /p/x 1 2`, "/p/x 0 1"},
		{"a null that becomes an object", `a /p 5 null; b /p/x - 2`, "/p/x 0 1"},
		{"only the last one below counts", `a /p {"x":1} -; b /p/x - 1; c /p {"x":1} -`, "/p/x 0 1; /p/x 1 2"},
		{"removed again around", `a /p {"x":1} -; b /q 1 2; c /p/x - 1; c /p/y - 1`, "/p/x 0 2; /p/y 0 3"},
		{"keys with slashes and tildes", `a /p~1q/~0 1 2; b /p~1q/~0 2 3`, "/p~1q/~0 0 1"},

		{"a list that grows", `a /l ["x"] ["x","y"]; b /l ["x","y"] ["x","y","z"]`, "/l 0 1 extends"},
		{"a list made and extended in front", `a /l - ["y"]; b /l ["y"] ["z","y"]`, "/l 0 1 extends"},
		{"a list that loses what was added", `a /l ["x"] ["x","y"]; b /l ["x","y"] ["x","z"]`, "/l 0 1"},
		{"a list that loses what was there before", `a /l ["x"] ["x","y"]; b /l ["x","y"] ["y"]`, "/l 0 1 extends"},
		{"a list that gets back what was taken out", `a /l ["x","y"] ["x"]; b /l ["x"] ["x","y"]`, "/l 0 1"},
		{"a list that stays without it", `a /l ["x","y"] ["x"]; b /l ["x"] ["x","z"]`, "/l 0 1 extends"},
		{"one of two equal items", `a /l [1,1] [1]; b /l [1] [1,2]`, "/l 0 1 extends"},
		{"a second equal item", `a /l [1] [1,1]; b /l [1,1] [1]`, "/l 0 1"},
		{"an order that stays", `a /l [2,1] [1,2]; b /l [1,2] [1,3,2]`, "/l 0 1 extends"},
		{"an order that does not", `a /l [2,1] [1,2]; b /l [1,2] [2,1]`, "/l 0 1"},
		{"a list that becomes a scalar", `a /l [1] [1,2]; b /l [1,2] 1`, "/l 0 1"},
		{"numbers that are equal", `a /x 1 2; b /x 2 2.0`, ""},
	}
	for _, tt := range tests {
		var h History
		for c := range strings.SplitSeq(tt.changes, "; ") {
			h = append(h, by(c))
		}
		var got []string
		for _, o := range h.Overlaps() {
			words := fmt.Sprintf("%s %d %d", o.Pointer, o.Earlier, o.Later)
			if o.Extends {
				words += " extends"
			}
			got = append(got, words)
		}
		assert.Equal(t, tt.want, strings.Join(got, "; "), tt.name)
	}
}

// For changes as plugins make them, a value on which no change overlaps is as
// the plugin that set it left it.
func TestWithoutOverlapEveryPluginsValuesStand(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	quiet := 0
	for range 3000 {
		now := tree.Value(&tree.Object{})
		var h History
		for plugin := range 3 {
			after := now
			for range 1 + random.IntN(2) {
				after = scribble(random, after)
			}
			for _, d := range tree.Diff(now, after) {
				for _, leaf := range leaves(d) {
					c := newChange(leaf, nil)
					c.Plugin = fmt.Sprint(plugin)
					h = append(h, c)
				}
			}
			now = after
		}
		touched := map[int]bool{}
		for _, o := range h.Overlaps() {
			touched[o.Earlier] = true
		}
		for i, c := range h {
			if touched[i] {
				continue
			}
			quiet++
			is, ok := tree.Lookup(now, c.path())
			if c.After == nil {
				assert.False(t, ok, "%s in %v", c.Pointer, h)
			} else if _, object := is.(*tree.Object); !object {
				assert.Equal(t, string(c.After), string(tree.Append(nil, is)), "%s in %v", c.Pointer, h)
			}
		}
	}
	assert.Greater(t, quiet, 3000)
}

// scribble sets or removes one of a few places.
func scribble(random *rand.Rand, v tree.Value) tree.Value {
	paths := []string{"/a", "/b", "/a/x", "/a/y", "/b/x", "/b/x/k"}
	p, _ := tree.ParsePointer(paths[random.IntN(len(paths))])
	switch random.IntN(5) {
	case 0:
		return tree.Without(v, p)
	case 1:
		return tree.With(v, p, &tree.Object{})
	}
	return tree.With(v, p, json.Number(fmt.Sprint(random.IntN(3))))
}
