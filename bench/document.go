package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The places of the document and of its plot, from the project's folder.
const (
	documentFile = "docs/performance.md"
	plotFile     = "docs/performance.svg"
)

// The lines between which the document has what was measured.
const (
	beginning = "<!-- written by: go run -C bench . -write -->\n"
	end       = "<!-- end of what is written -->\n"
)

// writeDocument puts the tables and the plot into the project's documentation.
func writeDocument(project string, all []*section) error {
	for _, s := range all {
		for _, r := range s.rows {
			if r.samples == nil {
				return fmt.Errorf("expected all rows, as the document has them all; %s was not measured (leave out -run and -short)", r.name)
			}
		}
	}
	file := filepath.Join(project, documentFile)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var tables bytes.Buffer
	writeReport(&tables, all)
	updated, err := between(string(text), tables.String())
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(updated), 0o644); err != nil {
		return err
	}
	var plot bytes.Buffer
	writePlot(&plot, []string{nameOurs, nameGRPC, nameNetRPC, nameLine + ", bare processes"}, panels(all))
	return os.WriteFile(filepath.Join(project, plotFile), plot.Bytes(), 0o644)
}

// between puts the tables between the document's two lines.
func between(text, tables string) (string, error) {
	before, rest, found := strings.Cut(text, beginning)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("%s: expected the lines %q and %q", documentFile, beginning, end)
	}
	return before + beginning + "\n" + tables + end + after, nil
}

// machine says where the numbers come from.
func machine() string {
	model := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, found := strings.Cut(string(text), "model name\t: "); found {
			model, _, _ = strings.Cut(rest, "\n")
		}
	}
	return fmt.Sprintf("%s, %d processors, %s, %s", runtime.GOOS, runtime.NumCPU(), model, runtime.Version())
}

// panels are what the plot shows of the tables.
func panels(all []*section) []panel {
	transports := []string{nameOurs, nameGRPC, nameNetRPC, nameLine}
	return []panel{
		{
			title: "noop, by the size of the message", x: []float64{64, 17e3, 1.7e6, 8.8e6}, labels: []string{"64 B", "17 KB", "1.7 MB", "8.8 MB"},
			series: lines(all, transports, "noop-64B", "noop-17KB", "noop-1.7MB", "noop-8.8MB"),
		},
		{
			title: "modify, by the number of peers", x: []float64{10, 100, 1e3, 1e4, 1e5}, labels: []string{"10", "100", "1,000", "10,000", "100,000"},
			series: lines(all, transports, "peers-10", "peers-100", "peers-1000", "peers-10000", "peers-100000"),
		},
		{
			title: "noop, for each call of many at once", x: []float64{1, 4, 16, 64}, labels: []string{"1", "4", "16", "64"},
			series: lines(all, transports, "callers-1", "callers-4", "callers-16", "callers-64"),
		},
		{
			title: "the command modify, by plugins in sh", x: []float64{1, 10, 50}, labels: []string{"1", "10", "50"},
			series: lines(all, []string{nameOurs, "", "", nameBare}, "modify-1", "modify-10", "modify-50"),
		},
	}
}

// lines takes the medians of the rows for each column; a column that the rows
// don't have gets no values.
func lines(all []*section, columns []string, rows ...string) []series {
	out := make([]series, len(columns))
	for i, column := range columns {
		out[i].name = column
		for _, row := range rows {
			if s := find(all, row, column); len(s) > 0 {
				out[i].values = append(out[i].values, s.median())
			}
		}
	}
	return out
}
