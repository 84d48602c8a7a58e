package yamledit_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// seeds calls add with the texts of all cases in testdata.
func seeds(f *testing.F, add func(text string)) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(f, err)
		for _, part := range txtar.Parse(b).Files {
			if strings.HasSuffix(part.Name, "/before") {
				add(decodeText(part.Data))
			}
		}
	}
}

// FuzzParse: any text is parsed or refused without a panic, at places that
// are in the text.
func FuzzParse(f *testing.F) {
	seeds(f, func(text string) { f.Add([]byte(text)) })
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := strings.Count(string(text), "\n") + 1
		lines += strings.Count(string(text), "\r") + strings.Count(string(text), "\u0085") +
			strings.Count(string(text), "\u2028") + strings.Count(string(text), "\u2029")
		d, err := yamledit.Parse(text)
		if err != nil {
			var refused *yamledit.Error
			require.ErrorAs(t, err, &refused)
			require.GreaterOrEqual(t, refused.Line, 1)
			require.LessOrEqual(t, refused.Line, lines)
			require.GreaterOrEqual(t, refused.Column, 1)
			return
		}
		same, edits, err := apply(d, nil)
		require.NoError(t, err)
		require.Empty(t, edits)
		require.Equal(t, string(text), string(same))
	})
}

// FuzzApply: generated ops on generated text give what they give on the
// values of the text, or are refused at a place in it.
func FuzzApply(f *testing.F) {
	f.Add("", []byte{})
	f.Add("", []byte("a generated document and a generated list of changes"))
	seeds(f, func(text string) {
		for op := range byte(12) {
			f.Add(text, []byte{op, op * 5, op * 3, op * 7, op, op * 11, op * 2})
		}
	})
	f.Fuzz(func(t *testing.T, text string, choices []byte) {
		c := &chooser{rest: choices}
		if text == "" {
			text = generate(c)
		}
		checkApply(t, text, c)
	})
}

// checkApply reports whether the ops were applied.
func checkApply(t *testing.T, text string, c *chooser) bool {
	d, err := yamledit.Parse([]byte(text))
	if err != nil {
		return false
	}
	ops := chooseOps(c, d.Root())
	applied, err := d.Apply(ops)
	if err != nil {
		var refused *yamledit.Error
		require.True(t, errors.As(err, &refused), "%v\n%q\n%v", err, text, ops)
		require.GreaterOrEqual(t, refused.Line, 1)
		return false
	}
	if cyclic(d.Root()) {
		return false // what it holds is not defined
	}
	after, edits := applied.Text, applied.Edits
	checkEdits(t, text, string(after), edits, nil)
	checkLines(t, text, string(after), edits)
	checkPaths(t, edits, ops)
	checkInverse(t, text, string(after), edits)
	result, err := yamledit.Parse(after)
	require.NoError(t, err)
	want, got := applyTo(valueOf(d.Root()), ops), valueOf(result.Root())
	require.True(t, tree.Equal(want, got), "%q\n%q\n%v\nwant %s\ngot  %s", text, after, ops, tree.Append(nil, want), tree.Append(nil, got))
	require.True(t, tree.Equal(got, valueOf(applied.Root)), "%q\n%q\n%v\nthe root that Apply returns is %s", text, after, ops, tree.Append(nil, valueOf(applied.Root)))
	return true
}

// checkPaths proves that every edit names an op: what it serves, also where an
// alias asks for an edit elsewhere.
func checkPaths(t *testing.T, edits []yamledit.Edit, ops []yamledit.Op) {
	for _, e := range edits {
		require.True(t, slices.ContainsFunc(ops, func(op yamledit.Op) bool {
			return op.Path.HasPrefix(e.Path) || e.Path.HasPrefix(op.Path)
		}), "%v %v", e, ops)
	}
}

// checkLines proves that lines without an edit are in the result, in order.
func checkLines(t *testing.T, before, after string, edits []yamledit.Edit) {
	rest, at := after, 0
	for line := range strings.Lines(before) {
		start, end := at, at+len(line)
		at = end
		if touched(edits, start, end) {
			continue
		}
		i := strings.Index(rest, line)
		require.GreaterOrEqual(t, i, 0, "the line %q is gone", line)
		rest = rest[i+len(line):]
	}
}

func touched(edits []yamledit.Edit, start, end int) bool {
	for _, e := range edits {
		if e.Start < end && e.End > start || e.Start == e.End && e.Start > start && e.Start < end {
			return true
		}
	}
	return false
}
