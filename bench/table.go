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

// step is a unit as it is written, with how many of the sample's it has.
type step struct {
	size float64
	name string
}

var steps = map[unit][]step{
	inSeconds: {{1, " s"}, {1e-3, " ms"}, {1e-6, " µs"}},
	inBytes:   {{1e6, " MB"}, {1e3, " KB"}, {1, " B"}},
	plain:     {{1, ""}},
}

// step is the largest one of which v has at least one; else the smallest.
func (u unit) step(v float64) step {
	all := steps[u]
	for _, s := range all {
		if v >= s.size {
			return s
		}
	}
	return all[len(all)-1]
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
	fmt.Fprintf(w, "### %s\n\n", s.title)
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
	if len(s) == 0 {
		return ""
	}
	step := u.step(s.median())
	part := func(q float64) string { return digits(s.quantile(q) / step.size) }
	if len(s) == 1 {
		return part(0.5) + step.name
	}
	return fmt.Sprintf("%s%s (%s–%s)", part(0.5), step.name, part(0.25), part(0.75))
}

// label is a power of ten, as an axis has it.
func (u unit) label(v float64) string {
	step := u.step(v * 1.01) // it may be a little less than it should
	return fmt.Sprintf("%.3g%s", v/step.size, step.name)
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
