package cli

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (a *app) runPlugin() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a command that a plugin provides",
		ArgsUsage: "NAME [COMMAND [ARGS]]",
		Description: "'pathvector-plugin NAME COMMAND ARGS' does the same, unless NAME is a command of\n" +
			"pathvector-plugin itself. Everything behind NAME belongs to the plugin. Without\n" +
			"COMMAND, its commands are listed; COMMAND --help explains one.\n" +
			"The exit code is the command's own. It may take an hour, unless --timeout or the\n" +
			"settings say otherwise.",
		Flags:  []cli.Flag{modeFlag()},
		Action: a.runRun,
	}
}

func (a *app) runRun(c *cli.Context) error {
	args := c.Args().Slice()
	if len(args) == 0 {
		return &usageError{problem: "run needs the NAME of a plugin", advice: "usage: pathvector-plugin run " + c.Command.ArgsUsage}
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	name, args := args[0], args[1:]
	if _, err := s.inventory.Find(name); err != nil {
		return a.noPlugin(c, s, name, err)
	}
	if len(args) == 0 || args[0] == "-h" || asksForHelp(args[:1]) {
		return a.explainCommands(c, s, name, "")
	}
	if asksForHelp(args[1:]) {
		has, err := a.hasHelpFlag(c, s, name, args[0])
		if err != nil {
			return err
		}
		if !has {
			return a.explainCommands(c, s, name, args[0])
		}
	}
	return a.runCommand(c, s, name, args[0], args[1:])
}

// noPlugin is the error for a name that nothing has. A first word may have been
// meant as a command, too.
func (a *app) noPlugin(c *cli.Context, s *session, name string, err error) error {
	var notFound *discovery.NotFoundError
	if notFound, _ = err.(*discovery.NotFoundError); !a.line.direct || notFound == nil || len(notFound.Broken) > 0 {
		return err
	}
	commands, plugins := commandNames(c.App), usableNames(s.inventory)
	advice := suggestion(name, commands, "commands")
	if len(plugins) > 0 {
		advice = suggestion(name, slices.Concat(commands, plugins), "commands and plugins")
	}
	return &usageError{
		problem: "there is no command " + quote(name) + ", and no plugin of that name",
		advice:  advice + "; 'pathvector-plugin list -v' shows where plugins are looked for",
	}
}

// usableNames are the names of the plugins that can be run, sorted.
func usableNames(inv *discovery.Inventory) []string {
	var names []string
	for _, p := range inv.Plugins() {
		if p.Err == nil && p.ShadowedBy == "" {
			names = append(names, p.Name)
		}
	}
	return names
}

// asksForHelp reports whether the host is to explain the command instead of
// running it (CMD-4).
func asksForHelp(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.Contains(args, "--help")
}

func (a *app) hasHelpFlag(c *cli.Context, s *session, name, command string) (bool, error) {
	d, err := a.describe(c, s, name)
	if err != nil {
		return false, err
	}
	spec, err := d.Command(command)
	return slices.ContainsFunc(spec.Flags, func(f protocol.Flag) bool { return f.Name == "help" }), err
}

func (a *app) describe(c *cli.Context, s *session, name string) (*host.Described, error) {
	step, err := a.one(c, s, name, nil)
	if err != nil {
		return nil, err
	}
	return s.host.Describe(c.Context, step)
}

// ranCommand is what run prints with --json. That the exit code is in it, and
// not in an error on stderr, says that it is the command's and not the host's.
type ranCommand struct {
	Plugin    string   `json:"plugin"`
	Version   string   `json:"version"`
	Path      string   `json:"path"`
	Command   string   `json:"command"`
	Arguments []string `json:"arguments"`
	ExitCode  int      `json:"exitCode"`
	Output    string   `json:"output"`
}

func (a *app) runCommand(c *cli.Context, s *session, name, command string, arguments []string) error {
	doc, err := a.documentIfAny(c)
	if err != nil {
		return err
	}
	step, err := a.one(c, s, name, doc)
	if err != nil {
		return err
	}
	p, err := s.host.Prepare(c.Context, step)
	if err != nil {
		return err
	}
	if err := a.report.warnings(name, p.Described.Warnings); err != nil {
		return err
	}
	out := &commandOutput{app: a, ctx: c.Context, plugin: name, hold: c.Bool("json")}
	s.host.Runner.Stderr = func(_, line string) { out.show(line) }
	ended, err := s.host.Command(c.Context, p, doc, command, arguments, out.write)
	out.end(err != nil || ended.ExitCode != 0)
	if err != nil {
		return err
	}
	if err := a.report.warnings(name, ended.Warnings); err != nil {
		return err
	}
	if c.Bool("json") {
		err = a.printJSON(ranCommand{
			Plugin: name, Version: p.Described.Version, Path: p.Plugin.Path,
			Command: command, Arguments: arguments, ExitCode: ended.ExitCode, Output: out.held.String(),
		})
	}
	if err == nil && ended.ExitCode != 0 {
		a.report.detail("%s %s ended with exit code %d", name, command, ended.ExitCode)
		err = &commandFailed{ended.ExitCode}
	}
	return err
}
