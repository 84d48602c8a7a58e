//go:build linux

package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
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

// runByHand is a call without the comforts of os/exec.
func runByHand(path, method string) error {
	stdin, request, err := os.Pipe()
	if err != nil {
		return err
	}
	defer request.Close()
	answer, stdout, err := os.Pipe()
	if err != nil {
		return err
	}
	defer answer.Close()
	p, err := os.StartProcess(path, []string{path, method}, &os.ProcAttr{
		Dir: "/", Env: []string{"PATH=/usr/bin:/bin"}, Files: []*os.File{stdin, stdout, nil},
	})
	stdin.Close()
	stdout.Close()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(request, `{"jsonrpc":"2.0","id":1,"method":%q,"params":{"protocol":1}}`+"\n", method)
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		return err
	}
	request.Close()
	if _, err := io.ReadAll(answer); err != nil {
		return err
	}
	_, err = p.Wait()
	return err
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

// BenchmarkModify takes turns: modify with 20 plugins in sh whose scopes do not
// touch, then the same 40 calls by as many workers that fork, exec, write,
// read and wait, and nothing more. The ratio of the medians must stay below
// 1.3.
func BenchmarkModify(b *testing.B) {
	const plugins, workers = 20, 4
	h := &host.Host{Runner: &host.Runner{Environ: []string{"PATH=/usr/bin:/bin"}}, Jobs: workers}
	var steps []host.Step
	for i := range plugins {
		steps = append(steps, pluginStep(b, fmt.Sprint("p", i), fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"p%d","version":"1","protocols":[1]%s}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"peers":{"P%d":{"asn":65001}}}}}' ;;
esac`, i, disjoint(i), i)))
	}
	doc := parsed(b, edge)
	var ours, bare []time.Duration
	for b.Loop() {
		start := time.Now()
		out, err := h.Modify(context.Background(), doc, steps)
		ours = append(ours, time.Since(start))
		require.NoError(b, err)
		require.Len(b, out.Changes, plugins)

		start = time.Now()
		for _, method := range []string{"describe", "modify"} {
			done := make(chan error, plugins)
			for worker := range workers {
				go func() {
					for i := worker; i < plugins; i += workers {
						done <- runByHand(steps[i].Plugin.Path, method)
					}
				}()
			}
			for range plugins {
				require.NoError(b, <-done)
			}
		}
		bare = append(bare, time.Since(start))
	}
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
	b.ReportMetric(microseconds(ours), "ours-µs")
	b.ReportMetric(microseconds(bare), "bare-µs")
	b.ReportMetric(microseconds(ours)/microseconds(bare), "ratio")
}
