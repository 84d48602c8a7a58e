package host

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// TraceEntry is something that happened at the pipes of a plugin's process: it
// was started, one side wrote a line, or it has ended. Secrets are masked.
type TraceEntry struct {
	Time   time.Time
	Plugin string
	Method string // the process's one argument: the call's method, or serve
	Pid    int    // of the process
	Event  TraceEvent
	Path   string           // the executable; of TraceStart only
	Line   []byte           // without its line end; of TraceHost and TracePlugin only
	State  *os.ProcessState // of TraceEnd only; nil if it could not be ended
}

// TraceEvent is what a TraceEntry tells.
type TraceEvent int

// The events of a process: one TraceStart, any number of lines, one TraceEnd.
const (
	TraceStart  TraceEvent = iota
	TraceHost              // the host writes a line to stdin
	TracePlugin            // the plugin wrote a line to stdout
	TraceEnd               // nothing of it runs any more
)

// tracer shows what happens at one process.
type tracer struct {
	show    func(TraceEntry)
	entry   TraceEntry // what all entries have in common
	mu      sync.Mutex
	secrets []string // the longest first: one may hold another
	ended   bool
}

// newTracer begins the trace of a process that has been started.
func newTracer(show func(TraceEntry), p Program, argument string, pid int) *tracer {
	t := &tracer{show: show, entry: TraceEntry{Plugin: p.Name, Method: argument, Pid: pid}}
	t.hide(p.Secrets)
	t.tell(TraceEntry{Event: TraceStart, Path: p.Path})
	return t
}

// end shows the end of the process. A line that is written after it, to nobody,
// is not shown.
func (t *tracer) end(state *os.ProcessState) { t.tell(TraceEntry{Event: TraceEnd, State: state}) }

// tell shows an entry of which only what is special to it is given.
func (t *tracer) tell(e TraceEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.ended = e.Event == TraceEnd
	e.Time, e.Plugin, e.Method, e.Pid = time.Now(), t.entry.Plugin, t.entry.Method, t.entry.Pid
	t.show(e)
}

// hide has these texts masked from now on, besides those before.
func (t *tracer) hide(secrets []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.secrets = longestFirst(slices.Concat(t.secrets, secrets))
}

// longestFirst sorts texts that are to be masked, as one may hold another, and
// leaves each of them once, and no empty one.
func longestFirst(texts []string) []string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(texts)
}

func (t *tracer) hidden() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.secrets
}

func (t *tracer) line(by TraceEvent, line []byte) {
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	t.tell(TraceEntry{Event: by, Line: t.masked(line)})
}

// masked takes a line that is no message for a text, in which only whole
// secrets can be found.
func (t *tracer) masked(line []byte) []byte {
	v, err := tree.Parse(line)
	if err == nil && protocol.Validate(line) == nil {
		if clean := config.MaskMessage(v, t.hidden()); !tree.Equal(v, clean) {
			return tree.Append(nil, clean)
		}
		return bytes.Clone(line)
	}
	text, _ := config.MaskMessage(string(line), t.hidden()).(string)
	return []byte(text)
}

// tracedWriter shows what is written; a message is written at once.
type tracedWriter struct {
	io.WriteCloser
	tracer *tracer
}

func (w tracedWriter) Write(p []byte) (int, error) {
	w.tracer.line(TraceHost, p)
	return w.WriteCloser.Write(p)
}

// tracedReader shows line by line what is read. A line can not grow beyond
// what the connection above it reads before it gives up.
type tracedReader struct {
	io.ReadCloser
	tracer *tracer
	rest   []byte // of a line that has not ended
}

func (r *tracedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.rest = append(r.rest, p[:n]...)
	for {
		end := bytes.IndexByte(r.rest, '\n')
		if end < 0 {
			break
		}
		r.tracer.line(TracePlugin, r.rest[:end])
		r.rest = r.rest[end+1:]
	}
	if err != nil && len(r.rest) > 0 {
		r.tracer.line(TracePlugin, r.rest)
		r.rest = nil
	}
	return n, err
}
