package yamledit_test

import (
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/config/yamledit"
	"github.com/stretchr/testify/require"
)

// aboveEntry is what can stand above an entry; K is its key.
var aboveEntry = []string{
	"", "\n", "# on K\n", "# on K\n\n", "\n# on K\n", "# ------ K\n# ------\n", "\n# off-K: 1\n",
	"# note\n#off-K: 1\n# on K\n", "    # deep K\n", "# at 0 K\n", "\n\n# one K\n\n# two K\n",
}

// TestCommentsKeepTheirOwner: whatever stands above three entries, and
// whichever of them go, the comments right above those that stay are the same.
func TestCommentsKeepTheirOwner(t *testing.T) {
	names := []string{"a", "b", "c"}
	n := len(aboveEntry)
	for i := range n * n * n {
		var text strings.Builder
		text.WriteString("x:\n")
		for k, name := range names {
			above := strings.ReplaceAll(aboveEntry[i/[]int{1, n, n * n}[k]%n], "K", name)
			if !strings.Contains(above, "at 0") && !strings.Contains(above, "deep") {
				above = strings.ReplaceAll(above, "#", "  #")
			}
			text.WriteString(above + "  " + name + ": 1\n")
		}
		for gone := 1; gone < 7; gone++ {
			removeAndCompare(t, text.String()+"y: 1\n", names, gone)
		}
	}
}

// removeAndCompare removes the names whose bits are set.
func removeAndCompare(t *testing.T, text string, names []string, gone int) {
	d, err := yamledit.Parse([]byte(text))
	require.NoError(t, err)
	var ops []yamledit.Op
	for k, name := range names {
		if gone>>k&1 == 1 {
			ops = append(ops, yamledit.Op{Path: tree.Path{"x", name}, Remove: true})
		}
	}
	after, _, err := apply(d, ops)
	require.NoError(t, err)
	for k, name := range names {
		if gone>>k&1 == 0 {
			require.Equal(t, rightAbove(text, name), rightAbove(string(after), name), "%s\n\n%s", text, after)
		}
	}
	require.Empty(t, rightAbove(string(after), "y"), "%s\n\n%s", text, after)
}

// rightAbove returns the comment lines above an entry, up to another line;
// those indented deeper belong to what is above them.
func rightAbove(text, name string) []string {
	lines := strings.Split(text, "\n")
	var above []string
	for _, line := range lines {
		word := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(word, name+":"):
			return above
		case !strings.HasPrefix(word, "#"):
			above = nil
		case !strings.HasPrefix(line, "    #") || len(above) > 0:
			above = append(above, line)
		}
	}
	return nil
}
