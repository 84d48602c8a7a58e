package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/internal/recording"
	"github.com/natesales/pathvector-plugin/protocol"
)

// traces is the command trace. The option --trace, which makes the recordings,
// is of every command.
func (a *app) traces() *cli.Command {
	return &cli.Command{
		Name:      "trace",
		Usage:     "show a recording that --trace has made",
		ArgsUsage: "show FILE",
		Description: "A line for each message: the seconds since the first, the plugin and which of its\n" +
			"processes, > for what the host said and < for what the plugin said. Long lines are\n" +
			"cut at COLUMNS, else at the width of the terminal, else at 120 columns; -v shows\n" +
			"them whole. With --json the lines are those of the file. Runs nothing.",
		Action: a.runTrace,
	}
}

func (a *app) runTrace(c *cli.Context) error {
	names, err := arguments(c, 2, 2)
	if err != nil {
		return err
	}
	if names[0] != "show" {
		return &usageError{problem: "trace has no command " + quote(names[0]), advice: "usage: pathvector-plugin trace show FILE; to record: pathvector-plugin --trace FILE and a command"}
	}
	rec, err := readRecording(names[1])
	if err != nil {
		return err
	}
	if c.Bool("json") {
		text, err := os.ReadFile(names[1])
		if err != nil {
			return err
		}
		return a.print(string(text))
	}
	width := 0
	if !a.report.verbose {
		width = a.columns()
	}
	return a.print(traceText(rec, width, a.color(c)))
}

// columns is how wide lines may be.
func (a *app) columns() int {
	if n, err := strconv.Atoi(a.env.lookup("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if a.env.Terminal && a.env.StderrSize != nil {
		columns, _ := a.env.StderrSize()
		return max(columns, 40)
	}
	return 120
}

// traceRow is a line of a recording for people.
type traceRow struct{ seconds, process, mark, what, rest, color string }

// The colours of a traceRow.
const (
	colorHost  = "36"
	colorFault = "31"
	colorEnds  = "2"
)

func traceText(rec *recording.Recording, width int, color bool) string {
	var rows []traceRow
	processes, whats := 0, 0
	for _, line := range rec.Lines {
		row := rowOf(line)
		row.seconds = secondsBetween(rec.Lines[0].Time, line.Time)
		row.process = fmt.Sprintf("%s %d", line.Plugin, line.Process)
		processes = max(processes, len(row.process))
		whats = max(whats, utf8.RuneCountInString(row.what))
		rows = append(rows, row)
	}
	whats = min(whats, 20)
	var b strings.Builder
	for _, row := range rows {
		text := fmt.Sprintf("%8s  %-*s  %s %-*s  %s", row.seconds, processes, row.process, row.mark, whats, row.what, row.rest)
		text = shortened(strings.TrimRight(protocol.Visible(text), " "), width)
		if color && row.color != "" {
			text = "\x1b[" + row.color + "m" + text + "\x1b[0m"
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// shortened is a text in so many columns; 0 leaves it whole.
func shortened(text string, columns int) string {
	text = strings.ReplaceAll(text, "\t", " ")
	if columns == 0 || cut(text, columns) == text {
		return text
	}
	return cut(text, columns-1) + "…"
}

// secondsBetween is empty where a time is no time.
func secondsBetween(from, to string) string {
	first, err := time.Parse(time.RFC3339Nano, from)
	then, err2 := time.Parse(time.RFC3339Nano, to)
	if err != nil || err2 != nil {
		return ""
	}
	return fmt.Sprintf("%.3f", then.Sub(first).Seconds())
}

func rowOf(line recording.Line) traceRow {
	switch {
	case line.Start != nil:
		return traceRow{mark: "*", what: "start", rest: line.Start.Path + " " + strings.Join(line.Start.Arguments, " "), color: colorEnds}
	case line.Exit != nil:
		return traceRow{mark: "*", what: line.Exit.String(), color: colorEnds}
	}
	row := traceRow{mark: "<"}
	if line.From == recording.FromHost {
		row.mark, row.color = ">", colorHost
	}
	m, err := protocol.ParseMessage(line.Message)
	switch m := m.(type) {
	case *protocol.Request:
		row.what, row.rest = m.Method+" "+string(m.ID), string(m.Params)
	case *protocol.Notification:
		row.what, row.rest = m.Method, string(m.Params)
	case *protocol.Response:
		row.what, row.rest = "result "+string(m.ID), string(m.Result)
		if m.Error != nil {
			row.what, row.color = "error "+string(m.ID), colorFault
			row.rest = fmt.Sprintf("%d %s %s", m.Error.Code, m.Error.Message, m.Error.Data)
		}
	}
	if err != nil {
		row.what, row.color = "no message", colorFault
		row.rest = line.Text + string(line.Message)
	}
	return row
}
