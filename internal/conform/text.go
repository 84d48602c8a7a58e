package conform

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Text writes the report for people. Checks that were skipped one after the
// other for the same reason share a line, unless all is set.
func (r *Report) Text(w io.Writer, color, all bool) error {
	var b strings.Builder
	for i := 0; i < len(r.Checks); i++ {
		c := r.Checks[i]
		same := 0
		for !all && c.Status == Skipped && i+1 < len(r.Checks) && r.Checks[i+1].Reason == c.Reason {
			same++
			i++
		}
		c.text(&b, color, same)
	}
	b.WriteString(r.summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// text writes a check, for which more of the same reason were skipped.
func (c Result) text(b *strings.Builder, color bool, more int) {
	about := c.Title
	if more > 0 {
		about = fmt.Sprintf("and %d more", more)
	}
	fmt.Fprintf(b, "%s  %s: %s", paint(color, c.Status), c.Name, about)
	if c.Reason != "" {
		b.WriteString(": " + protocol.Visible(c.Reason))
	}
	b.WriteString("\n")
	if c.Hint != "" {
		fmt.Fprintf(b, "        what to do: %s\n", c.Hint)
	}
	for _, f := range c.Findings {
		b.WriteString(f.String())
	}
}

// String says all that is known of a finding, in a line each.
func (f Finding) String() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "        %-11s %s\n", name+":", protocol.Visible(value))
		}
	}
	line("problem", f.Problem)
	if f.Sent != "" || f.Arguments != nil {
		line("started", "with "+words(f.Arguments))
	}
	line("sent", f.Sent)
	line("got", f.Got)
	line("stderr", strings.Join(f.Stderr, `\n`))
	line("rule "+f.Rule, f.Text)
	line("what to do", f.Hint)
	return b.String()
}

func (r *Report) summary() string {
	text := fmt.Sprintf("%s: %d passed, %d failed, %d with warnings, %d skipped", r.Plugin,
		r.Count(Passed), r.Count(Failed), r.Count(Warning), r.Count(Skipped))
	if n := r.Count(Untested); n > 0 {
		text += fmt.Sprintf(", %d could not be made", n)
	}
	if rules := r.Broken(must); len(rules) > 0 {
		text += "; it breaks " + strings.Join(rules, ", ")
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
