package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

func (a *app) generate() *cli.Command {
	return &cli.Command{
		Name:      "generate",
		Usage:     "run the plugins, then 'pathvector generate' on the result",
		ArgsUsage: "[-- ARGS]",
		Description: "Runs the plugins as modify does, then the pathvector found on PATH, as\n" +
			"'pathvector generate ARGS -c FILE'. FILE is private to this user and is removed\n" +
			"afterwards. Pathvector's own exit code comes back as 20 + code. What Pathvector\n" +
			"prints goes to stderr, with the configuration's secrets masked; with -q only\n" +
			"when it fails.",
		Flags:  append(runFlags(), allowFlag()),
		Action: a.runGenerate,
	}
}

func (a *app) runGenerate(c *cli.Context) error {
	args := c.Args().Slice()
	if slices.Contains(args, "--") {
		return &usageError{problem: "a second -- cannot be passed on to pathvector", advice: "pathvector generate takes options only: 'pathvector-plugin generate -- -n'"}
	}
	if i := slices.IndexFunc(args, namesConfig); i >= 0 {
		return &usageError{
			problem: "generate hands over a configuration of its own, so " + quote(args[i]) + " cannot be passed on",
			advice:  "name the configuration before the --, as in 'pathvector-plugin -c FILE generate -- -n'",
		}
	}
	codes, err := allowed(c)
	if err != nil {
		return err
	}
	binary, err := findPathvector(a.env.lookup("PATH"))
	if err != nil {
		return err
	}
	r, err := a.modified(c, slices.ContainsFunc(args, isDryRun))
	if err != nil {
		return err
	}
	if err := a.accept(r, false, codes); err != nil {
		return err
	}
	text, err := withoutOwned(r)
	if err != nil {
		return err
	}
	h := handover{binary: binary, args: args, secrets: r.Document.Secrets(r.Tree), quiet: a.report.quiet, env: a.env}
	a.report.detail("runs %s generate %s", binary, strings.Join(args, " "))
	if err := h.run(c.Context, text, r.directories()); err != nil {
		return err
	}
	if c.Bool("json") {
		return a.printJSON(modifiedOf(r))
	}
	return nil
}

func namesConfig(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return name == "-c" || name == "--config"
}

// isDryRun also knows -d among short options written together.
func isDryRun(arg string) bool {
	short := len(arg) > 1 && arg[0] == '-' && arg[1] != '-'
	return arg == "--dry-run" || arg == "--dry-run=true" || short && strings.Contains(arg, "d")
}

// withoutOwned is the text to hand over: without the entries under plugins:
// that this host ran, and without the section if none are left.
func withoutOwned(r *result) ([]byte, error) {
	doc, err := config.Parse(r.Document.File(), r.edited.Text)
	if err != nil {
		return nil, err
	}
	after := doc.Tree()
	for _, p := range r.Ran {
		after = tree.Without(after, tree.Path{"plugins", p.Plugin.Name})
	}
	section := tree.Path{"plugins"}
	if left, _ := tree.Lookup(after, section); tree.Equal(left, &tree.Object{}) {
		after = tree.Without(after, section)
	}
	edited, err := doc.Edit(after)
	if err != nil {
		return nil, fmt.Errorf("removing the plugins that ran from plugins: %w", err)
	}
	return edited.Text, nil
}

// directories are those that Pathvector itself writes to: what is handed over
// must lie elsewhere.
func (r *result) directories() []string {
	var dirs []string
	for _, key := range []string{"cache-directory", "bird-directory"} {
		if v, ok := tree.Lookup(r.Tree, tree.Path{key}); ok {
			if dir, ok := v.(string); ok && dir != "" {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}
