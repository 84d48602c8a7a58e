package config

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func value(t testing.TB, s string) tree.Value {
	t.Helper()
	v, err := tree.Parse([]byte(s))
	require.NoError(t, err, s)
	return v
}

const patched = `{"z":1,"a":[1,2,3],"o":{"x":null,"y":{"k":"v"}},"":{"":0},"m~n":{"a/b":5},"big":123456789012345678901234567890}`

// MOD-4: RFC 6902, without what libraries take beyond it.
func TestPatch(t *testing.T) {
	tests := []struct {
		name, patch string
		want        string // what it makes of {"z":1,"a":[1,2,3],"o":{"x":null}}, or the error
	}{
		{"nothing", `[]`, `{"z":1,"a":[1,2,3],"o":{"x":null}}`},
		{"add a key at the end", `[{"op":"add","path":"/n","value":{"b":1}}]`, `{"z":1,"a":[1,2,3],"o":{"x":null},"n":{"b":1}}`},
		{"add replaces a key in its place", `[{"op":"add","path":"/z","value":2}]`, `{"z":2,"a":[1,2,3],"o":{"x":null}}`},
		{"add inserts", `[{"op":"add","path":"/a/1","value":9}]`, `{"z":1,"a":[1,9,2,3],"o":{"x":null}}`},
		{"add at the end of a list", `[{"op":"add","path":"/a/3","value":9},{"op":"add","path":"/a/-","value":10}]`, `{"z":1,"a":[1,2,3,9,10],"o":{"x":null}}`},
		{"add null", `[{"op":"add","path":"/n","value":null}]`, `{"z":1,"a":[1,2,3],"o":{"x":null},"n":null}`},
		{"add the whole", `[{"op":"add","path":"","value":{"q":1}}]`, `{"q":1}`},
		{"replace", `[{"op":"replace","path":"/a/0","value":"x"},{"op":"replace","path":"/o/x","value":[]}]`, `{"z":1,"a":["x",2,3],"o":{"x":[]}}`},
		{"replace the whole", `[{"op":"replace","path":"","value":{"q":1}},{"op":"add","path":"/r","value":2}]`, `{"q":1,"r":2}`},
		{"remove", `[{"op":"remove","path":"/z"},{"op":"remove","path":"/a/1"},{"op":"remove","path":"/o/x"}]`, `{"a":[1,3],"o":{}}`},
		{"move", `[{"op":"move","from":"/z","path":"/o/z"},{"op":"move","from":"/a/2","path":"/a/0"}]`, `{"a":[3,1,2],"o":{"x":null,"z":1}}`},
		{"move to itself", `[{"op":"move","from":"/z","path":"/z"}]`, `{"z":1,"a":[1,2,3],"o":{"x":null}}`},
		{"copy", `[{"op":"copy","from":"/o","path":"/p"},{"op":"add","path":"/p/y","value":1}]`, `{"z":1,"a":[1,2,3],"o":{"x":null},"p":{"x":null,"y":1}}`},
		{"a copy is one of its own", `[{"op":"add","path":"/o/y","value":1},{"op":"copy","from":"/o","path":"/p"},{"op":"replace","path":"/o/y","value":2}]`, `{"z":1,"a":[1,2,3],"o":{"x":null,"y":2},"p":{"x":null,"y":1}}`},
		{"a copied list is one of its own", `[{"op":"add","path":"/a/-","value":4},{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/a/-","value":5},{"op":"replace","path":"/b/0","value":6}]`, `{"z":1,"a":[1,2,3,4,5],"o":{"x":null},"b":[6,2,3,4]}`},
		{"test", `[{"op":"test","path":"/a","value":[1.0,2,30e-1]},{"op":"test","path":"/o","value":{"x":null}},{"op":"test","path":"","value":{"o":{"x":null},"a":[1,2,3],"z":1}}]`, `{"z":1,"a":[1,2,3],"o":{"x":null}}`},
		{"other keys are ignored", `[{"op":"remove","path":"/z","why":"so"}]`, `{"a":[1,2,3],"o":{"x":null}}`},
		{"below an item", `[{"op":"add","path":"/a/0","value":{"k":1}},{"op":"add","path":"/a/0/l","value":2},{"op":"remove","path":"/a/0/k"}]`, `{"z":1,"a":[{"l":2},1,2,3],"o":{"x":null}}`},

		{"a missing parent", `[{"op":"add","path":"/n/m","value":1}]`, "operation 1: there is no /n/m in the view"},
		{"a parent that is a scalar", `[{"op":"add","path":"/z/m","value":1}]`, "there is no /z/m"},
		{"a scalar on the way", `[{"op":"add","path":"/z/m/n","value":1}]`, "there is no /z/m/n"},
		{"replace nothing", `[{"op":"replace","path":"/n","value":1}]`, "there is no /n"},
		{"replace behind the end", `[{"op":"replace","path":"/a/3","value":1}]`, "there is no /a/3"},
		{"replace -", `[{"op":"replace","path":"/a/-","value":1}]`, "there is no /a/-"},
		{"remove nothing", `[{"op":"test","path":"/z","value":1},{"op":"remove","path":"/n"}]`, "operation 2: there is no /n"},
		{"remove -", `[{"op":"remove","path":"/a/-"}]`, "there is no /a/-"},
		{"remove the whole", `[{"op":"remove","path":""}]`, "the whole view cannot be removed"},
		{"insert too far", `[{"op":"add","path":"/a/4","value":1}]`, "there is no /a/4"},
		{"a negative index", `[{"op":"add","path":"/a/-1","value":1}]`, "there is no /a/-1"},
		{"an index with a zero", `[{"op":"add","path":"/a/01","value":1}]`, "there is no /a/01"},
		{"an index with a sign", `[{"op":"remove","path":"/a/+1"}]`, "there is no /a/+1"},
		{"an escape that is none", `[{"op":"add","path":"/m~2","value":1}]`, "a tilde must be written ~0"},
		{"no slash first", `[{"op":"add","path":"q/z","value":1}]`, "must be empty or start with a slash"},
		{"test of nothing", `[{"op":"test","path":"/n","value":null}]`, "there is no /n"},
		{"a failed test", `[{"op":"test","path":"/z","value":2}]`, "the test failed: /z has another value"},
		{"no value", `[{"op":"add","path":"/n"}]`, "add needs a value"},
		{"test without value", `[{"op":"test","path":"/o/x"}]`, "test needs a value"},
		{"no path", `[{"op":"remove"}]`, "expected a JSON Pointer as path"},
		{"a path that is no text", `[{"op":"remove","path":1}]`, "expected a JSON Pointer as path"},
		{"no from", `[{"op":"copy","path":"/n"}]`, "expected a JSON Pointer as from"},
		{"from nowhere", `[{"op":"move","from":"/n","path":"/m"}]`, "there is no /n"},
		{"copy from nowhere", `[{"op":"copy","from":"/n","path":"/m"}]`, "there is no /n"},
		{"into itself", `[{"op":"move","from":"/o","path":"/o/y"}]`, "cannot be moved into itself"},
		{"another op", `[{"op":"merge","path":"/z","value":1}]`, "expected one of add, remove, replace, move, copy, test"},
		{"no op", `[{"path":"/z","value":1}]`, "expected one of add"},
		{"no object", `[7]`, "operation 1: expected an object with op and path"},
	}
	const before = `{"z":1,"a":[1,2,3],"o":{"x":null}}`
	for _, tt := range tests {
		root := value(t, before)
		got, err := applyPatch(root, value(t, tt.patch).([]tree.Value))
		assert.Equal(t, before, asJSON(root), "%s must leave the view alone", tt.name)
		if strings.HasPrefix(tt.want, "{") {
			require.NoError(t, err, tt.name)
			assert.Equal(t, tt.want, asJSON(got), tt.name)
			continue
		}
		require.ErrorContains(t, err, tt.want, tt.name)
	}
}

// Where the library and this package both take a patch, they agree. Left out
// is what the library gets wrong: the empty key, and copying the whole onto
// itself.
func TestPatchAgreesWithTheLibrary(t *testing.T) {
	pointers := []string{"", "/z", "/a", "/a/0", "/a/2", "/a/3", "/a/-", "/o", "/o/x", "/o/y/k", "/o/n", "/n", "/n/m", "/m~0n/a~1b", "/big"}
	var patches []string
	for _, p := range pointers {
		for _, v := range []string{`1`, `{"k":null}`, `[]`} {
			for _, op := range []string{"add", "replace", "test"} {
				patches = append(patches, fmt.Sprintf(`[{"op":%q,"path":%q,"value":%s}]`, op, p, v))
			}
		}
		patches = append(patches, fmt.Sprintf(`[{"op":"remove","path":%q}]`, p))
		for _, from := range pointers {
			if p == "" && from == "" {
				continue
			}
			for _, op := range []string{"move", "copy"} {
				patches = append(patches, fmt.Sprintf(`[{"op":%q,"from":%q,"path":%q},{"op":"add","path":"/o/later","value":1}]`, op, from, p))
			}
		}
	}
	options := jsonpatch.NewApplyOptions()
	options.SupportNegativeIndices = false
	agreed := 0
	for _, text := range patches {
		got, err := applyPatch(value(t, patched), value(t, text).([]tree.Value))
		library, lerr := jsonpatch.DecodePatch([]byte(text))
		require.NoError(t, lerr)
		want, lerr := library.ApplyWithOptions([]byte(patched), options)
		if err != nil || lerr != nil {
			continue
		}
		agreed++
		assert.True(t, tree.Equal(value(t, string(want)), got), "%s\nlibrary %s\nhere    %s", text, want, asJSON(got))
	}
	assert.Greater(t, agreed, 200)
}

func TestCopiesAreLimited(t *testing.T) {
	var patch []string
	for i := range 40 {
		patch = append(patch, fmt.Sprintf(`{"op":"copy","from":"","path":"/c%d"}`, i))
	}
	_, err := applyPatch(value(t, patched), value(t, "["+strings.Join(patch, ",")+"]").([]tree.Value))
	require.ErrorContains(t, err, "the copies have become larger than 1000000 values")
}

// RFC 7396, appendix A.
func TestMergePatch(t *testing.T) {
	for _, tt := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		target := value(t, tt[0])
		assert.Equal(t, tt[2], asJSON(mergePatch(target, value(t, tt[1]))), "%s with %s", tt[0], tt[1])
		assert.Equal(t, tt[0], asJSON(target))
	}
}

// A patch that changes one large list or object again and again does not copy
// it each time: that would take some 3 GB for every one of these.
func TestPatchOwnsWhatItMakes(t *testing.T) {
	const most = 20_000
	var grow, shrink, drop, copies strings.Builder
	object := &tree.Object{}
	for i := range most {
		fmt.Fprintf(&grow, `{"op":"add","path":"/a/-","value":%d},`, i)
		fmt.Fprintf(&copies, `{"op":"copy","from":"/z","path":"/a/-"},`)
		fmt.Fprintf(&shrink, `{"op":"remove","path":"/a/%d"},`, most-i-1)
		fmt.Fprintf(&drop, `{"op":"remove","path":"/k%d"},`, i)
		object.Set(fmt.Sprintf("k%d", i), nil)
	}
	patch := func(on tree.Value, s string) tree.Value {
		out, err := applyPatch(on, value(t, "["+strings.TrimSuffix(s, ",")+"]").([]tree.Value))
		require.NoError(t, err)
		return out
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	empty := value(t, `{"z":{"y":1},"a":[]}`)
	grown := patch(empty, grow.String())
	list, _ := tree.Lookup(grown, tree.Path{"a"})
	assert.Len(t, list, most)
	assert.Equal(t, `{"z":{"y":1},"a":[]}`, asJSON(patch(grown, shrink.String())))
	assert.Len(t, list, most, "what a patch is applied to stays")
	assert.Equal(t, `{}`, asJSON(patch(object, drop.String())))
	assert.Equal(t, most, object.Len())
	copied, _ := tree.Lookup(patch(empty, copies.String()), tree.Path{"a", "19999"})
	assert.Equal(t, `{"y":1}`, asJSON(copied))
	assert.Equal(t, `{"z":{"y":1},"a":[]}`, asJSON(empty))
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<30))
}

// Neither values nor text grow without a limit.
func TestPatchCopiesTextWithinALimit(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, text := range []string{`"` + long + `"`, `{"` + long + `":1}`, `[1` + strings.Repeat("0", 1<<20) + `]`} {
		copies := strings.Repeat(`{"op":"copy","from":"/s","path":"/a/-"},`, 40)
		_, err := applyPatch(value(t, `{"a":[],"s":`+text+`}`), value(t, "["+strings.TrimSuffix(copies, ",")+"]").([]tree.Value))
		assert.ErrorContains(t, err, "the copies have become larger")
	}
}
