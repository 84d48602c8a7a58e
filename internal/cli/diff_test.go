package cli

import (
	"encoding/json"
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

// Each hunk names the plugins whose changes are in it, and no others, though the
// lines of the peers are so much alike that they could be taken for one
// another's.
func TestDiffNamesThePluginsOfEachHunk(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	hunks := 0
	for range 200 {
		var text strings.Builder
		text.WriteString("asn: 65000\npeers:\n")
		for i := range 30 {
			fmt.Fprintf(&text, "  P%d:\n    tags:\n      - x\n      - x\n      - x\n", i)
		}
		touched := map[string]bool{}
		r := edited(t, text.String(), func(v tree.Value) tree.Value {
			for range 1 + random.IntN(6) {
				name := "P" + strconv.Itoa(random.IntN(30))
				peer := tree.Path{"peers", name}
				if touched[name] {
					continue
				}
				touched[name] = true
				switch random.IntN(4) {
				case 0:
					v = tree.Without(v, peer)
				case 1:
					v = tree.With(v, tree.Path{"peers", name + "b"}, peerWith("x"))
				case 2:
					v = tree.With(v, peer.Child("tags"), []tree.Value{"x", "x", "x", "x"})
				default:
					v = tree.With(v, peer.Child("tags"), []tree.Value{name, "x"})
				}
			}
			return v
		})
		for i := range r.Changes {
			r.Changes[i].Plugin = pluginFor(pathOf(r.Changes[i].Pointer)[1])
		}
		got, err := diff(r, false)
		require.NoError(t, err)
		want := map[string]bool{}
		for _, c := range r.Changes {
			want[c.Plugin] = true
		}
		seen := map[string]bool{}
		for _, h := range strings.Split(got, "\n@@ ")[1:] {
			hunks++
			header, _, _ := strings.Cut(h, "\n")
			_, names, _ := strings.Cut(header, "@@ ")
			require.NotEmpty(t, names, h)
			for name := range strings.SplitSeq(names, ", ") {
				seen[name] = true
				assert.True(t, shows(t, h, name), "%s is named at\n%s", name, h)
			}
		}
		assert.Equal(t, want, seen)
	}
	assert.Greater(t, hunks, 300)
}

func peerWith(tag string) *tree.Object {
	o := &tree.Object{}
	o.Set("tags", []tree.Value{tag})
	return o
}

// pluginFor is the plugin that changes the peer in TestDiffNamesThePluginsOfEachHunk.
func pluginFor(peer string) string { return "of-" + strings.TrimSuffix(peer, "b") }

// shows reports whether a hunk shows lines of the peer of a plugin, or one added
// for it.
func shows(t *testing.T, hunk, plugin string) bool {
	name := strings.TrimPrefix(plugin, "of-")
	m := hunkLines.FindStringSubmatch(hunk)
	require.NotNil(t, m, hunk)
	from, err := strconv.Atoi(m[1])
	require.NoError(t, err)
	count, err := strconv.Atoi(m[2])
	require.NoError(t, err)
	peer, err := strconv.Atoi(name[1:])
	require.NoError(t, err)
	first := 3 + 5*peer
	return from < first+5 && first < from+count || strings.Contains(hunk, "+  "+name+"b:")
}

var hunkLines = regexp.MustCompile(`^-(\d+),(\d+) `)

// A change that another one undoes is in no hunk, and neither is its plugin. An
// edit of many lines of which the middle stays is in two hunks, and its plugin
// is at both.
func TestDiffNamesWhoMadeTheDifference(t *testing.T) {
	var old, items []string
	for i := range 20 {
		old = append(old, fmt.Sprintf("  - x%d", i))
		items = append(items, fmt.Sprintf("x%d", i))
	}
	doc, err := config.Parse("edge.yml", []byte("hostname: a\nblocklist:\n"+strings.Join(old, "\n")+"\nas: 1\n"))
	require.NoError(t, err)
	list := []tree.Value{"first"}
	for _, item := range items[1:19] {
		list = append(list, item)
	}
	after := tree.With(doc.Tree(), tree.Path{"blocklist"}, append(list, "last"))
	out := &host.Outcome{Document: doc, Tree: after, Changes: []config.Change{
		{Pointer: "/hostname", Op: tree.Replace, Before: []byte(`"a"`), After: []byte(`"b"`), Plugin: "one"},
		{Pointer: "/blocklist", Op: tree.Replace, Before: []byte(`[]`), After: []byte(`[]`), Plugin: "two"},
		{Pointer: "/hostname", Op: tree.Replace, Before: []byte(`"b"`), After: []byte(`"a"`), Plugin: "three"},
	}}
	r := newResult(out)
	r.edited, err = doc.Edit(after)
	require.NoError(t, err)
	got, err := diff(r, false)
	require.NoError(t, err)
	assert.Regexp(t, `(?s)^--- edge.yml\n\+\+\+ edge.yml\n@@ -1,6 \+1,6 @@ two\n.*\n@@ -19,5 \+19,5 @@ two\n`, got)
	assert.Equal(t, 2, strings.Count(got, "\n@@ "))
}

// Keys that the file writes in another base are the same keys.
func TestDiffOfAnIntegerKeyInAnotherBase(t *testing.T) {
	r := edited(t, "asn: 1\nauthorized-providers:\n  0xAE: [1]\n", func(v tree.Value) tree.Value {
		return tree.With(v, tree.Path{"authorized-providers", "174"}, []tree.Value{json.Number("2")})
	})
	got, err := diff(r, false)
	require.NoError(t, err)
	assert.Contains(t, got, "@@ -1,3 +1,3 @@ zorb\n")
	assert.Contains(t, got, "+  0xAE: [2]\n")
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
