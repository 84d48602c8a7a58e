package sdk_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// BenchmarkKeptRunning measures a call of a plugin's process that is kept
// running, beside one of a process of its own, in turn in the same run:
// x-one-shot is how many times as long the latter takes.
func BenchmarkKeptRunning(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	plugin := func(arg string) *exec.Cmd {
		cmd := exec.CommandContext(b.Context(), self, arg)
		cmd.Env = append(os.Environ(), noisyEnv+"=1")
		return cmd
	}
	request := strings.Replace(do("nothing"), `"timeoutMs":50`, `"timeoutMs":0`, 1) + "\n"
	served := plugin("serve")
	stdin, err1 := served.StdinPipe()
	stdout, err2 := served.StdoutPipe()
	if err1 != nil || err2 != nil || served.Start() != nil {
		b.Fatal("cannot start the plugin")
	}
	lines := bufio.NewReader(stdout)
	var kept, oneShot time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := io.WriteString(stdin, request); err != nil {
			b.Fatal(err)
		}
		if _, err := lines.ReadString('\n'); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		once := plugin("modify")
		once.Stdin = strings.NewReader(request)
		if _, err := once.Output(); err != nil {
			b.Fatal(err)
		}
		kept += between.Sub(start)
		oneShot += time.Since(between)
	}
	_ = stdin.Close()
	_ = served.Wait()
	b.ReportMetric(float64(oneShot)/float64(kept), "x-one-shot")
	b.ReportMetric(float64(kept.Microseconds())/float64(b.N), "µs/call")
}
