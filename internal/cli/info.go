package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

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
	Never    []string           `json:"neverInWords"`
	Grants   []string           `json:"grants"`
}

func infoOf(step host.Step, d *host.Described) info {
	return info{
		Path: step.Plugin.Path, Origin: step.Plugin.Place.Origin, Describe: &d.Describe,
		Reads:  patternWords(d.ReadPatterns, step.Reads, "reads"),
		Writes: patternWords(d.WritePatterns, step.Writes, "writes"),
		Never:  neverWords(step, d), Grants: grantWords(step),
	}
}

func infoText(step host.Step, d *host.Described) string {
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
	words := infoOf(step, d)
	field("may read", words.Reads...)
	field("may change", words.Writes...)
	field("never", words.Never...)
	field("grants", words.Grants...)
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
