package host

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// TraceEntry is one line that went over the pipes of a call, with secrets
// masked.
type TraceEntry struct {
	Time   time.Time
	Plugin string
	Method string // of the call
	ByHost bool   // the host wrote it to stdin; else the plugin to stdout
	Line   []byte // without its line end
}

// tracer shows the lines of one call.
type tracer struct {
	show    func(TraceEntry)
	plugin  string
	method  string
	mu      sync.Mutex
	secrets []string // the longest first: one may hold another
}

// hide has these texts masked from now on, besides those before.
func (t *tracer) hide(secrets []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Concat(t.secrets, secrets)
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	t.secrets = slices.Compact(all)
}

func (t *tracer) hidden() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.secrets
}

func (t *tracer) line(byHost bool, line []byte) {
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	t.show(TraceEntry{Time: time.Now(), Plugin: t.plugin, Method: t.method, ByHost: byHost, Line: t.masked(line)})
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

// tracedWriter shows what is written; a request is written at once.
type tracedWriter struct {
	io.WriteCloser
	tracer *tracer
}

func (w tracedWriter) Write(p []byte) (int, error) {
	w.tracer.line(true, p)
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
		r.tracer.line(false, r.rest[:end])
		r.rest = r.rest[end+1:]
	}
	if err != nil && len(r.rest) > 0 {
		r.tracer.line(false, r.rest)
		r.rest = nil
	}
	return n, err
}
