package cli

import (
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/conform"
)

// The forms of the report. --json asks for the last, --format for the others.
const (
	formatText  = "text"
	formatTAP   = "tap"
	formatJUnit = "junit"
	formatJSON  = "json"
)

func (a *app) test() *cli.Command {
	return &cli.Command{
		Name:      "test",
		Usage:     "test whether a plugin keeps to the protocol, whatever it is written in",
		ArgsUsage: "NAME-or-PATH",
		Description: "Runs the plugin a few dozen times, as the host does, with requests that a host\n" +
			"may send now and in later versions, and judges what comes by the rules of the\n" +
			"protocol. What has a / in it is a path. The plugin is sent the sample of a small\n" +
			"edge router, or the configuration named with -c, and a state directory of its\n" +
			"own, as in a dry run.\n" +
			"Exits with 4 if the plugin breaks a MUST, or, with --strict, a SHOULD, and with 3\n" +
			"if something could not be tested, say without options.",
		Flags: append(optionFlags(),
			&cli.StringFlag{Name: "format", Value: formatText, Usage: "print the report as `FORMAT`: text, tap or junit"},
			&cli.StringSliceFlag{Name: "command", Usage: "also run the plugin's `COMMAND`, with its arguments in the same word (repeatable)"},
			&cli.BoolFlag{Name: "large", Usage: "also send a message of almost 64 MiB", DisableDefaultText: true},
		),
		Action: a.runTest,
	}
}

func (a *app) runTest(c *cli.Context) error {
	names, err := arguments(c, 1, 1)
	if err != nil {
		return err
	}
	if a.trace != nil {
		return &usageError{problem: "test records nothing in a trace", advice: "leave --trace out: what was sent and what came stands in the report; call and modify record"}
	}
	format, err := reportFormat(c)
	if err != nil {
		return err
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	o := conform.Options{Runner: &host.Runner{Environ: a.env.Environ}, Version: version(), Commands: c.StringSlice("command"), Large: c.Bool("large")}
	if c.IsSet("config") {
		if o.Document, err = a.document(c); err != nil {
			return err
		}
	}
	if o.Step, err = a.stepToTest(c, s, names[0], o.Document); err != nil {
		return err
	}
	report, err := conform.Run(c.Context, o)
	if err != nil {
		return err
	}
	if err := a.showReport(c, report, format); err != nil {
		return err
	}
	return verdict(report, a.report.strict)
}

func reportFormat(c *cli.Context) (string, error) {
	format := c.String("format")
	switch {
	case c.Bool("json") && c.IsSet("format"):
		return "", &usageError{problem: "--json and --format exclude each other", advice: "leave one of them out"}
	case c.Bool("json"):
		return formatJSON, nil
	case format != formatText && format != formatTAP && format != formatJUnit:
		return "", &usageError{problem: "--format must be text, tap or junit, not " + quote(format), advice: "for JSON there is --json"}
	}
	return format, nil
}

// stepToTest finds the plugin by its name, or by its path when there is a slash
// in it.
func (a *app) stepToTest(c *cli.Context, s *session, name string, doc *config.Document) (host.Step, error) {
	step, err := a.namedStep(c, s, name, doc)
	if err != nil {
		return step, err
	}
	step.Options, err = a.options(c, step.Options)
	return step, err
}

func (a *app) namedStep(c *cli.Context, s *session, name string, doc *config.Document) (host.Step, error) {
	if !strings.Contains(name, "/") {
		return a.one(c, s, name, doc)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return host.Step{}, err
	}
	found := discovery.At(path)
	if found.Err != nil {
		return host.Step{}, &brokenPlugin{found}
	}
	entry, err := a.entry(s, found.Name, doc)
	if err != nil {
		return host.Step{}, err
	}
	return a.stepOf(c, found, entry)
}

func (a *app) showReport(c *cli.Context, r *conform.Report, format string) error {
	var b strings.Builder
	var err error
	switch format {
	case formatJSON:
		return a.printJSON(r)
	case formatTAP:
		err = r.TAP(&b, a.report.strict)
	case formatJUnit:
		err = r.JUnit(&b, a.report.strict)
	default:
		if a.report.quiet && verdict(r, a.report.strict) == nil {
			return nil
		}
		err = r.Text(&b, a.color(c), a.report.verbose)
	}
	if err != nil {
		return err
	}
	return a.print(b.String())
}

// verdict turns a report into the exit code.
func verdict(r *conform.Report, strict bool) error {
	switch {
	case r.Count(conform.Failed) > 0, strict && r.Count(conform.Warning) > 0:
		return &notConforming{exitPlugin}
	case r.Count(conform.Untested) > 0:
		return &notConforming{exitInvalid}
	}
	return nil
}

// brokenPlugin is a path that leads to no plugin that can be run.
type brokenPlugin struct{ found discovery.Plugin }

func (e *brokenPlugin) Error() string {
	return "plugin " + e.found.Name + ": " + e.found.Path + " " + e.found.Err.Error()
}
func (e *brokenPlugin) Unwrap() error      { return e.found.Err }
func (e *brokenPlugin) PluginName() string { return e.found.Name }
func (e *brokenPlugin) Hint() string       { return hintOf(e.found.Err) }
