package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/adrg/xdg"
	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/settings"
	"github.com/natesales/pathvector-plugin/protocol"
)

// session is what a command that runs plugins works with.
type session struct {
	settings  *settings.Settings
	inventory *discovery.Inventory
	host      *host.Host
}

func (a *app) session(c *cli.Context) (*session, error) {
	set, err := a.settings(c)
	if err != nil {
		return nil, err
	}
	inv, err := a.inventory(c)
	if err != nil {
		return nil, err
	}
	a.opened = a.host()
	return &session{settings: set, inventory: inv, host: a.opened}, nil
}

// closed ends the plugins that are kept running, and passes on what is noticed
// of them then.
func (a *app) closed() error {
	if a.opened == nil {
		return nil
	}
	messages, err := a.opened.Close()
	a.opened = nil
	for _, m := range messages {
		a.report.message(m)
	}
	if a.env.Adopts {
		if left := host.EndOrphans(); len(left) > 0 {
			a.report.note("plugins left processes behind, which were killed: %s", strings.Join(left, ", "))
		}
	}
	if err != nil {
		return err
	}
	return a.report.strictly(messages)
}

// modeFlag is for commands that make more than one call of a plugin.
func modeFlag() cli.Flag {
	return &cli.StringFlag{Name: "mode", Usage: "run plugins in `MODE`, one-shot or kept-running, whatever they describe and the settings say"}
}

func (a *app) host() *host.Host {
	runner := &host.Runner{Environ: a.env.Environ, Stderr: a.report.stderrLine}
	if a.trace != nil {
		runner.Trace = a.trace.entry
	}
	h := &host.Host{Runner: runner, Version: version(), Log: slog.New(logHandler{report: a.report}), Progress: a.report.progress}
	// Without a home, as under systemd, the library would take /.local/state.
	if a.env.lookup("XDG_STATE_HOME") != "" || a.env.lookup("HOME") != "" {
		h.StateDir = filepath.Join(xdg.StateHome, "pathvector-plugin")
	}
	if a.env.lookup("XDG_CACHE_HOME") != "" || a.env.lookup("HOME") != "" {
		h.Cache = &host.DescribeCache{
			Dir:     filepath.Join(xdg.CacheHome, "pathvector-plugin", "describe"),
			Refresh: a.refresh,
			Used: func(plugin string) {
				a.report.detail("%s: describe comes from the cache; --no-cache asks the plugin", plugin)
			},
		}
	}
	return h
}

func (a *app) settings(c *cli.Context) (*settings.Settings, error) {
	path := c.String("settings")
	if c.IsSet("settings") && path == "" {
		return nil, &usageError{problem: "--settings needs the name of a file", advice: "leave it out to use the one in the XDG directories"}
	}
	if path == "" {
		path = settings.Find()
	}
	if path == "" {
		a.report.detail("there is no settings file")
		return &settings.Settings{}, nil
	}
	a.report.detail("settings: %s", path)
	return settings.Load(path)
}

func (a *app) inventory(c *cli.Context) (*discovery.Inventory, error) {
	var dirs []string
	for _, dir := range c.StringSlice("plugin-dir") {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return nil, &hinted{fmt.Errorf("--plugin-dir %s: the working directory is gone: %w", quote(dir), err), "change to a directory that exists, or write the whole path"}
		}
		if info, err := os.Stat(abs); err != nil || !info.IsDir() {
			return nil, &usageError{problem: "--plugin-dir " + quote(dir) + " is no directory", advice: "name a directory that holds pathvector-plugin-NAME executables"}
		}
		dirs = append(dirs, abs)
	}
	return discovery.Scan(discovery.Places(dirs, a.env.lookup("PATH"))), nil
}

// document reads the configuration.
func (a *app) document(c *cli.Context) (*config.Document, error) {
	file := c.String("config")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &config.Error{File: file, Problem: "cannot read the configuration: " + plainCause(err), Advice: unreadableAdvice(file, err)}
	}
	doc, err := config.Parse(file, text)
	if len(text) > manyBytes {
		runtime.GC()
	}
	return doc, err
}

// manyBytes is from which size on it is worth a collection to forget at once
// what parsing a configuration has left: it is about what all that comes after
// it needs, so that the process hardly grows any more.
const manyBytes = 1 << 20

// unreadableAdvice says what to do about a file that cannot be read.
func unreadableAdvice(file string, err error) string {
	switch {
	case file == "-":
		return "name standard input with -c /dev/stdin"
	case errors.Is(err, fs.ErrPermission):
		return "run as a user who may read it, or let this one: namei -l " + quote(file)
	}
	return "name it with -c FILE"
}

// documentIfAny is document for what may do without: where nobody named the
// configuration and the usual file does not exist, it is empty.
func (a *app) documentIfAny(c *cli.Context) (*config.Document, error) {
	file := c.String("config")
	if _, err := os.Stat(file); !c.IsSet("config") && errors.Is(err, fs.ErrNotExist) {
		a.report.detail("there is no %s: the plugin is sent an empty configuration", file)
		return config.Parse(file, nil)
	}
	return a.document(c)
}

// plainCause is the error without the path, which the message has already.
func plainCause(err error) string {
	if pathError, ok := err.(*os.PathError); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

// steps says what runs, in order, refusing plugins that are not there.
func (a *app) steps(c *cli.Context, s *session, doc *config.Document) ([]host.Step, error) {
	entries, err := doc.Plugins()
	if err != nil {
		return nil, err
	}
	selected, err := s.settings.Select(c.StringSlice("plugin"), entries)
	if err != nil {
		return nil, err
	}
	var steps []host.Step
	for _, p := range selected {
		step, err := a.step(c, s, p)
		if err != nil {
			return nil, fmt.Errorf("%s asks for a plugin: %w", asker(c, s, doc), err)
		}
		a.report.detail("runs %s: %s", p.Name, step.Plugin.Path)
		steps = append(steps, step)
	}
	return steps, nil
}

// asker says who named the plugins that run.
func asker(c *cli.Context, s *session, doc *config.Document) string {
	switch {
	case len(c.StringSlice("plugin")) > 0:
		return "--plugin"
	case s.settings.Listed:
		return s.settings.File
	}
	return "the plugins section of " + doc.File()
}

// step joins what was found on disk with what the settings say of a plugin.
func (a *app) step(c *cli.Context, s *session, p settings.Plugin) (host.Step, error) {
	found, err := s.inventory.Find(p.Name)
	if err != nil {
		return host.Step{}, err
	}
	return a.stepOf(c, found, p)
}

// stepOf is step for a plugin that was found.
func (a *app) stepOf(c *cli.Context, found discovery.Plugin, p settings.Plugin) (host.Step, error) {
	mode := cmp.Or(c.String("mode"), p.Mode)
	if mode != "" && !protocol.ValidMode(mode) {
		return host.Step{}, &usageError{problem: "--mode must be one-shot or kept-running, not " + quote(mode), advice: "leave it out to have it as the plugin says"}
	}
	limit := timeout(c)
	if limit == 0 {
		limit = p.Timeout
	}
	return host.Step{
		Plugin: found, Options: p.Options, Timeout: limit, Mode: mode,
		Reads: p.Reads, Writes: p.Writes,
		Secrets: p.Grants.Secrets, Guarded: p.Grants.Guarded, Env: p.Grants.Env,
	}, nil
}

// one returns the step of the one plugin that a command names. Its options
// come from the settings, and from the configuration where there is one.
func (a *app) one(c *cli.Context, s *session, name string, doc *config.Document) (host.Step, error) {
	p, err := a.entry(s, name, doc)
	if err != nil {
		return host.Step{}, err
	}
	return a.step(c, s, p)
}

// entry returns what the settings, and the configuration where there is one,
// say of a plugin.
func (a *app) entry(s *session, name string, doc *config.Document) (settings.Plugin, error) {
	var entries []config.PluginEntry
	if doc != nil {
		var err error
		if entries, err = doc.Plugins(); err != nil {
			return settings.Plugin{}, err
		}
	}
	selected, err := s.settings.Select([]string{name}, entries)
	if err != nil {
		return settings.Plugin{}, err
	}
	return selected[0], nil
}

// nothingToRun tells how to name a plugin.
func (a *app) nothingToRun(s *session, doc *config.Document) {
	where := "in a settings file"
	if s.settings.File != "" {
		where = "in " + s.settings.File
	}
	a.report.note("no plugin to run; name one with --plugin NAME, under plugins: %s, or under plugins: in %s ('pathvector-plugin list' shows what there is)", where, doc.File())
}
