//go:build linux

package host_test

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// BenchmarkOneShot takes turns: a call by a Runner, then the same plugin
// started by os/exec with its stdin and stdout on pipes, and nothing more. The
// ratio of their medians is what the host costs; it must stay below 1.3.
func BenchmarkOneShot(b *testing.B) {
	p := shell(b, printOK)
	r := &host.Runner{Environ: []string{"PATH=/usr/bin:/bin"}}
	var ours, bare []time.Duration
	for b.Loop() {
		start := time.Now()
		_, err := r.Call(context.Background(), p, host.Request{Method: "describe", Params: []byte(request)})
		ours = append(ours, time.Since(start))
		require.NoError(b, err)

		start = time.Now()
		err = runBare(p.Path)
		bare = append(bare, time.Since(start))
		require.NoError(b, err)
	}
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
	b.ReportMetric(microseconds(ours), "ours-µs")
	b.ReportMetric(microseconds(bare), "bare-µs")
	b.ReportMetric(microseconds(ours)/microseconds(bare), "ratio")
}

func runBare(path string) error {
	var out bytes.Buffer
	cmd := exec.Command(path, "describe")
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader([]byte(`{"jsonrpc":"2.0","id":1,"method":"describe","params":` + request + "}\n"))
	cmd.Stdout = &out
	cmd.WaitDelay = patience
	return cmd.Run()
}

// microseconds returns the median.
func microseconds(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)/2].Nanoseconds()) / 1000
}
