package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (a *app) info() *cli.Command {
	return &cli.Command{
		Name:        "info",
		Usage:       "show what a plugin says about itself, and what it may do here",
		ArgsUsage:   "NAME",
		Description: "Runs the plugin once, with the method describe, unless its answer is known\nand its file has not changed since.",
		Action:      a.runInfo,
	}
}

func (a *app) runInfo(c *cli.Context) error {
	names, err := arguments(c, 1, 1)
	if err != nil {
		return err
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	step, err := a.one(c, s, names[0], nil)
	if err != nil {
		return err
	}
	d, err := s.host.Describe(c.Context, step)
	if err != nil {
		return err
	}
	if err := a.report.warnings(step.Plugin.Name, d.Warnings); err != nil {
		return err
	}
	if c.Bool("json") {
		return a.printJSON(infoOf(step, d))
	}
	return a.print(infoText(step, d))
}

// info is the JSON form: the plugin's own words, and what holds here.
type info struct {
	Path     string             `json:"path"`
	Origin   string             `json:"origin"`
	Describe *protocol.Describe `json:"describe"`
	Reads    []string           `json:"readsInWords"`
	Writes   []string           `json:"writesInWords"`
	Grants   []string           `json:"grants"`
}

func infoOf(step host.Step, d *host.Described) info {
	reads, writes := scopeWords(step, d)
	return info{
		Path: step.Plugin.Path, Origin: step.Plugin.Place.Origin, Describe: &d.Describe,
		Reads: reads, Writes: writes, Grants: grantWords(step),
	}
}

func infoText(step host.Step, d *host.Described) string {
	reads, writes := scopeWords(step, d)
	var b strings.Builder
	field := func(name string, lines ...string) {
		for i, line := range lines {
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "%-12s %s\n", name, protocol.Visible(line))
		}
	}
	field("name", d.Name)
	field("version", d.Version)
	if d.Describe.Description != "" {
		field("description", d.Describe.Description)
	}
	field("path", fmt.Sprintf("%s (%s)", step.Plugin.Path, step.Plugin.Place.Origin))
	field("mode", modeWords(d.Mode))
	field("methods", strings.Join(methodsOf(d), ", "))
	field("reads", reads...)
	field("writes", writes...)
	field("grants", grantWords(step)...)
	for _, cmd := range d.Commands {
		field("command", strings.TrimSpace(cmd.Name+" "+cmd.Usage+"  "+cmd.Description))
	}
	field("options", optionLines(d.Options)...)
	return b.String()
}

func modeWords(mode string) string {
	if mode == "" {
		return "one-shot"
	}
	return mode
}

func methodsOf(d *host.Described) []string {
	if d.Methods == nil {
		return []string{"describe", "modify"}
	}
	return d.Methods
}

// scopeWords says in words what the plugin may read and write here.
func scopeWords(step host.Step, d *host.Described) (reads, writes []string) {
	secrets, guarded := "everything but secrets", "everything but secrets and guarded keys"
	switch {
	case step.Secrets && step.Guarded:
		secrets, guarded = "everything, secrets included", "everything, secrets and guarded keys included"
	case step.Secrets:
		secrets, guarded = "everything, secrets included", "everything but guarded keys"
	case step.Guarded:
		guarded = "everything but secrets"
	}
	return patternWords(secrets, d.ReadPatterns, step.Reads), patternWords(guarded, d.WritePatterns, step.Writes)
}

// patternWords lists the declared patterns, and those the settings narrow
// them to.
func patternWords(undeclared string, declared, narrowed []config.Pattern) []string {
	words := []string{undeclared + " (it declares no scope)"}
	if declared != nil {
		words = []string{"nothing"}
		if len(declared) > 0 {
			words = nil
		}
		for _, p := range declared {
			words = append(words, p.String()+" and below")
		}
	}
	if narrowed != nil {
		if len(narrowed) == 0 {
			return append(words, "but by the settings nothing")
		}
		words = append(words, "but by the settings only what is also in:")
		for _, p := range narrowed {
			words = append(words, "  "+p.String()+" and below")
		}
	}
	return words
}

func grantWords(step host.Step) []string {
	grants := []string{}
	if step.Secrets {
		grants = append(grants, "secrets: passwords and API keys in what it reads and writes")
	}
	if step.Guarded {
		grants = append(grants, "guarded: keys that run code, name files or decide trust")
	}
	for _, name := range step.Env {
		grants = append(grants, "env: the environment variable "+name)
	}
	if len(grants) == 0 {
		return []string{"none"}
	}
	return grants
}
