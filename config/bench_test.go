package config

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// manyPeers is a configuration of 10,000 peers, of about 1.7 MB.
func manyPeers() []byte { return configOf(10_000) }

func configOf(peers int) []byte {
	var b strings.Builder
	b.WriteString("asn: 65000\n\ntemplates:\n  upstream:\n    local-pref: 80\n\npeers:\n")
	for i := range peers {
		fmt.Fprintf(&b, "  # peer %d\n  P%d:\n    asn: %d   # theirs\n    template: upstream\n    neighbors:\n"+
			"      - 192.0.2.1\n      - 2001:db8::1\n    local-pref: 100\n    tags: [ixp, edge]\n\n", i, i, 64512+i)
	}
	return []byte(b.String())
}

// parseAlone is what the YAML library does on its own.
func parseAlone(t testing.TB, text []byte) {
	var n yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &n))
}

// parseAndEdit is all of it: parse, one change, write.
func parseAndEdit(t testing.TB, text []byte, to string) {
	d, err := Parse("edge.yml", text)
	require.NoError(t, err)
	e, err := d.Edit(tree.With(d.Tree(), tree.Path{"peers", "P5000", "local-pref"}, tree.Value(number("200"))))
	require.NoError(t, err)
	require.Len(t, e.Text, len(text))
	require.NoError(t, os.WriteFile(to, e.Text, 0o600))
}

func number(s string) tree.Value {
	v, _ := tree.Parse([]byte(s))
	return v
}

// BenchmarkManyPeers reports how long it takes to parse 10,000 peers, change
// one value and write the file, as a multiple of the time that the YAML library
// takes to parse it.
func BenchmarkManyPeers(b *testing.B) {
	text, to := manyPeers(), filepath.Join(b.TempDir(), "edge.yml")
	b.SetBytes(int64(len(text)))
	alone, all := time.Hour, time.Hour // the shortest ones
	timed := func(best *time.Duration, f func()) {
		runtime.GC()
		start := time.Now()
		f()
		*best = min(*best, time.Since(start))
	}
	for b.Loop() {
		timed(&alone, func() { parseAlone(b, text) })
		timed(&all, func() { parseAndEdit(b, text, to) })
	}
	b.ReportMetric(float64(all)/float64(alone), "x-parse")
}

// BenchmarkPeakMemory reports the same for the peak of the resident memory, of
// processes of their own.
func BenchmarkPeakMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("the peak is read from /proc")
	}
	file := filepath.Join(b.TempDir(), "edge.yml")
	require.NoError(b, os.WriteFile(file, manyPeers(), 0o600))
	var alone, all int
	for b.Loop() {
		alone += peak(b, "alone", file)
		all += peak(b, "all", file)
	}
	b.ReportMetric(float64(alone)/float64(b.N), "kB-parse")
	b.ReportMetric(float64(all)/float64(b.N), "kB")
	b.ReportMetric(float64(all)/float64(alone), "x-parse")
}

const peakOf = "CONFIG_PEAK_OF"

func peak(b *testing.B, of, file string) int {
	exe, err := os.Executable()
	require.NoError(b, err)
	cmd := exec.CommandContext(b.Context(), exe, "-test.run", "^TestPeak$", "-test.v")
	cmd.Env = append(os.Environ(), peakOf+"="+of+":"+file)
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, "%s", out)
	found := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(out)
	require.NotNil(b, found, "%s", out)
	n, err := strconv.Atoi(string(found[1]))
	require.NoError(b, err)
	return n
}

// TestPeak is the process that BenchmarkPeakMemory measures.
func TestPeak(t *testing.T) {
	of, file, asked := strings.Cut(os.Getenv(peakOf), ":")
	if !asked {
		t.Skip("run by BenchmarkPeakMemory")
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	if of == "alone" {
		parseAlone(t, text)
	} else {
		parseAndEdit(t, text, file+".new")
	}
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	t.Logf("%s", status)
}

// BenchmarkViewOfEverything makes the view of a plugin without scopes, writes
// it, and takes over a merge of one value, for both sizes. Only the last need
// not follow the size.
func BenchmarkViewOfEverything(b *testing.B) {
	for _, peers := range []int{100, 50_000} {
		d, err := Parse("edge.yml", configOf(peers))
		require.NoError(b, err)
		result := &protocol.ModifyResult{Merge: []byte(`{"peers":{"P50":{"local-pref":200}}}`)}
		view := NewView(d.Tree(), d, Scopes{})
		b.Run(fmt.Sprint("new ", peers), func(b *testing.B) {
			for b.Loop() {
				NewView(d.Tree(), d, Scopes{})
			}
		})
		b.Run(fmt.Sprint("JSON ", peers), func(b *testing.B) {
			for b.Loop() {
				view.AppendJSON(make([]byte, 0, view.Room()))
			}
		})
		b.Run(fmt.Sprint("merge ", peers), func(b *testing.B) {
			for b.Loop() {
				out, err := view.Apply(result)
				require.NoError(b, err)
				require.Len(b, out.Changes, 1)
			}
		})
	}
}
