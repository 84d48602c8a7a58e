package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// reporter writes what is said beside the result: to stderr, as text or as one
// JSON object a line.
type reporter struct {
	mu                           sync.Mutex
	w                            io.Writer
	bars                         *bars // nil where progress is shown as lines
	lines                        pace  // of progress
	json, quiet, verbose, strict bool
}

func newReporter(env Env, json bool) *reporter {
	r := &reporter{w: env.Stderr, json: json, lines: pace{now: time.Now, every: time.Second}}
	if terminal := env.lookup("TERM"); r.json {
		r.lines.every = 100 * time.Millisecond
	} else if env.StderrSize != nil && terminal != "" && terminal != "dumb" {
		r.bars = &bars{size: env.StderrSize}
	}
	return r
}

// event is one JSON line that is no error.
type event struct {
	Level   string `json:"level"`
	Plugin  string `json:"plugin,omitempty"`
	Pointer string `json:"pointer,omitempty"`
	Message string `json:"message"`
	Fields  fields `json:"fields,omitempty"`
}

// failure is the one JSON line of an error.
type failure struct {
	Code    int    `json:"code"`
	Plugin  string `json:"plugin,omitempty"`
	Rule    string `json:"rule,omitempty"` // of the protocol, that was broken
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// detail is for -v.
func (r *reporter) detail(format string, args ...any) {
	if r.verbose {
		r.emit(event{Level: protocol.LevelDebug, Message: fmt.Sprintf(format, args...)})
	}
}

// note is what the operator should know, unless asked to be quiet.
func (r *reporter) note(format string, args ...any) {
	r.emit(event{Level: "note", Message: fmt.Sprintf(format, args...)})
}

// message passes on what was noticed about a plugin. With --strict that is an
// error, see strictly.
func (r *reporter) message(m host.Message) {
	if !r.strict || !m.ByHost {
		r.emit(event{Level: m.Level, Plugin: m.Plugin, Pointer: m.Pointer, Message: m.Text})
	}
}

// strictly returns the first thing that the host noticed as an error, if
// --strict asks for that.
func (r *reporter) strictly(all []host.Message) error {
	for _, m := range all {
		if r.strict && m.ByHost {
			return &strictError{m.Plugin, m.Text}
		}
	}
	return nil
}

// warnings passes on what the host noticed about a plugin.
func (r *reporter) warnings(plugin string, texts []string) error {
	var all []host.Message
	for _, text := range texts {
		m := host.Message{Plugin: plugin, Level: protocol.LevelWarning, Text: text, ByHost: true}
		r.message(m)
		all = append(all, m)
	}
	return r.strictly(all)
}

// stderrLine passes on a line that a plugin wrote to its stderr.
func (r *reporter) stderrLine(plugin, line string) { r.emit(stderrEvent(plugin, line)) }

func stderrEvent(plugin, line string) event {
	return event{Level: "stderr", Plugin: plugin, Message: line}
}

// shows reports whether events of the level are shown.
func (r *reporter) shows(level string) bool {
	return !r.quiet && (level != protocol.LevelDebug || r.verbose)
}

// finding passes on what a check of a result found. Those that are no more
// than an info are for -v, as the file has them on every run. Quiet counts only
// as long as nothing is refused.
func (r *reporter) finding(f checkFinding, refused bool) {
	info := f.Severity == protocol.LevelInfo && f.Plugin == ""
	switch {
	case r.quiet && !refused, info && !r.verbose:
	case r.json:
		r.line(struct {
			Level string `json:"level"`
			checkFinding
		}{f.Severity, f})
	default:
		r.write(f.text())
	}
}

func (r *reporter) emit(e event) {
	if !r.shows(e.Level) {
		return
	}
	r.show(e)
}

func (r *reporter) show(e event) {
	if r.json {
		r.line(e)
		return
	}
	source := "pathvector-plugin"
	if e.Plugin != "" {
		source = e.Plugin
	}
	text := e.Message
	if e.Pointer != "" {
		text = e.Pointer + ": " + text
	}
	if e.Level != "stderr" {
		text = e.Level + ": " + text
	}
	r.write(protocol.Visible(source+": "+text+e.Fields.text()) + "\n")
}

// fail reports the error that ends the run. It ignores quiet.
func (r *reporter) fail(err error) {
	if r.json {
		r.line(failure{Code: exitCode(err), Plugin: pluginOf(err), Rule: ruleOf(err), Message: err.Error(), Hint: hintOf(err)})
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "pathvector-plugin: error: %s", protocol.Visible(err.Error()))
	if rule := ruleOf(err); rule != "" {
		fmt.Fprintf(&b, " (rule %s of the protocol)", rule)
	}
	b.WriteString("\n")
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(&b, "  what to do: %s\n", protocol.Visible(hint))
	}
	r.write(b.String())
}

func (r *reporter) line(v any) {
	var b strings.Builder
	_ = encodeLine(&b, v) // strings and numbers always encode
	r.write(b.String())
}

// aside writes a text to stdout, which is a terminal: the one with the bars on
// it, as far as can be told.
func (r *reporter) aside(text string, write func() error) error {
	if r.bars == nil {
		return write()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if gone := r.bars.makeWay(text); gone != "" {
		_, _ = io.WriteString(r.w, gone)
	}
	return write()
}

// write keeps lines whole when plugins and the host speak at once, and puts
// them above the progress bars. There is nowhere left to report that stderr
// itself is gone.
func (r *reporter) write(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text = r.bars.around(text); text != "" {
		_, _ = io.WriteString(r.w, text)
	}
}
