package conform

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// TAP writes the report in the Test Anything Protocol, version 13. What the
// plugin should do is no failure there, unless strict is set.
func (r *Report) TAP(w io.Writer, strict bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "TAP version 13\n1..%d\n", len(r.Checks))
	for i, c := range r.Checks {
		ok := "ok"
		if c.Fails(strict) {
			ok = "not ok"
		}
		fmt.Fprintf(&b, "%s %d - %s", ok, i+1, c.Name)
		if c.Reason != "" {
			fmt.Fprintf(&b, " # SKIP %s", oneLine(c.Reason))
		}
		b.WriteString("\n")
		for _, f := range c.Findings {
			fmt.Fprintf(&b, "# %s %s: %s\n", f.Level, f.Rule, oneLine(f.Problem))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func oneLine(s string) string { return protocol.Visible(strings.Join(strings.Fields(s), " ")) }

// Fails reports whether the check counts as failed.
func (c Result) Fails(strict bool) bool {
	return c.Status == Failed || strict && c.Status == Warning
}

type suite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []suiteCase `xml:"testcase"`
}

type suiteCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *suiteMessage `xml:"failure"`
	Skipped *suiteMessage `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type suiteMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as JUnit does, for continuous integration.
func (r *Report) JUnit(w io.Writer, strict bool) error {
	s := suite{Name: r.Plugin, Tests: len(r.Checks), Skipped: r.Count(Skipped) + r.Count(Untested)}
	for _, c := range r.Checks {
		one := suiteCase{Class: r.Plugin, Name: c.Name}
		var found strings.Builder
		for _, f := range c.Findings {
			found.WriteString(f.Rule + ":\n" + f.String())
		}
		switch {
		case c.Fails(strict):
			s.Failures++
			one.Failure = &suiteMessage{c.Findings[0].Rule + ": " + c.Findings[0].Problem, found.String()}
		case c.Reason != "":
			one.Skipped = &suiteMessage{Message: c.Reason}
		default:
			one.Output = found.String()
		}
		s.Cases = append(s.Cases, one)
	}
	text, err := xml.MarshalIndent(s, "", "  ")
	if err == nil {
		_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	}
	return err
}
