package cli

import (
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// listed is a row of list.
type listed struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	Status      string `json:"status"` // ok, shadowed or broken
	Reason      string `json:"reason,omitempty"`
	Version     string `json:"version,omitempty"`
	Description string `json:"description,omitempty"`
}

func (a *app) list() *cli.Command {
	return &cli.Command{
		Name:        "list",
		Usage:       "show every plugin found, shadowed and broken ones with the reason",
		Description: "Looks in --plugin-dir directories, in pathvector-plugin/plugins of the XDG data\ndirectories and on PATH. Runs nothing, unless --describe is given.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "describe", Usage: "ask each usable plugin for its version and description", DisableDefaultText: true},
		},
		Action: a.runList,
	}
}

func (a *app) runList(c *cli.Context) error {
	if _, err := arguments(c, 0, 0); err != nil {
		return err
	}
	inventory, err := a.inventory(c)
	if err != nil {
		return err
	}
	rows := []listed{}
	for _, p := range inventory.Plugins() {
		row := listedRow(p)
		if row.Status == "ok" && slices.Contains(commandNames(c.App), p.Name) {
			row.Reason = clashWords(p.Name)
		}
		if c.Bool("describe") && row.Status == "ok" {
			a.describeRow(c, p, &row)
		}
		rows = append(rows, row)
	}
	a.reportPlaces(inventory, len(rows) == 0)
	if c.Bool("json") {
		return a.printJSON(struct {
			Plugins []listed `json:"plugins"`
		}{rows})
	}
	return a.print(listTable(rows, c.Bool("describe")))
}

func listedRow(p discovery.Plugin) listed {
	row := listed{Name: p.Name, Path: p.Path, Status: "ok"}
	switch {
	case p.Err != nil:
		row.Status, row.Reason = "broken", reasonWords(p.Err)
	case p.ShadowedBy != "":
		row.Status, row.Reason = "shadowed", "by "+p.ShadowedBy
	}
	return row
}

// reasonWords says what is wrong, and what to do.
func reasonWords(err error) string {
	if hint := hintOf(err); hint != "" {
		return err.Error() + "; " + hint
	}
	return err.Error()
}

// describeRow fills in what the plugin says; one that fails is a row that says
// so, as the others are still worth seeing.
func (a *app) describeRow(c *cli.Context, p discovery.Plugin, row *listed) {
	d, err := a.host().Describe(c.Context, host.Step{Plugin: p, Timeout: timeout(c)})
	if err != nil {
		row.Status, row.Reason = "broken", reasonWords(err)
		return
	}
	row.Version, row.Description = d.Version, d.Describe.Description
}

// reportPlaces tells which directories were skipped, and those that were
// searched too where nothing was found in them.
func (a *app) reportPlaces(inv *discovery.Inventory, nothing bool) {
	var searched []string
	for _, place := range inv.Places() {
		if place.Skip != nil {
			a.report.note("not searched: %s (%s): %v", place.Dir, place.Origin, place.Skip)
			continue
		}
		a.report.detail("searched: %s (%s)", place.Dir, place.Origin)
		searched = append(searched, place.Dir)
	}
	if nothing {
		a.report.note("there is no file pathvector-plugin-NAME in any of: %s", strings.Join(searched, ", "))
	}
}

func listTable(rows []listed, describe bool) string {
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	if describe {
		tabRow(t, "NAME", "VERSION", "STATUS", "PATH")
	} else {
		tabRow(t, "NAME", "STATUS", "PATH")
	}
	for _, r := range rows {
		cells := []string{r.Name}
		if describe {
			cells = append(cells, r.Version)
		}
		tabRow(t, append(cells, r.Status, r.Path)...)
	}
	_ = t.Flush() // a strings.Builder takes everything

	// What is said of a row stands below it, and does not count for the columns.
	var b strings.Builder
	lines := strings.SplitAfter(table.String(), "\n")
	b.WriteString(lines[0])
	for i, r := range rows {
		b.WriteString(lines[i+1])
		for _, more := range []string{r.Description, r.Reason} {
			if more != "" {
				b.WriteString("  " + protocol.Visible(more) + "\n")
			}
		}
	}
	return b.String()
}

func tabRow(t *tabwriter.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = protocol.Visible(cell)
	}
	_, _ = t.Write([]byte(strings.Join(cells, "\t") + "\n"))
}
