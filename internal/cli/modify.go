package cli

import (
	"encoding/json"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

func (a *app) modify() *cli.Command {
	return &cli.Command{
		Name:  "modify",
		Usage: "run the plugins and print the resulting configuration",
		Description: "Runs the plugins that the settings list, else those under plugins: in the\n" +
			"configuration, and prints the YAML. Only what changed differs from the file.\n" +
			"When a plugin fails, nothing is printed and nothing is written.",
		Flags: append(runFlags(),
			allowFlag(),
			newDiffFlag(),
			&cli.BoolFlag{Name: "explain", Usage: "print what changed as a tree, with the plugin behind each change", DisableDefaultText: true},
			&cli.BoolFlag{Name: "check", Usage: "print nothing; exit with 10 if the configuration would change", DisableDefaultText: true},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the result to `FILE`, in one step; its mode and owner stay", TakesFile: true},
		),
		Action: a.runModify,
	}
}

// runFlags are those of every command that runs the plugins.
func runFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "plugin", Usage: "run plugin `NAME`, instead of those listed (repeatable; in this order)"},
		modeFlag(),
		&cli.IntFlag{Name: "jobs", Usage: "run at most `N` plugins at once; 1 runs one after the other", DefaultText: "the number of processors, and at least 4"},
	}
}

func (a *app) runModify(c *cli.Context) error {
	if _, err := arguments(c, 0, 0); err != nil {
		return err
	}
	if err := oneOf(c, "diff", "explain", "check"); err != nil {
		return err
	}
	if err := oneOf(c, "output", "check"); err != nil {
		return err
	}
	if err := checkDiffForm(c); err != nil {
		return err
	}
	file := c.String("output")
	if c.IsSet("output") && (file == "" || file == "-") {
		return &usageError{problem: "--output needs the name of a file, not " + quote(file), advice: "leave it out to print the result"}
	}
	if file != "" {
		if err := checkOutput(file); err != nil {
			return err
		}
	}
	codes, err := allowed(c)
	if err != nil {
		return err
	}
	preview := file == "" && (c.IsSet("diff") || c.Bool("explain") || c.Bool("check"))
	r, err := a.modified(c, preview)
	if err != nil {
		return err
	}
	if err := a.accept(r, true, codes); err != nil {
		return err
	}
	if file != "" {
		if err := writeFile(file, r.edited.Text); err != nil {
			return err
		}
		a.report.detail("wrote %s", file)
	}
	if err := a.show(c, r); err != nil {
		return err
	}
	if c.Bool("check") && r.changed() {
		return errWouldChange
	}
	return nil
}

// oneOf refuses options that contradict each other.
func oneOf(c *cli.Context, names ...string) error {
	given := ""
	for _, name := range names {
		if !c.IsSet(name) {
			continue
		}
		if given != "" {
			return &usageError{problem: "--" + given + " and --" + name + " cannot be used together", advice: "run the command twice"}
		}
		given = name
	}
	return nil
}

// modified runs the plugins and makes the new text.
func (a *app) modified(c *cli.Context, dryRun bool) (*result, error) {
	s, err := a.session(c)
	if err != nil {
		return nil, err
	}
	s.host.DryRun = dryRun
	if s.host.Jobs, err = jobs(c); err != nil {
		return nil, err
	}
	doc, err := a.document(c)
	if err != nil {
		return nil, err
	}
	steps, err := a.steps(c, s, doc)
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		a.nothingToRun(s, doc)
	}
	out, err := s.host.Modify(c.Context, doc, steps)
	if err != nil {
		return nil, withEntry(err, s.settings)
	}
	found, err := s.host.Check(c.Context, out)
	if err != nil {
		return nil, err
	}
	if err := a.report.strictly(out.Messages); err != nil {
		return nil, err
	}
	if err := a.closed(); err != nil {
		return nil, err
	}
	r := newResult(out)
	r.found = found
	if err := a.overlaps(r); err != nil {
		return nil, err
	}
	if r.edited, err = out.Edit(); err != nil {
		return nil, err
	}
	return r, nil
}

// jobs returns how many plugins may run at once, 0 for the usual number.
func jobs(c *cli.Context) (int, error) {
	n := c.Int("jobs")
	if c.IsSet("jobs") && n < 1 {
		return 0, &usageError{problem: "--jobs must be above zero", advice: "--jobs 1 runs one plugin after the other; without it as many run at once as is good"}
	}
	return n, nil
}

// show prints the result in the form that the options ask for.
func (a *app) show(c *cli.Context, r *result) error {
	switch {
	case c.Bool("json"):
		return a.printJSON(modifiedOf(r))
	case c.Bool("check"):
		return nil
	case c.Bool("explain"):
		return a.print(newExplainer(r).changed(a.color(c)))
	case diffForm(c) == diffPeers:
		return a.print(peersDiff(r, a.color(c)))
	case diffForm(c) == diffLines:
		text, err := diff(r, a.color(c))
		if err != nil {
			return err
		}
		return a.print(text)
	case c.String("output") != "":
		return nil
	}
	return a.printBytes(r.edited.Text)
}

// modifiedJSON is what modify prints with --json.
type modifiedJSON struct {
	Configuration string         `json:"configuration"`
	Changed       bool           `json:"changed"`
	Plugins       []ranPlugin    `json:"plugins"`
	Changes       []changeJSON   `json:"changes"`
	Messages      []messageJSON  `json:"messages"`
	Findings      []checkFinding `json:"findings"`
	Text          string         `json:"text"`
}

type ranPlugin struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Path    string `json:"path"`
}

type changeJSON struct {
	Pointer    string          `json:"pointer"`
	Op         tree.Op         `json:"op"`
	Before     json.RawMessage `json:"before,omitempty"`
	After      json.RawMessage `json:"after,omitempty"`
	Plugin     string          `json:"plugin"`
	Version    string          `json:"version"`
	Line       int             `json:"line,omitempty"` // in the file as it was
	Column     int             `json:"column,omitempty"`
	Overwrites []string        `json:"overwrites,omitempty"` // plugins whose values it undoes
	Extends    []string        `json:"extends,omitempty"`    // plugins whose lists it adds to
}

type messageJSON struct {
	Plugin  string `json:"plugin"`
	Level   string `json:"level"`
	Pointer string `json:"pointer,omitempty"`
	Message string `json:"message"`

	Fields *tree.Object `json:"fields,omitempty"`
}

func modifiedOf(r *result) modifiedJSON {
	out := modifiedJSON{
		Configuration: r.Document.File(), Changed: r.changed(), Text: string(r.edited.Text),
		Plugins: []ranPlugin{}, Changes: []changeJSON{}, Messages: []messageJSON{},
		Findings: append([]checkFinding{}, r.findings...),
	}
	for _, p := range r.Ran {
		out.Plugins = append(out.Plugins, ranPlugin{Name: p.Plugin.Name, Version: p.Described.Version, Path: p.Plugin.Path})
	}
	for i, c := range r.Changes {
		line, column := place(r, c)
		change := r.changeJSON(i, c)
		change.Line, change.Column = line, column
		out.Changes = append(out.Changes, change)
	}
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, messageJSON{Plugin: m.Plugin, Level: m.Level, Pointer: m.Pointer, Message: m.Text, Fields: m.Fields})
	}
	return out
}

// changeJSON describes the change with the index i, or c, what it is to one
// value.
func (r *result) changeJSON(i int, c config.Change) changeJSON {
	m := c.Masked()
	overwrites, extends := r.overlapNames(i, pathOf(c.Pointer))
	return changeJSON{
		Pointer: m.Pointer, Op: m.Op, Before: m.Before, After: m.After,
		Plugin: m.Plugin, Version: m.Version, Overwrites: overwrites, Extends: extends,
	}
}

// place returns where in the file the changed value stood; zeros if it is new.
func place(r *result, c config.Change) (line, column int) {
	if c.Op == tree.Add {
		return 0, 0
	}
	line, column, _ = r.Document.Position(pathOf(c.Pointer))
	return line, column
}
