package cli

import (
	"encoding/json"
	"os"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/host"
)

// traceFile is where --trace records what goes over the pipes: one JSON object
// a line.
type traceFile struct {
	mu     sync.Mutex
	file   *os.File
	err    error // the first that writing failed with
	closed bool
}

// traced is a line of the file: a message, or text that is none.
type traced struct {
	Time    string          `json:"time"` // RFC 3339, UTC
	Plugin  string          `json:"plugin"`
	Method  string          `json:"method"`
	From    string          `json:"from"` // host or plugin
	Message json.RawMessage `json:"message,omitempty"`
	Text    string          `json:"text,omitempty"`
}

// openTrace makes the file anew, for this user alone: views are in it.
func openTrace(name string) (*traceFile, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, &usageError{problem: "--trace: " + err.Error(), advice: "name a file that this user may write"}
	}
	return &traceFile{file: f}, nil
}

func (t *traceFile) entry(e host.TraceEntry) {
	line := traced{Time: e.Time.UTC().Format(time.RFC3339Nano), Plugin: e.Plugin, Method: e.Method, From: "plugin"}
	if e.ByHost {
		line.From = "host"
	}
	if json.Valid(e.Line) {
		line.Message = e.Line
	} else {
		line.Text = string(e.Line)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return // a request whose plugin had answered without it
	}
	if err := encodeLine(t.file, line); err != nil && t.err == nil {
		t.err = err
	}
}

// close reports a trace that is not whole. No run fails for it.
func (t *traceFile) close(r *reporter) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	err := t.file.Close()
	if t.err != nil {
		err = t.err
	}
	if err != nil {
		r.note("the trace is not whole: %v", err)
	}
}
