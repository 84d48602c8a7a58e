// Package host runs plugins over a Pathvector configuration: it asks them
// what they are, sends each the view that it may read, holds its answer to
// what it may write, and records who changed what.
//
// It can be embedded: discovery finds the plugins, config reads the
// configuration, a Host runs them.
package host

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Host runs plugins. It must not be copied, and needs Close where plugins may be
// kept running.
type Host struct {
	// Runner starts the processes.
	Runner *Runner
	// Version is the host's version, as plugins are told it.
	Version string
	// StateDir is the directory under which every plugin gets a private one
	// that persists. Without it plugins are given none.
	StateDir string
	// Cache keeps what plugins say about themselves. Without it they are asked
	// each time, as with a Runner that traces.
	Cache *DescribeCache
	// DryRun tells plugins that the result will not be used.
	DryRun bool
	// Jobs is how many plugins Modify runs at once, at most; 1 is one after the
	// other, 0 as many as there are processors, and four at least.
	Jobs int
	// Log gets each message of Outcome.Messages from Modify, in their order, as
	// they come. So it also gets those that came before a failure, after which
	// there is no Outcome: of the plugins before, and what the failing one
	// logged. The attributes are plugin, pointer (if it is about one), by (host,
	// for what the host noticed) and the group fields, as the plugin gave them.
	// Nil logs nothing.
	Log *slog.Logger
	// Progress is called when a plugin tells how far a call of it has come, and
	// when such a call is over. It must not block, and several calls at once
	// call it at once. Nil shows nothing.
	Progress func(Progress)
	// Changed is called when a plugin that is kept running says that it would
	// answer modify differently now (NTF-7), at any time until Close, also
	// during its calls. It must not block. Nil ignores it.
	Changed func(plugin string)

	keeper keeper
	calls  atomic.Int64                                          // made so far, for Progress
	fake   func(context.Context, Step, Request) (*Answer, error) // takes the place of calls; set by tests only
}

// Step is one plugin to run, with what the operator decided about it.
type Step struct {
	Plugin  discovery.Plugin
	Options tree.Value    // an object; nil for none
	Timeout time.Duration // for each call; 0 is the Runner's default
	Reads   []config.Pattern
	Writes  []config.Pattern // nil does not narrow what the plugin declares
	Secrets bool             // may read and write secret keys
	Guarded bool             // may write guarded keys
	Env     []string         // names of environment variables it may see
	Hide    []string         // texts that are masked in a trace
	// Mode is protocol.ModeOneShot or ModeKeptRunning. Without it the plugin's
	// describe decides, except in Call, which is one-shot then.
	Mode string
}

func (s Step) program() Program {
	return Program{Name: s.Plugin.Name, Path: s.Plugin.Path, Env: s.Env, Timeout: s.Timeout, Secrets: s.Hide}
}

// PluginName returns the name of the plugin that failed.
func (e *PluginError) PluginName() string { return e.Plugin }

// context builds params.context for a call (MOD-1). Where the configuration is no
// file, relative paths start from the working directory.
func (h *Host) context(file string, s Step) protocol.Context {
	dir := filepath.Dir(file)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if file != "" {
		file = filepath.Join(dir, filepath.Base(file))
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = h.Runner.timeout()
	}
	return protocol.Context{
		ConfigFile:  file,
		ConfigDir:   dir,
		StateDir:    h.stateDir(s.Plugin.Name),
		TimeoutMs:   timeout.Milliseconds(),
		HostVersion: h.Version,
		DryRun:      h.DryRun,
	}
}

// stateDir returns the plugin's private directory, and makes it. A read-only
// system has none, which only a plugin that needs one can call a failure.
//
// A dry run makes nothing: the plugin gets the directory that an earlier run
// has made, and none before there was one. A path that does not exist yet is
// not given, as the spec promises the path of a directory (MOD-1, MOD-10).
func (h *Host) stateDir(plugin string) string {
	if !filepath.IsAbs(h.StateDir) {
		return ""
	}
	dir := filepath.Join(h.StateDir, plugin)
	if !h.DryRun {
		_ = os.MkdirAll(dir, 0o700) // whether it is there is what counts
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}
