package conform

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Text writes the report for people. With all set, checks that were skipped are
// named too.
func (r *Report) Text(w io.Writer, color, all bool) error {
	var b strings.Builder
	for _, c := range r.Checks {
		if c.Status == Skipped && !all {
			continue
		}
		b.WriteString(paint(color, c.Status) + "  " + c.Name + ": " + c.Title)
		if c.Reason != "" {
			b.WriteString(": " + protocol.Visible(c.Reason))
		}
		b.WriteString("\n")
		if c.Hint != "" {
			b.WriteString("        what to do: " + c.Hint + "\n")
		}
		for _, f := range c.Findings {
			f.text(&b)
		}
	}
	b.WriteString(r.summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// text writes what is known of a finding, a line each.
func (f Finding) text(b *strings.Builder) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "        %-11s %s\n", name+":", protocol.Visible(value))
		}
	}
	line("problem", f.Problem)
	line("started", "with "+words(f.Arguments))
	line("sent", f.Sent)
	line("got", f.Got)
	line("stderr", strings.Join(f.Stderr, `\n`))
	line("rule "+f.Rule, f.Text)
	line("what to do", f.Hint)
}

func (r *Report) summary() string {
	text := fmt.Sprintf("%s: %d passed, %d failed, %d with warnings, %d skipped", r.Plugin,
		r.Count(Passed), r.Count(Failed), r.Count(Warning), r.Count(Skipped))
	if n := r.Count(Untested); n > 0 {
		text += fmt.Sprintf(", %d could not be made", n)
	}
	if r.FirstAnswerUs > 0 {
		took := time.Duration(r.FirstAnswerUs) * time.Microsecond
		text += fmt.Sprintf("; the first answer took %s", took.Round(100*time.Microsecond))
	}
	return text
}

// labels are what people read for a status, all of one width, and its colour.
var labels = map[Status]struct{ word, color string }{
	Passed:   {"ok    ", "32"},
	Warning:  {"warn  ", "33"},
	Failed:   {"FAILED", "31"},
	Skipped:  {"skip  ", "2"},
	Untested: {"?     ", "33"},
}

func paint(color bool, s Status) string {
	l := labels[s]
	if !color {
		return l.word
	}
	return "\x1b[" + l.color + "m" + l.word + "\x1b[0m"
}
