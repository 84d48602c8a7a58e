package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
)

// BenchmarkDocument checks 10,000 peers, and reports how long that takes in
// relation to reading the file.
func BenchmarkDocument(b *testing.B) {
	var text strings.Builder
	text.WriteString("asn: 64500\nrouter-id: 192.0.2.1\ntemplates:\n  t: {announce: ['64500:1'], local-pref: 80}\npeers:\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "  Peer %d:\n    asn: %d\n    template: t\n    description: \"the peer\"\n    neighbors: [192.0.2.%d, '2001:db8::%x']\n    import-limit4: 1000\n", i, i+1, i%256, i)
	}
	start := time.Now()
	doc, err := config.Parse("c.yml", []byte(text.String()))
	parsing := time.Since(start)
	require.NoError(b, err)
	for b.Loop() {
		if found := check.Document(doc); len(found) > 0 {
			b.Fatal(found[0].Message)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(parsing), "x-parsing")
}
