package tree

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// model is an object as a plain list of its keys and values.
type model []pair

type pair struct {
	key   string
	value Value
}

func (m model) find(key string) int {
	return slices.IndexFunc(m, func(p pair) bool { return p.key == key })
}

func (m model) set(key string, v Value) model {
	if i := m.find(key); i >= 0 {
		m[i].value = v
		return m
	}
	return append(m, pair{key, v})
}

func (m model) delete(key string) model {
	if i := m.find(key); i >= 0 {
		return slices.Delete(m, i, i+1)
	}
	return m
}

// diff is Diff for objects in which no object is.
func (m model) diff(after model) []Difference {
	var out []Difference
	for _, p := range m {
		at := Path{p.key}
		switch i := after.find(p.key); {
		case i < 0:
			out = append(out, Difference{Path: at, Op: Remove, Before: p.value})
		case p.value != after[i].value:
			out = append(out, Difference{Path: at, Op: Replace, Before: p.value, After: after[i].value})
		}
	}
	for _, p := range after {
		if m.find(p.key) < 0 {
			out = append(out, Difference{Path: Path{p.key}, Op: Add, After: p.value})
		}
	}
	return out
}

// version is an object and what it has to be, for good.
type version struct {
	object *Object
	model  model
}

func (v version) check(t *testing.T, r *rand.Rand, keys int) {
	t.Helper()
	all := model{}
	for key, value := range v.object.All() {
		all = append(all, pair{key, value})
	}
	require.Equal(t, v.model, all)
	require.Equal(t, len(v.model), v.object.Len())
	require.Len(t, v.object.Keys(), len(v.model))
	var picked []string
	for range 5 {
		key := strconv.Itoa(r.IntN(keys))
		picked = append(picked, key)
		value, ok := v.object.Get(key)
		i := v.model.find(key)
		require.Equal(t, i >= 0, ok, key)
		require.Equal(t, i >= 0, v.object.Has(key), key)
		if ok {
			require.Equal(t, v.model[i].value, value, key)
			require.Equal(t, key, v.object.Keys()[i])
		}
	}
	want, got := model{}, model{}
	for _, p := range v.model {
		if slices.Contains(picked, p.key) {
			want = append(want, p)
		}
	}
	for key, value := range v.object.Pick(append(picked, picked...)) {
		got = append(got, pair{key, value})
	}
	require.Equal(t, want, got)
}

// change makes some changes to a copy, in one of the ways in which there are
// changes.
func (v version) change(r *rand.Rand, keys int) version {
	m := slices.Clone(v.model)
	o := v.object.Copy()
	var differences []Difference
	for range 1 + r.IntN(4) {
		key, value := strconv.Itoa(r.IntN(keys)), Value(strconv.Itoa(r.IntN(3)))
		if r.IntN(3) == 0 {
			m = m.delete(key)
			o.Delete(key)
			continue
		}
		m = m.set(key, value)
		o.Set(key, value)
		differences = append(differences, Difference{Path: Path{key}, Op: Add, After: value})
	}
	switch r.IntN(4) {
	case 0: // what is set last counts, and a removal does not
		m = slices.Clone(v.model)
		for _, d := range differences {
			m = m.set(d.Path[0], d.After)
		}
		return version{Apply(v.object, differences).(*Object), m}
	case 1:
		key := strconv.Itoa(r.IntN(keys))
		return version{With(v.object, Path{key}, "with").(*Object), slices.Clone(v.model).set(key, "with")}
	case 2:
		key := strconv.Itoa(r.IntN(keys))
		return version{Without(v.object, Path{key}).(*Object), slices.Clone(v.model).delete(key)}
	}
	return version{o, m}
}

// Property: whatever becomes of an object and of what was made of it, each
// version is what a plain list says, and stays it, and so is what any two
// differ in.
func TestVersions(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		size := []int{3, 60, 70, 300}[r.IntN(4)]
		keys := size + size/4 + 1
		first := version{object: &Object{}, model: model{}}
		for i := range size {
			first.object.Set(strconv.Itoa(i), "0")
			first.model = first.model.set(strconv.Itoa(i), "0")
		}
		all := []version{first}
		for range 60 {
			next := all[max(0, len(all)-1-r.IntN(3))].change(r, keys)
			next.check(t, r, keys)
			all = append(all, next)
		}
		for range 60 {
			a, b := all[r.IntN(len(all))], all[r.IntN(len(all))]
			a.check(t, r, keys)
			require.Equal(t, words(a.model.diff(b.model)), words(Diff(a.object, b.object)))
			require.Equal(t, len(a.model.diff(b.model)) == 0, Equal(a.object, b.object))
		}
	}
}

// wide is an object of many objects.
func wide(size int) *Object {
	o := &Object{}
	for i := range size {
		child := &Object{}
		child.Set("asn", json.Number(strconv.Itoa(i)))
		o.Set(fmt.Sprint("P", i), child)
	}
	return o
}

// A change of one of many values copies next to nothing, and neither does
// finding it.
func TestChangesOfLargeObjectsAreSmall(t *testing.T) {
	root := With(nil, Path{"peers"}, wide(50_000))
	at := Path{"peers", "P25000", "asn"}
	change := []Difference{{Path: at, Op: Replace, After: json.Number("1")}}
	allocations := testing.AllocsPerRun(10, func() {
		after := Apply(root, change)
		require.Len(t, Diff(root, after), 1)
		require.False(t, Equal(root, after))
		require.Len(t, Diff(after, Without(With(after, Path{"peers", "new"}, "x"), at)), 2)
	})
	assert.Less(t, allocations, 1000.0) // not 50,000
}

// Many changes of one object, each of a version of its own, cost by their
// number.
func TestManyVersions(t *testing.T) {
	const size = 200_000 // enough to hang if each took a copy
	o := wide(size)
	for i := range 5000 {
		o = With(o, Path{fmt.Sprint("P", i)}, "x").(*Object)
	}
	assert.Equal(t, size, o.Len())
	assert.Len(t, Diff(wide(size), o), 5000)
}

// BenchmarkWith changes one value in objects of both sizes, and reports how
// many times longer it takes in the large one.
func BenchmarkWith(b *testing.B) {
	benchmark := func(size int) func(*testing.B) {
		root := With(nil, Path{"peers"}, wide(size))
		at := Path{"peers", fmt.Sprint("P", size/2), "asn"}
		return func(b *testing.B) {
			for b.Loop() {
				after := Apply(root, []Difference{{Path: at, Op: Replace, After: json.Number("1")}})
				require.Len(b, Diff(root, after), 1)
			}
		}
	}
	b.Run("100", benchmark(100))
	b.Run("50000", benchmark(50_000))
}
