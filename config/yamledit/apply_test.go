package yamledit_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what Apply returns into testdata")

// TestApply runs testdata/*.txtar. A case is the files NAME/before, NAME/ops
// and NAME/after (a text) or NAME/refused (place, problem, advice). In texts
// <cr> stands for a carriage return, <bom> for a byte order mark, and <end>
// for the end of a text without a line break.
func TestApply(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runFile(t, file) })
	}
}

func runFile(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	require.NoError(t, err)
	require.NotEmpty(t, a.Files)
	require.Zero(t, len(a.Files)%3, "a case has three files")
	for i := 0; i < len(a.Files); i += 3 {
		name, _, _ := strings.Cut(a.Files[i].Name, "/")
		t.Run(name, func(t *testing.T) { runCase(t, name, a.Files[i:i+3]) })
	}
	if *update {
		require.NoError(t, os.WriteFile(file, txtar.Format(a), 0o600))
	}
}

func runCase(t *testing.T, name string, files []txtar.File) {
	require.Equal(t, []string{name + "/before", name + "/ops"}, []string{files[0].Name, files[1].Name})
	before := decodeText(files[0].Data)
	result, got := outcome(t, before, parseOps(t, string(files[1].Data)))
	if *update {
		files[2] = txtar.File{Name: name + "/" + result, Data: []byte(got)}
	}
	assert.Equal(t, files[2].Name, name+"/"+result)
	assert.Equal(t, string(files[2].Data), got)
}

// apply returns what the result of Apply holds.
func apply(d *yamledit.Document, ops []yamledit.Op) ([]byte, []yamledit.Edit, error) {
	r, err := d.Apply(ops)
	if err != nil {
		return nil, nil, err
	}
	return r.Text, r.Edits, nil
}

func outcome(t *testing.T, before string, ops []yamledit.Op) (result, text string) {
	d, err := yamledit.Parse([]byte(before))
	var after []byte
	if err == nil {
		var edits []yamledit.Edit
		after, edits, err = apply(d, ops)
		checkEdits(t, before, string(after), edits, err)
	}
	if err == nil {
		return "after", encodeText(string(after))
	}
	var refused *yamledit.Error
	if !errors.As(err, &refused) {
		return "failed", err.Error() + "\n"
	}
	require.NotEmpty(t, refused.Hint())
	return "refused", refused.Error() + "\n" + refused.Hint() + "\n"
}

// checkEdits proves that the edits are in order and make the text.
func checkEdits(t *testing.T, before, after string, edits []yamledit.Edit, err error) {
	if err != nil {
		require.Nil(t, edits)
		require.Empty(t, after)
		return
	}
	var b strings.Builder
	at := 0
	for _, e := range edits {
		require.LessOrEqual(t, at, e.Start)
		require.LessOrEqual(t, e.Start, e.End)
		b.WriteString(before[at:e.Start] + e.Text)
		at = e.End
	}
	require.Equal(t, after, b.String()+before[at:])
}

func decodeText(b []byte) string {
	s := strings.NewReplacer("<cr>", "\r", "<bom>", "\ufeff").Replace(string(b))
	if whole, ok := strings.CutSuffix(s, "<end>\n"); ok {
		return whole
	}
	return s
}

func encodeText(s string) string {
	s = strings.NewReplacer("\r", "<cr>", "\ufeff", "<bom>").Replace(s)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "<end>\n"
	}
	return s
}

// parseOps reads lines of the form "set POINTER JSON", "remove POINTER",
// and "integer POINTER" for a mapping whose keys are integers.
func parseOps(t *testing.T, s string) []yamledit.Op {
	var ops []yamledit.Op
	integer := map[string]bool{}
	for line := range strings.Lines(s) {
		word := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 2)
		pointer, value, _ := strings.Cut(word[1], " = ")
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		op := yamledit.Op{Path: path, IntegerKeys: func(p tree.Path) bool { return integer[p.String()] }}
		switch word[0] {
		case "set", "was":
			v, err := tree.Parse([]byte(value))
			require.NoError(t, err, line)
			op.Value = v
		case "remove":
			op.Remove = true
		case "integer":
			integer[pointer] = true
			continue
		default:
			require.Fail(t, "unknown op", line)
		}
		if word[0] == "was" {
			ops[len(ops)-1].Before = op.Value
			continue
		}
		ops = append(ops, op)
	}
	return ops
}

func ExampleDocument_Apply() {
	d, err := yamledit.Parse([]byte("asn: 65000     # ours\npeers:\n  A: {asn: 65001}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := d.Apply([]yamledit.Op{
		{Path: tree.Path{"asn"}, Value: "example"},
		{Path: tree.Path{"peers", "A", "tags"}, Value: []tree.Value{"drained"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", result.Text)
	// Output:
	// asn: example   # ours
	// peers:
	//   A: {asn: 65001, tags: [drained]}
}
