package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
	"github.com/natesales/pathvector-plugin/config/schema"
)

func (a *app) check() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "look for what is wrong with the configuration as it is",
		Description: "Prints what Pathvector misses, crashes on or has BIRD reject, and what plugins\n" +
			"that check find, one finding a line with its place. Ends with 3 if the host finds\n" +
			"an error, and with 5 if only a plugin does. Nothing is changed.",
		Flags: append(runFlags(),
			allowFlag(),
			&cli.BoolFlag{Name: "host-only", Usage: "run no plugin", DisableDefaultText: true},
			&cli.BoolFlag{Name: "schema", Usage: "print the JSON Schema of the configuration instead, for editors", DisableDefaultText: true},
		),
		Action: a.runCheck,
	}
}

func (a *app) runCheck(c *cli.Context) error {
	if _, err := arguments(c, 0, 0); err != nil {
		return err
	}
	if err := oneOf(c, "schema", "host-only"); err != nil {
		return err
	}
	if c.Bool("schema") {
		return a.print(string(schema.ForEditors()))
	}
	atOnce, err := jobs(c)
	if err != nil {
		return err
	}
	codes, err := allowed(c)
	if err != nil {
		return err
	}
	file := c.String("config")
	found, err := a.findings(c, atOnce)
	if found == nil && err != nil {
		return err
	}
	allow(found, codes)
	if printed := a.printFindings(c, file, found); printed != nil {
		return printed
	}
	if err != nil {
		return err
	}
	return refuse(file, found, a.report.strict, false)
}

// findings are those on the file as it is. An error may come with those up to
// it.
func (a *app) findings(c *cli.Context, jobs int) ([]checkFinding, error) {
	doc, err := a.document(c)
	var broken *config.Error
	if errors.As(err, &broken) && broken.Line > 0 {
		return hostFindings(broken.File, []check.Finding{check.Unreadable(broken)}), nil
	}
	if err != nil {
		return nil, err
	}
	found := hostFindings(doc.File(), check.Document(doc))
	if c.Bool("host-only") {
		return found, nil
	}
	more, err := a.askPlugins(c, doc, jobs)
	return slices.Concat([]checkFinding{}, found, more), err
}

// askPlugins has the plugins that would run check the document as it is.
func (a *app) askPlugins(c *cli.Context, doc *config.Document, jobs int) ([]checkFinding, error) {
	s, err := a.session(c)
	if err != nil {
		return nil, err
	}
	s.host.DryRun, s.host.Jobs = true, jobs
	steps, err := a.steps(c, s, doc)
	if err != nil {
		return nil, err
	}
	out, err := s.host.Open(c.Context, doc, steps)
	if err != nil {
		return nil, err
	}
	all, err := s.host.Check(c.Context, out)
	if err != nil {
		return nil, err
	}
	if err := a.report.strictly(out.Messages); err != nil {
		return nil, err
	}
	return pluginFindings(out, all), a.closed()
}

// checkedJSON is what check prints with --json.
type checkedJSON struct {
	Configuration string         `json:"configuration"`
	Findings      []checkFinding `json:"findings"`
}

func (a *app) printFindings(c *cli.Context, file string, found []checkFinding) error {
	if c.Bool("json") {
		return a.printJSON(checkedJSON{file, append([]checkFinding{}, found...)})
	}
	if len(found) == 0 {
		a.report.note("%s: nothing found", file)
	}
	var b strings.Builder
	for _, f := range found {
		b.WriteString(f.text())
	}
	return a.print(b.String())
}

// accept checks the result of the plugins, tells what is found, and refuses
// what must not be used. With parts, a file may lack what something else adds
// later; findings with the codes keep nothing back.
func (a *app) accept(r *result, parts bool, codes []string) error {
	found := resultFindings(r)
	allow(found, codes)
	r.findings = append(found, pluginFindings(r.Outcome, r.found)...)
	refused := refuse(theResult, r.findings, a.report.strict, parts)
	for _, f := range r.findings {
		switch {
		case f.missing && f.inFile && refused == nil: // the file is a part of a configuration
		case f.Code == unknownKey && !f.inFile: // said of the plugin already
		default:
			a.report.finding(f, refused != nil)
		}
	}
	return refused
}

// unknownKey is the code of the check for keys that Pathvector does not know.
const unknownKey = "unknown-key"
