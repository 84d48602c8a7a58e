package cli

import (
	"encoding/json"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/recording"
)

// traceFile is where --trace records what happens at the pipes: one JSON object
// a line.
type traceFile struct {
	mu      sync.Mutex
	file    *os.File
	last    int         // processes so far
	numbers map[int]int // of the processes, by their pid
	err     error       // the first that writing failed with
}

// openTrace makes the file anew, for this user alone: views are in it.
func openTrace(name string) (*traceFile, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, &usageError{problem: "--trace: " + err.Error(), advice: "name a file that this user may write"}
	}
	return &traceFile{file: f, numbers: map[int]int{}}, nil
}

// overwrites refuses to record into a file that an argument of the command
// names.
func overwrites(file string, args []string) error {
	info, err := os.Stat(file)
	if err != nil {
		return nil // it is made
	}
	for _, arg := range args {
		if named, err := os.Stat(arg); err == nil && os.SameFile(info, named) {
			return &usageError{problem: "--trace " + quote(file) + " would overwrite what the command reads", advice: "record into another file"}
		}
	}
	return nil
}

func (t *traceFile) entry(e host.TraceEntry) {
	line := tracedOf(e)
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Event == host.TraceStart {
		t.last++
		t.numbers[e.Pid] = t.last
	}
	line.Process = t.numbers[e.Pid]
	if err := encodeLine(t.file, line); err != nil && t.err == nil {
		t.err = err
	}
}

// tracedOf is the line of an entry, but for the number of the process.
func tracedOf(e host.TraceEntry) recording.Line {
	line := recording.Line{Time: e.Time.UTC().Format(time.RFC3339Nano), Plugin: e.Plugin, Method: e.Method}
	switch e.Event {
	case host.TraceStart:
		line.Start = &recording.Start{Path: e.Path, Arguments: []string{e.Method}}
		return line
	case host.TraceEnd:
		line.Exit = exitOf(e.State)
		return line
	case host.TraceHost:
		line.From = recording.FromHost
	case host.TracePlugin:
		line.From = recording.FromPlugin
	}
	if json.Valid(e.Line) {
		line.Message = e.Line
	} else {
		line.Text = string(e.Line)
	}
	return line
}

func exitOf(state *os.ProcessState) *recording.Exit {
	if state == nil {
		return &recording.Exit{}
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return &recording.Exit{Signal: unix.SignalName(status.Signal())}
	}
	code := state.ExitCode()
	return &recording.Exit{Status: &code}
}

// close reports a trace that is not whole. No run fails for it.
func (t *traceFile) close(r *reporter) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.file.Close()
	if t.err != nil {
		err = t.err
	}
	if err != nil {
		r.note("the trace is not whole: %v", err)
	}
}
