package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// finding is one thing that doctor has to say. Severity is error, warning or
// info, of which the last is nothing wrong.
type finding struct {
	Severity string `json:"severity"`
	Plugin   string `json:"plugin,omitempty"`
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

// examined is what doctor prints with --json.
type examined struct {
	Findings []finding `json:"findings"`
	Errors   int       `json:"errors"`
	Warnings int       `json:"warnings"`
}

func (a *app) doctor() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "show what is wrong with this installation, and how to mend it",
		Description: "Looks at the settings, the configuration, the plugins and where they are found,\n" +
			"the directories for state and cache, pathvector and BIRD. Runs every plugin once,\n" +
			"with the method describe. Changes nothing.\n" +
			"Exits with 1 if it finds an error, or, with --strict, a warning.",
		Action: a.runDoctor,
	}
}

func (a *app) runDoctor(c *cli.Context) error {
	if _, err := arguments(c, 0, 0); err != nil {
		return err
	}
	inventory, err := a.inventory(c)
	if err != nil {
		return err
	}
	d := &diagnosis{app: a, c: c, session: &session{inventory: inventory, host: a.host()}}
	d.host.Cache = nil // what a plugin said before may not be what it says now
	d.examine()
	if c.Context.Err() != nil {
		return interrupted(c.Context, "before all plugins were asked")
	}
	if err := a.showFindings(c, d.findings); err != nil {
		return err
	}
	if counts := count(d.findings); counts.Errors > 0 || a.report.strict && counts.Warnings > 0 {
		return errFound
	}
	return nil
}

func count(findings []finding) examined {
	e := examined{Findings: findings}
	for _, f := range findings {
		switch f.Severity {
		case protocol.LevelError:
			e.Errors++
		case protocol.LevelWarning:
			e.Warnings++
		}
	}
	return e
}

func (a *app) showFindings(c *cli.Context, findings []finding) error {
	counts := count(findings)
	if c.Bool("json") {
		return a.printJSON(counts)
	}
	var b strings.Builder
	for _, f := range findings {
		if a.report.quiet && f.Severity == protocol.LevelInfo {
			continue
		}
		line := f.Severity + ": " + f.Message
		if f.Hint != "" {
			line += "; what to do: " + f.Hint
		}
		b.WriteString(protocol.Visible(line) + "\n")
	}
	switch {
	case counts.Errors+counts.Warnings > 0:
		fmt.Fprintf(&b, "errors: %d, warnings: %d\n", counts.Errors, counts.Warnings)
	case !a.report.quiet:
		b.WriteString("nothing is wrong\n")
	}
	return a.print(b.String())
}
