package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// unit is what a number of a sample means.
type unit int

const (
	inSeconds unit = iota
	inBytes
	plain
)

// format writes a number with three digits, in the unit that suits it.
func (u unit) format(v float64) string {
	if u == plain {
		return digits(v)
	}
	steps := map[unit][]string{inSeconds: {"s", "ms", "µs"}, inBytes: {"MB", "KB", "B"}}[u]
	if u == inBytes {
		v /= 1e6
	}
	for len(steps) > 1 && v < 1 {
		v *= 1000
		steps = steps[1:]
	}
	return digits(v) + " " + steps[0]
}

// digits writes three digits that count, or all before the point.
func digits(v float64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%.*f", max(0, 2-int(math.Floor(math.Log10(math.Abs(v))))), v)
}

// writeTable writes the section's rows that were measured as a Markdown table:
// medians, where most of a sample lies, and ratios.
func (s *section) writeTable(w io.Writer) {
	head := append([]string{""}, s.columns...)
	for _, c := range s.columns[1:] {
		head = append(head, s.columns[0]+" / "+c)
	}
	fmt.Fprintf(w, "## %s\n\n", s.title)
	writeRow(w, head)
	writeRow(w, strings.Split("---"+strings.Repeat(" --:", len(head)-1), " "))
	for _, r := range s.rows {
		if r.samples == nil {
			continue
		}
		cells := []string{r.text}
		for _, sample := range r.samples {
			cells = append(cells, s.unit.cell(sample))
		}
		for i := range s.columns[1:] {
			cells = append(cells, ratioCell(r.ratio(i+1)))
		}
		writeRow(w, cells)
	}
	fmt.Fprintln(w)
}

// cell is the median, with the quartiles where there are several values.
func (u unit) cell(s sample) string {
	switch len(s) {
	case 0:
		return ""
	case 1:
		return u.format(s[0])
	}
	return fmt.Sprintf("%s (%s–%s)", u.format(s.median()), u.format(s.quantile(0.25)), u.format(s.quantile(0.75)))
}

func ratioCell(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", ratio)
}

func writeRow(w io.Writer, cells []string) {
	fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
}
