package yamledit_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGenerated runs what FuzzApply checks on documents from a fixed seed.
func TestGenerated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	changed := 0
	for range 2000 {
		choices := make([]byte, 300)
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		c := &chooser{rest: choices}
		if text := generate(c); checkApply(t, text, c) {
			changed++
		}
	}
	assert.Greater(t, changed, 1000, "most generated changes must not be refused")
}

// FuzzString: any string, as value and as key, in lines and in brackets, in
// every kind of quotes, is read back as it is.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "x", "no", "65000:1:0", "1e3", "a: b", " #", "\n", "a\nb\n", "\u2028", "'\"\\", "-", "- ", "0o7", "=", "2024-1-1", "\x00", "é😀", "\ufeff", "---", "a\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		d, err := yamledit.Parse([]byte("a: x\nb: [x]\nc: 'x'\nd: \"x\"\ne: |\n  x\n\nf:\n- \"x\"\ng: {x: y}\nh:\n  x: y\n"))
		require.NoError(t, err)
		key := s
		if len(key) > 100 || key == "x" {
			key = "k"
		}
		ops := []yamledit.Op{
			{Path: tree.Path{"a"}, Value: s},
			{Path: tree.Path{"b"}, Value: []tree.Value{"x", s}},
			{Path: tree.Path{"c"}, Value: s},
			{Path: tree.Path{"d"}, Value: s},
			{Path: tree.Path{"e"}, Value: s},
			{Path: tree.Path{"f"}, Value: []tree.Value{s, "x"}},
			{Path: tree.Path{"g", key}, Value: s},
			{Path: tree.Path{"h", key}, Value: s},
		}
		text, _, err := apply(d, ops)
		require.NoError(t, err)
		after, err := yamledit.Parse(text)
		require.NoError(t, err)
		require.True(t, tree.Equal(applyTo(valueOf(d.Root()), ops), valueOf(after.Root())), "%q", text)
	})
}

// TestEveryPlace sets, adds and removes at every place of real configurations:
// those in testdata, where a part of the places is enough, or all places of
// those in the directory that YAMLEDIT_CONFIGS names.
func TestEveryPlace(t *testing.T) {
	pattern, step := "../../testdata/*/pathvector.yml", 5
	if dir := os.Getenv("YAMLEDIT_CONFIGS"); dir != "" {
		pattern, step = filepath.Join(dir, "*.yml"), 1
	}
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			d, err := yamledit.Parse(text)
			if err != nil && step == 1 {
				t.Skip(err) // somebody's file; ours must parse
			}
			require.NoError(t, err)
			everyPlace(t, d, string(text), step)
		})
	}
}

func everyPlace(t *testing.T, d *yamledit.Document, text string, step int) {
	paths := []tree.Path{}
	collectPaths(d.Root(), tree.Path{}, &paths)
	now := valueOf(d.Root())
	tried, refusals := 0, map[string]int{}
	try := func(op yamledit.Op) {
		tried++
		after, edits, err := apply(d, []yamledit.Op{op})
		var refused *yamledit.Error
		if errors.As(err, &refused) {
			refusals[refused.Problem]++
			return
		}
		require.NoError(t, err, "%v", op)
		checkLines(t, text, string(after), edits)
		result, err := yamledit.Parse(after)
		require.NoError(t, err)
		require.True(t, tree.Equal(applyTo(now, []yamledit.Op{op}), valueOf(result.Root())), "%v", op)
	}
	for i := 0; i < len(paths); i += step {
		for _, op := range opsAt(now, paths[i]) {
			try(op)
		}
	}
	t.Logf("%d places, %d changes, refused: %v", len(paths), tried, refusals)
	require.Empty(t, refusals)
}

// opsAt returns the changes to try at a path.
func opsAt(now tree.Value, path tree.Path) []yamledit.Op {
	ops := []yamledit.Op{{Path: path, Remove: true}}
	values := []tree.Value{
		"new", "x # y", json.Number("4200000000"), true, nil, "a\nb\n",
		[]tree.Value{},
		[]tree.Value{"a", "65000:1:0"},
		object(), object("a", json.Number("1"), "b", object("c", []tree.Value{"x"}), "d", "e\nf"),
	}
	here, _ := tree.Lookup(now, path)
	for _, v := range values {
		ops = append(ops, yamledit.Op{Path: path, Value: v})
		switch here := here.(type) {
		case *tree.Object:
			ops = append(ops, yamledit.Op{Path: path.Child("a new key"), Value: v})
		case []tree.Value:
			ops = append(ops, yamledit.Op{Path: path, Value: append([]tree.Value{v}, here...)},
				yamledit.Op{Path: path, Value: append(append([]tree.Value{}, here...), v)})
		}
	}
	return ops
}
