//go:build linux

package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"syscall"

	"go.uber.org/goleak"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/cli"
)

// cellVariable makes the test binary the process of a cell. It holds a cell.
const cellVariable = "FAULTS_CELL"

// cell is what the process of a cell is to do: it has all of the faulty
// plugin, and so nothing that it leaves can be another cell's.
type cell struct {
	Start     string   // see startVariable
	Fault     []string // the command line with the faulty plugin
	Healthy   []string // and with a healthy one, after that
	Interrupt bool
}

// ran is what came of one command line.
type ran struct {
	Exit           int
	Stdout, Stderr string
}

// report is what the process of a cell writes to its stdout.
type report struct {
	Fault, Healthy ran
	Files          int    // open ones after the fault, less those before
	Goroutines     string // what goleak finds
	Memory         int64  // the most that was in use, in KiB
}

func runCell() int {
	var c cell
	if err := json.Unmarshal([]byte(os.Getenv(cellVariable)), &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var r report
	warmUp()
	adopts := host.AdoptOrphans()
	there := goleak.IgnoreCurrent()
	before := openFiles()
	r.Fault = runCommand(c.Fault, c.Start, adopts, c.Interrupt)
	if err := goleak.Find(there); err != nil {
		r.Goroutines = err.Error()
	}
	r.Files = openFiles() - before
	r.Memory = memory()
	r.Healthy = runCommand(c.Healthy, "", adopts, false)
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		return 1
	}
	return 0
}

// runCommand is the program's main, in this process.
func runCommand(args []string, start string, adopts, interrupt bool) ran {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stdout bytes.Buffer
	stderr := &watched{cancel: func() {}}
	if interrupt {
		stderr.cancel = cancel
	}
	exit := cli.Run(ctx, cli.Env{
		Args: args, Environ: append(os.Environ(), startVariable+"="+start),
		Stdin: bytes.NewReader(nil), Stdout: &stdout, Stderr: stderr, Adopts: adopts,
	})
	return ran{exit, stdout.String(), stderr.b.String()}
}

// watched is a stderr that interrupts the run when the plugin works.
type watched struct {
	mu     sync.Mutex
	b      bytes.Buffer
	cancel func()
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.b.Write(p)
	if bytes.Contains(p, []byte(working)) {
		w.cancel()
	}
	return len(p), nil
}

// warmUp opens what the runtime keeps open once there has been a pipe.
func warmUp() {
	r, w, err := os.Pipe()
	if err == nil {
		_ = r.Close()
		_ = w.Close()
	}
}

func memory() int64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Maxrss
}

func openFiles() int {
	names, _ := os.ReadDir("/proc/self/fd")
	return len(names)
}
