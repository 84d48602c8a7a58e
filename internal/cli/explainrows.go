package cli

import (
	"strings"
	"unicode/utf8"
)

// row is a line of a tree: the key, indented; what its value is or became; the
// plugin behind that; and where.
type row struct{ key, what, who, where string }

// render aligns rows in columns. A column that is empty everywhere takes no
// room.
func render(rows []row, color bool) string { return renderWith(rows, color, changeColor) }

// renderWith takes the colour of each cell, an ANSI code or nothing, from paint.
func renderWith(rows []row, color bool, paint func(column int, cell string) string) string {
	lines := make([][]string, len(rows))
	widths := make([]int, 4)
	for i, r := range rows {
		lines[i] = []string{visible(r.key), visible(r.what), visible(r.who), visible(r.where)}
		for j, cell := range lines[i] {
			widths[j] = max(widths[j], utf8.RuneCountInString(cell))
		}
	}
	code := func(int, string) string { return "" }
	if color {
		code = paint
	}
	var b strings.Builder
	for _, cells := range lines {
		line, gap := "", 0
		if widths[0] == 0 {
			gap = 2
		}
		for j, cell := range cells {
			if cell != "" {
				line += strings.Repeat(" ", gap) + paintCell(cell, code(j, cell))
				gap = 0
			}
			gap += widths[j] - utf8.RuneCountInString(cell)
			if widths[j] > 0 {
				gap += 2
			}
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// changeColor colours what changed as a diff does, and the plugin.
func changeColor(column int, cell string) string {
	switch {
	case column == 2:
		return "36"
	case column == 1 && strings.HasPrefix(cell, "+ "):
		return "32"
	case column == 1 && strings.HasPrefix(cell, "- "):
		return "31"
	case column == 1 && strings.Contains(cell, " -> "):
		return "33"
	case column == 3 && strings.Contains(cell, "overwrites "):
		return "1;31"
	}
	return ""
}

func paintCell(cell, code string) string {
	if code == "" {
		return cell
	}
	return "\x1b[" + code + "m" + cell + "\x1b[0m"
}
