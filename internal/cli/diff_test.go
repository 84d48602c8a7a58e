package cli

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
)

// Whatever is set in a configuration, applying the diff by its line numbers,
// without looking for the context elsewhere, gives the new text.
func TestDiffAppliesByItsLineNumbers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var text strings.Builder
		text.WriteString("asn: 65000\npeers:\n")
		for i := range 30 {
			fmt.Fprintf(&text, "  P%d:\n    asn: %d  # number %d\n    neighbors: [192.0.2.%d]\n\n", i, 65001+i, i, i)
		}
		r := edited(t, text.String(), func(v tree.Value) tree.Value {
			for range 1 + random.IntN(8) {
				peer := tree.Path{"peers", "P" + strconv.Itoa(random.IntN(30))}
				switch random.IntN(3) {
				case 0:
					v = tree.Without(v, peer)
				case 1:
					v = tree.With(v, peer.Child("description"), "changed")
				default:
					v = tree.With(v, peer.Child("neighbors"), []tree.Value{"192.0.2.1", "192.0.2.2"})
				}
			}
			return v
		})
		got, err := diff(r, false)
		require.NoError(t, err)
		assert.Equal(t, string(r.edited.Text), patched(t, text.String(), got))
	}
}

func TestDiffAtTheEndOfAFileWithoutNewline(t *testing.T) {
	r := edited(t, "hostname: a\nasn: 1", func(v tree.Value) tree.Value { return tree.With(v, tree.Path{"hostname"}, "b") })
	got, err := diff(r, false)
	require.NoError(t, err)
	assert.Equal(t, "--- edge.yml\n+++ edge.yml\n@@ -1,2 +1,2 @@ zorb\n-hostname: a\n+hostname: b\n asn: 1\n\\ No newline at end of file\n", got)
}

func TestDiffInColor(t *testing.T) {
	r := edited(t, "asn: 1\n", func(v tree.Value) tree.Value { return tree.With(v, tree.Path{"hostname"}, "b") })
	got, err := diff(r, true)
	require.NoError(t, err)
	assert.Contains(t, got, "\x1b[36m@@ -1 +1,2 @@ zorb\x1b[0m\n")
	assert.Contains(t, got, "\x1b[32m+hostname: b\x1b[0m\n")
}

func edited(t *testing.T, text string, change func(tree.Value) tree.Value) *result {
	doc, err := config.Parse("edge.yml", []byte(text))
	require.NoError(t, err)
	after := change(doc.Tree())
	edited, err := doc.Edit(after)
	require.NoError(t, err)
	out := &host.Outcome{Document: doc, Tree: after}
	for _, d := range tree.Diff(doc.Tree(), after) {
		out.Changes = append(out.Changes, config.Change{Pointer: d.Path.String(), Plugin: "zorb"})
	}
	r := newResult(out)
	r.edited = edited
	return r
}

var hunkHeader = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ zorb\n$`)

// patched applies a unified diff, and checks both line numbers of each hunk.
func patched(t *testing.T, text, diff string) string {
	old := strings.SplitAfter(text, "\n")
	var out []string
	at := 0
	for line := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
		case strings.HasPrefix(line, "@@"):
			m := hunkHeader.FindStringSubmatch(line)
			require.NotNil(t, m, line)
			from, to := number(t, m[1], m[2]), number(t, m[3], m[4])
			out = append(out, old[at:from]...)
			at = from
			require.Equal(t, to, len(out), line)
		case line[0] == '+':
			out = append(out, line[1:])
		default:
			require.Equal(t, old[at], line[1:])
			at++
			if line[0] == ' ' {
				out = append(out, line[1:])
			}
		}
	}
	return strings.Join(append(out, old[at:]...), "")
}

// number is how many lines stand before a hunk.
func number(t *testing.T, first, count string) int {
	n, err := strconv.Atoi(first)
	require.NoError(t, err)
	if count == "0" {
		return n
	}
	return n - 1
}
