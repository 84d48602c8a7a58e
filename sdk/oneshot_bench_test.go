package sdk_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// bare does the least that a plugin in Go can do.
const bare = `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println(` + "`" + `{"jsonrpc":"2.0","id":1,"result":{"merge":{"hostname":"edge1"}}}` + "`" + `)
}
`

// BenchmarkOneShot measures a small modify that a plugin with the SDK answers
// in a process of its own, beside a bare program that prints a constant, in
// turn in the same run: x-bare is how many times as long the former takes, by
// the medians.
func BenchmarkOneShot(b *testing.B) {
	programs := []string{compiled(b, "bare", bare), compiled(b, "hello", hello)}
	request := []byte(`{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,` +
		`"options":{"Name":"edge1"},"context":{"configFile":"/etc/pathvector.yml",` +
		`"configDir":"/etc","stateDir":"","timeoutMs":30000,"hostVersion":"0.1.0","dryRun":false},` +
		`"config":{"asn":65001,"hostname":"a"}}}` + "\n")
	took := make([][]time.Duration, len(programs))
	for b.Loop() {
		for i, program := range programs {
			start := time.Now()
			cmd := exec.CommandContext(b.Context(), program, "modify")
			cmd.Stdin = bytes.NewReader(request)
			answer, err := cmd.Output()
			took[i] = append(took[i], time.Since(start))
			if err != nil || !strings.Contains(string(answer), `{"merge":{"hostname":"edge1"}}`) {
				b.Fatalf("%s: %v: %s", program, err, answer)
			}
		}
	}
	median := func(d []time.Duration) time.Duration {
		slices.Sort(d)
		return d[len(d)/2]
	}
	least, own := median(took[0]), median(took[1])
	b.ReportMetric(float64(own)/float64(least), "x-bare")
	b.ReportMetric(float64(own.Microseconds()), "µs/call")
}

// compiled returns the path of the program made of the source.
func compiled(tb testing.TB, name, source string) string {
	tb.Helper()
	dir := tb.TempDir()
	file, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		tb.Fatal(err)
	}
	build := exec.CommandContext(tb.Context(), "go", "build", "-ldflags=-s -w", "-o", binary, file)
	if output, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, output)
	}
	return binary
}
