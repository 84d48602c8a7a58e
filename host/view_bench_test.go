//go:build linux

package host_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

// withPeers is a configuration of many peers.
func withPeers(n int) []byte {
	var b strings.Builder
	b.WriteString("asn: 65000\ntemplates:\n  upstream:\n    local-pref: 80\npeers:\n")
	for i := range n {
		fmt.Fprintf(&b, "  # peer %d\n  P%d:\n    asn: %d   # theirs\n    template: upstream\n    neighbors:\n"+
			"      - 192.0.2.1\n      - 2001:db8::1\n    local-pref: 100\n    tags: [ixp, edge]\n\n", i, i, 64512+i)
	}
	return []byte(b.String())
}

// BenchmarkModifyByView takes turns: modify with a configuration of 17 kB and
// with one of 8.8 MB, by plugins that read little of either. The ratio of the
// medians says what the size of the file costs; it must stay below 2.
func BenchmarkModifyByView(b *testing.B) {
	for _, c := range []struct{ name, scopes, merge string }{
		{"asn", `,"reads":["/asn"],"writes":["/asn"]`, `{"asn":65001}`},
		{"one peer", `,"reads":["/peers/P50"],"writes":["/peers/P50"]`, `{"peers":{"P50":{"local-pref":200}}}`},
		{"a new peer", `,"reads":["/asn"],"writes":["/peers/New"]`, `{"peers":{"New":{"asn":65001}}}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			small, large := modifying(b, 103, c.scopes, c.merge), modifying(b, 51_800, c.scopes, c.merge)
			var short, long []time.Duration
			for b.Loop() {
				short = append(short, small())
				long = append(long, large())
			}
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
			b.ReportMetric(microseconds(short), "17kB-µs")
			b.ReportMetric(microseconds(long), "8.8MB-µs")
			b.ReportMetric(microseconds(long)/microseconds(short), "ratio")
		})
	}
}

// modifying returns what has the plugin modify a configuration with so many
// peers, and measures it.
func modifying(b *testing.B, peers int, scopes, merge string) func() time.Duration {
	program, environ := self("change one")
	environ = append(environ, askedScopes+"="+scopes, askedMerge+"="+merge)
	cached := false
	h := &host.Host{
		Runner: &host.Runner{Environ: environ},
		Cache:  &host.DescribeCache{Dir: b.TempDir(), Used: func(string) { cached = true }},
	}
	b.Cleanup(func() {
		_, err := h.Close()
		require.NoError(b, err)
	})
	doc, err := config.Parse("edge.yml", withPeers(peers))
	require.NoError(b, err)
	steps := []host.Step{{Plugin: discovery.Plugin{Name: program.Name, Path: program.Path}, Env: []string{mark, modeVariable, askedScopes, askedMerge}}}
	modify := func() time.Duration {
		start := time.Now()
		out, err := h.Modify(context.Background(), doc, steps)
		took := time.Since(start)
		require.NoError(b, err)
		require.Len(b, out.Changes, 1)
		return took
	}
	for !cached { // nothing is, of a binary that is as new as this one
		modify()
	}
	return modify
}
