package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/settings"
	"github.com/natesales/pathvector-plugin/protocol"
)

// diagnosis collects what is wrong. Each step takes what the ones before it
// could read, and goes on without what they could not.
type diagnosis struct {
	*session
	app      *app
	c        *cli.Context
	doc      *config.Document // nil when it cannot be read
	entries  []config.PluginEntry
	running  []string // the plugins that run, in order
	findings []finding
}

func (d *diagnosis) examine() {
	d.readSettings()
	d.readConfiguration()
	d.lookAround()
	d.findNamed()
	d.askPlugins()
	d.directories()
	d.programs()
}

func (d *diagnosis) add(severity string, f finding) {
	f.Severity = severity
	d.findings = append(d.findings, f)
}

// fault takes up an error that a command would end with.
func (d *diagnosis) fault(plugin string, err error) {
	d.add(protocol.LevelError, finding{Plugin: plugin, Message: err.Error(), Hint: hintOf(err)})
}

func (d *diagnosis) readSettings() {
	var err error
	if d.settings, err = d.app.settings(d.c); err != nil {
		d.settings = &settings.Settings{}
		d.fault("", err)
	}
}

func (d *diagnosis) readConfiguration() {
	var err error
	if d.doc, err = d.app.document(d.c); err != nil {
		d.doc = nil
		d.fault("", err)
		return
	}
	if d.entries, err = d.doc.Plugins(); err != nil {
		d.fault("", err)
	}
}

// lookAround reports what discovery noticed, and who else could change what
// root runs.
func (d *diagnosis) lookAround() {
	for _, w := range d.inventory.Warnings() {
		d.add(protocol.LevelWarning, finding{Plugin: w.Plugin, Path: w.Path, Message: w.Problem, Hint: w.Advice})
	}
	for _, name := range usableNames(d.inventory) {
		if slices.Contains(commandNames(d.c.App), name) {
			d.add(protocol.LevelWarning, finding{Plugin: name, Message: "plugin " + name + ": " + clashWords(name), Hint: "rename the plugin, or use run"})
		}
		if uid := os.Geteuid(); uid == 0 {
			d.exposed(name, uid)
		}
	}
}

// clashWords says what a plugin with the name of a core command leads to.
func clashWords(name string) string {
	return fmt.Sprintf("pathvector-plugin has a command %s of its own, so the plugin's commands are reached only by 'pathvector-plugin run %s'", name, name)
}

func (d *diagnosis) exposed(name string, uid int) {
	plugin, err := d.inventory.Find(name)
	if err != nil {
		return // cannot happen: the name is that of a usable plugin
	}
	for _, e := range discovery.Exposed(plugin.Path, uid) {
		severity := protocol.LevelWarning
		if e.Anyone {
			severity = protocol.LevelError
		}
		d.add(severity, finding{Plugin: name, Path: e.Path, Message: fmt.Sprintf("plugin %s runs as root, but %s %s", name, e.Path, e.Problem), Hint: e.Advice})
	}
}

// findNamed compares what is named with what is there.
func (d *diagnosis) findNamed() {
	selected, err := d.settings.Select(nil, d.entries)
	if err != nil {
		d.fault("", err)
	}
	for _, p := range selected {
		if _, err := d.inventory.Find(p.Name); err != nil {
			d.fault(p.Name, fmt.Errorf("%s asks for a plugin: %w", asker(d.c, d.session, d.doc), err))
			continue
		}
		d.running = append(d.running, p.Name)
	}
	for _, e := range d.entries {
		if d.settings.Listed && !slices.ContainsFunc(d.settings.Plugins, func(p settings.Plugin) bool { return p.Name == e.Name }) {
			d.add(protocol.LevelWarning, finding{
				Plugin:  e.Name,
				Message: fmt.Sprintf("the plugins section of %s names %s, which does not run: the plugins list of %s counts alone", d.doc.File(), e.Name, d.settings.File),
				Hint:    fmt.Sprintf("add '- name: %s' to that list, or remove the entry", e.Name),
			})
		}
	}
	for _, name := range usableNames(d.inventory) {
		if !slices.Contains(d.running, name) {
			d.add(protocol.LevelInfo, finding{Plugin: name, Message: fmt.Sprintf("plugin %s is found, but nothing names it: it changes no configuration unless --plugin %s does", name, name)})
		}
	}
}

// askPlugins runs describe, of all plugins at once: one that hangs must not
// add its time to that of the others.
func (d *diagnosis) askPlugins() {
	names := usableNames(d.inventory)
	told := make([][]finding, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { told[i] = d.ask(name) })
	}
	group.Wait()
	d.findings = slices.Concat(d.findings, slices.Concat(told...))
}

func (d *diagnosis) ask(name string) []finding {
	step, err := d.app.one(d.c, d.session, name, d.doc)
	if err != nil {
		return nil // options that cannot be read have been reported
	}
	var described *host.Described
	if slices.Contains(d.running, name) {
		var p *host.Prepared
		if p, err = d.host.Prepare(d.c.Context, step); err == nil {
			described = p.Described
		}
	} else {
		described, err = d.host.Describe(d.c.Context, step)
	}
	if err != nil {
		return []finding{{Severity: protocol.LevelError, Plugin: name, Path: step.Plugin.Path, Message: err.Error(), Hint: hintOf(err)}}
	}
	var all []finding
	for _, w := range described.Warnings {
		all = append(all, finding{
			Severity: protocol.LevelWarning, Plugin: name, Path: step.Plugin.Path,
			Message: "plugin " + name + ": " + w, Hint: "tell the plugin's author, or look for a newer version",
		})
	}
	return all
}

// programs looks for what generate hands over to.
func (d *diagnosis) programs() {
	path := d.app.env.lookup("PATH")
	if _, err := findPathvector(path); err != nil {
		d.fault("", err)
	}
	file := d.birdBinary()
	if why := discovery.Executable(file); why != nil {
		hint := "install BIRD, or say in the configuration where it is: bird-binary"
		if found := onPath(path, "bird"); found != "" {
			hint = "set bird-binary: " + found + " in the configuration"
		}
		d.add(protocol.LevelWarning, finding{Path: file, Message: fmt.Sprintf("pathvector cannot run BIRD: %s %v", file, why), Hint: hint})
	}
}

// usualBIRD is where Pathvector looks for BIRD unless bird-binary says
// otherwise.
const usualBIRD = "/usr/sbin/bird"

// birdBinary is what pathvector will run, as far as the configuration tells.
func (d *diagnosis) birdBinary() string {
	if d.doc == nil {
		return usualBIRD
	}
	v, _ := tree.Lookup(d.doc.Tree(), tree.Path{"bird-binary"})
	file, _ := v.(string)
	switch {
	case file == "":
		return usualBIRD
	case filepath.Base(file) == file:
		if found := onPath(d.app.env.lookup("PATH"), file); found != "" {
			return found
		}
	}
	return file
}

// directories reports those that cannot be written to.
func (d *diagnosis) directories() {
	if d.host.StateDir == "" {
		d.add(protocol.LevelWarning, finding{
			Message: "plugins have no directory to keep anything in, as neither HOME nor XDG_STATE_HOME is set",
			Hint:    "set HOME, or XDG_STATE_HOME to an absolute path",
		})
	}
	for _, own := range d.ownDirectories() {
		if at, err := writable(own.dir); err != nil {
			d.add(protocol.LevelWarning, finding{
				Path:    own.dir,
				Message: fmt.Sprintf("the directory for %s, %s, cannot be written to: %s: %s", own.what, own.dir, at, plainCause(err)),
				Hint:    "give this user the right to write there: ls -ld " + at,
			})
		}
	}
}
