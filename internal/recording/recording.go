// Package recording reads what --trace writes, and compares what a plugin
// answers now with what it answered then.
package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Line is a line of a recording: a process that starts, a message or a text
// that is none, or the end of the process.
type Line struct {
	Time    string          `json:"time"`    // RFC 3339, UTC
	Process int             `json:"process"` // from 1, in the order in which they were started
	Plugin  string          `json:"plugin"`
	Method  string          `json:"method"` // the process's one argument: the call's method, or serve
	Start   *Start          `json:"start,omitempty"`
	From    string          `json:"from,omitempty"` // FromHost or FromPlugin; empty for start and end
	Message json.RawMessage `json:"message,omitempty"`
	Text    string          `json:"text,omitempty"`
	Exit    *Exit           `json:"exit,omitempty"`
}

// The values of Line.From.
const (
	FromHost   = "host"
	FromPlugin = "plugin"
)

// Start is how a process was started.
type Start struct {
	Path      string   `json:"path"`
	Arguments []string `json:"arguments"`
}

// Exit is how a process ended: with a status, or by a signal. With neither it
// could not be ended.
type Exit struct {
	Status *int   `json:"status,omitempty"`
	Signal string `json:"signal,omitempty"` // as in SIGTERM
}

func (e *Exit) String() string {
	switch {
	case e.Signal != "":
		return "ended by " + e.Signal
	case e.Status != nil:
		return fmt.Sprintf("exit status %d", *e.Status)
	}
	return "did not end"
}

// Recording is what is in a file.
type Recording struct {
	File  string
	Lines []Line
}

// Error is a line that cannot be read.
type Error struct {
	File    string
	Line    int // from 1; 0 for the file as a whole
	Problem string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Problem)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
}

// Hint says where recordings come from.
func (e *Error) Hint() string {
	return "record anew: pathvector-plugin --trace FILE and a command that runs plugins"
}

// Parse reads the text of the file of that name. The error is an *Error.
func Parse(file string, text []byte) (*Recording, error) {
	r := &Recording{File: file}
	number := 0
	for data := range bytes.Lines(text) {
		number++
		var line Line
		if err := json.Unmarshal(data, &line); err != nil {
			return nil, &Error{file, number, "expected a JSON object with a line of a recording, got " + protocol.Quote(bytes.TrimSpace(data))}
		}
		if problem := line.problem(); problem != "" {
			return nil, &Error{file, number, problem}
		}
		r.Lines = append(r.Lines, line)
	}
	if len(r.Lines) == 0 {
		return nil, &Error{file, 0, "nothing is recorded in it"}
	}
	return r, nil
}

func (l *Line) problem() string {
	switch {
	case l.Process < 1:
		return "process must be a number from 1"
	case !protocol.ValidName(l.Plugin):
		return fmt.Sprintf("plugin must be the name of a plugin, not %q", l.Plugin)
	case l.Method == "":
		return "method is missing"
	case l.Start == nil && l.Exit == nil && l.From != FromHost && l.From != FromPlugin:
		return fmt.Sprintf("from must be host or plugin, not %q", l.From)
	}
	return ""
}

// Encode returns the recording as the text of a file.
func (r *Recording) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, line := range r.Lines {
		if err := e.Encode(line); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// Exchange is all that is recorded of one process.
type Exchange struct {
	Process int
	Plugin  string
	Method  string // its argument
	Lines   []Line
}

// Exchanges returns the exchanges in the order in which they begin.
func (r *Recording) Exchanges() []*Exchange {
	var all []*Exchange
	byProcess := map[int]*Exchange{}
	for _, line := range r.Lines {
		e := byProcess[line.Process]
		if e == nil {
			e = &Exchange{Process: line.Process, Plugin: line.Plugin, Method: line.Method}
			byProcess[line.Process] = e
			all = append(all, e)
		}
		e.Lines = append(e.Lines, line)
	}
	return all
}

// Replace puts what is in now in place of the exchange of the same process.
func (r *Recording) Replace(now *Exchange) {
	at := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Process == now.Process })
	r.Lines = slices.DeleteFunc(r.Lines, func(l Line) bool { return l.Process == now.Process })
	r.Lines = slices.Insert(r.Lines, at, now.Lines...)
}
