// Package cli is the command line of pathvector-plugin: a file for each
// command, and what the commands share. It is the only importer of
// urfave/cli.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

// defaultConfig is where Pathvector itself looks for its configuration.
const defaultConfig = "/etc/pathvector.yml"

// Version is what --version prints and what plugins are told. A release build
// sets it; otherwise the module's version is taken from the binary.
var Version = ""

// Env is what the process gives the command line. Nothing below reads the
// process's own arguments or streams; of its environment only the XDG
// directories are read elsewhere, by the library for them.
type Env struct {
	Args     []string // without the program's name
	Environ  []string // as os.Environ
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Terminal bool // Stdout is a terminal
	Adopts   bool // what plugins leave behind are children of this process
	// Sources are the files of this module that a new plugin in Go brings along.
	Sources fs.FS
	// StderrSize returns the size of the terminal that Stderr is, in characters;
	// nil if it is none.
	StderrSize func() (columns, rows int)
}

// lookup returns the value of an environment variable, "" where it is unset.
func (e Env) lookup(name string) string {
	for _, kv := range e.Environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}

// app is one run of the program.
type app struct {
	env     Env
	report  *reporter
	trace   *traceFile // nil without --trace
	opened  *host.Host // nil before a command needs one
	refresh bool       // the plugins are asked what they are, see --no-cache
	line    commandLine
	// described looks up what a plugin said of itself before, without running
	// it.
	described func(discovery.Plugin) (*host.Described, bool)
}

// Run executes the command line and returns the exit code.
func Run(ctx context.Context, env Env) int {
	a := &app{env: env}
	a.described = a.fromCache
	root := a.root()
	a.line = divide(root, env.Args)
	a.report = newReporter(env, wantsJSON(a.line.own))
	err := a.run(ctx, root)
	if closing := a.closed(); err == nil {
		err = closing
	}
	a.trace.close(a.report)
	if err != nil && !quietly(err) {
		a.report.fail(err)
	}
	return exitCode(err)
}

// quietly reports whether an error needs no words: one that only carries an
// exit code, or that whoever read the result has seen enough of it.
func quietly(err error) bool {
	return errors.Is(err, errWouldChange) || errors.Is(err, errReaderGone) || as[*commandFailed](err) || as[*notConforming](err) || errors.Is(err, errFound) || errors.Is(err, errDiffers)
}

func (a *app) run(ctx context.Context, root *cli.App) error {
	args, err := arrange(root, a.line)
	if err != nil {
		return err
	}
	return root.RunContext(ctx, append([]string{root.Name}, args...))
}

func (a *app) root() *cli.App {
	commands := []*cli.Command{
		a.list(), a.info(), a.modify(), a.check(), a.explain(), a.generate(), a.runPlugin(), a.call(), a.newPlugin(), a.sdk(),
		a.test(), a.replay(), a.traces(), a.doctor(), a.completion(), a.complete(),
	}
	for _, c := range commands {
		c.HideHelpCommand = true
		c.OnUsageError = usage
	}
	return &cli.App{
		Name:            "pathvector-plugin",
		Usage:           "plugins for Pathvector: executables that change a BGP router's configuration",
		UsageText:       "pathvector-plugin [options] command [options] [arguments]",
		Version:         version(),
		Flags:           globalFlags(),
		Commands:        commands,
		HideVersion:     true,
		HideHelpCommand: true,
		Writer:          a.env.Stdout,
		ErrWriter:       a.env.Stderr,
		Before:          a.before,
		Action:          a.help,
		OnUsageError:    usage,
		// A comma is a character like others in names of directories.
		DisableSliceFlagSeparator: true,
		// Without this urfave/cli ends the process from inside RunContext.
		ExitErrHandler: func(*cli.Context, error) {},
	}
}

// usage is a value that does not fit its option.
func usage(_ *cli.Context, err error, _ bool) error {
	return &usageError{problem: strings.ReplaceAll(err.Error(), " -", " --"), advice: "see --help for what each option takes; a time has a unit, as in 30s or 5m"}
}

func globalFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "config", Aliases: []string{"c"}, Value: defaultConfig, Usage: "the Pathvector configuration `FILE`", TakesFile: true},
		&cli.StringFlag{Name: "settings", Usage: "the host's own settings `FILE` (default: pathvector-plugin/settings.yml in the XDG configuration directories)", TakesFile: true},
		&cli.StringSliceFlag{Name: "plugin-dir", Usage: "search `DIR` for plugins before anything else (repeatable)", TakesFile: true},
		&cli.DurationFlag{Name: "timeout", Usage: "the deadline of each call of a plugin, a `TIME` such as 90s; counts before that of the settings", DefaultText: "30s, and 1h for run"},
		&cli.StringFlag{Name: "trace", Usage: "record in `FILE` what goes to the plugins and comes back, with secrets masked", TakesFile: true},
		&cli.BoolFlag{Name: "no-cache", Usage: "ask each plugin again what it is, although its file has not changed", DisableDefaultText: true},
		&cli.BoolFlag{Name: "json", Usage: "print one JSON document; messages and the error are JSON lines on stderr", DisableDefaultText: true},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "say which files are used and what runs", DisableDefaultText: true},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing on success but the result", DisableDefaultText: true},
		&cli.BoolFlag{Name: "no-color", Usage: "never colour the output (also: NO_COLOR)", DisableDefaultText: true},
		&cli.BoolFlag{Name: "strict", Usage: "take what would be a warning, about a plugin or the configuration, for an error", DisableDefaultText: true},
		&cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true},
	}
}

func (a *app) before(c *cli.Context) error {
	a.report.quiet = c.Bool("quiet")
	a.report.verbose = c.Bool("verbose")
	a.report.strict = c.Bool("strict")
	a.refresh = c.Bool("no-cache")
	if file := c.String("trace"); file != "" {
		err := overwrites(file, c.Args().Slice())
		if err == nil {
			a.trace, err = openTrace(file)
		}
		if err != nil {
			return err
		}
	}
	if c.IsSet("timeout") && c.Duration("timeout") <= 0 {
		return &usageError{problem: "--timeout must be above zero", advice: "give a number and a unit, as in --timeout 30s"}
	}
	return nil
}

// help is what runs without a command.
func (a *app) help(c *cli.Context) error {
	if c.Bool("version") {
		return a.print("pathvector-plugin " + version() + "\n")
	}
	return cli.ShowAppHelp(c)
}

// print writes the result; a reader that went away is an error.
func (a *app) print(text string) error { return a.printBytes([]byte(text)) }

// printBytes is print for what may be large.
func (a *app) printBytes(text []byte) error {
	write := func() error {
		_, err := a.env.Stdout.Write(text)
		return err
	}
	var err error
	if a.env.Terminal {
		err = a.report.aside(string(text), write)
	} else {
		err = write()
	}
	switch {
	case errors.Is(err, syscall.EPIPE):
		return errReaderGone
	case err != nil:
		return &hinted{fmt.Errorf("writing the result to standard output: %w", err), "check where standard output goes"}
	}
	return nil
}

// fromCache looks up what a plugin said of itself before.
func (a *app) fromCache(p discovery.Plugin) (*host.Described, bool) {
	return a.host().Cache.Lookup(p, version())
}

// color reports whether the result may be coloured.
func (a *app) color(c *cli.Context) bool {
	return a.env.Terminal && !c.Bool("no-color") && a.env.lookup("NO_COLOR") == ""
}

// timeout returns the deadline that the command line sets, 0 without one.
func timeout(c *cli.Context) time.Duration { return c.Duration("timeout") }

func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// Vocabulary returns the names of all commands and the long form of all
// options, so that documents can be held to them.
func Vocabulary() (commands, options []string) {
	root := (&app{}).root()
	flags := root.Flags
	for _, c := range root.VisibleCommands() {
		commands = append(commands, c.Name)
		flags = append(flags, c.Flags...)
	}
	for _, f := range flags {
		options = append(options, "--"+f.Names()[0])
	}
	return commands, options
}
