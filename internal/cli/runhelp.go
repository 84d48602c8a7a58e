package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// explainedCommands is what the help for a plugin's commands is with --json.
type explainedCommands struct {
	Plugin      string                 `json:"plugin"`
	Version     string                 `json:"version"`
	Description string                 `json:"description,omitempty"`
	Commands    []protocol.CommandSpec `json:"commands"`
}

// explainCommands prints help for one command of a plugin, or for all of them
// where command is empty. It asks describe only.
func (a *app) explainCommands(c *cli.Context, s *session, name, command string) error {
	d, err := a.describe(c, s, name)
	if err != nil {
		return err
	}
	if err := a.report.warnings(name, d.Warnings); err != nil {
		return err
	}
	explained := explainedCommands{Plugin: d.Name, Version: d.Version, Description: d.Description, Commands: d.Commands}
	text := commandsText(d)
	if command != "" || len(d.Commands) == 0 {
		spec, err := d.Command(command)
		if err != nil {
			return err
		}
		explained.Commands = []protocol.CommandSpec{spec}
		text = commandText(name, spec)
	}
	if c.Bool("json") {
		return a.printJSON(explained)
	}
	return a.print(text)
}

func commandsText(d *host.Described) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", d.Name, protocol.Visible(d.Version))
	if d.Description != "" {
		b.WriteString(": " + protocol.Visible(d.Description))
	}
	b.WriteString("\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, spec := range d.Commands {
		tabRow(t, "  "+strings.TrimSpace(spec.Name+" "+spec.Usage), spec.Description)
	}
	_ = t.Flush() // a strings.Builder takes everything
	fmt.Fprintf(&b, "\nFor one of them: pathvector-plugin run %s COMMAND --help\n", d.Name)
	return withoutEnds(b.String())
}

func commandText(plugin string, spec protocol.CommandSpec) string {
	var b strings.Builder
	usage := strings.TrimSpace(spec.Name + " " + spec.Usage)
	if spec.Usage == "" && len(spec.Flags) > 0 {
		usage += " [flags]"
	}
	fmt.Fprintf(&b, "pathvector-plugin run %s %s\n", plugin, protocol.Visible(usage))
	if spec.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", protocol.Visible(spec.Description))
	}
	if len(spec.Flags) == 0 {
		return b.String()
	}
	b.WriteString("\nFlags, which the plugin reads:\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range spec.Flags {
		facts := f.Type
		if f.Default != nil {
			facts += ", default " + string(f.Default)
		}
		tabRow(t, "  "+flagWord(f), facts, f.Description)
	}
	_ = t.Flush() // a strings.Builder takes everything
	return withoutEnds(b.String())
}

// withoutEnds drops the spaces that fill a table's last column.
func withoutEnds(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

// flagWord is the flag as it is written on a command line.
func flagWord(f protocol.Flag) string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}
