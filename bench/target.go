package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// target is a ratio that must be reached.
type target struct {
	text    string
	row     string
	against string
	most    float64
}

var targets = []target{
	{"noop 64 B, kept running, against gRPC", "noop-64B", nameGRPC, 0.40},
	{"noop 64 B, against the bare line loop", "noop-64B", nameLine, 3},
	{"noop 1.7 MB, against gRPC", "noop-1.7MB", nameGRPC, 1},
	{"noop 8.8 MB, against gRPC", "noop-8.8MB", nameGRPC, 1},
	{"modify 1.7 MB, against gRPC", "modify-1.7MB", nameGRPC, 1},
	{"modify 8.8 MB, against gRPC", "modify-8.8MB", nameGRPC, 1},
	{"modify with reads of one key, 8.8 MB file, against 17 KB", "reads-one", nameSmallFile, 2},
	{"start, one call, stop, against go-plugin", "cold", nameGRPC, 0.35},
	{"the same against fork, exec, pipe by hand", "cold", nameByHand, 1.2},
	{"plugin's binary, against go-plugin's", "size-plugin", nameGRPC, 0.25},
	{"modify with 20 sh plugins, against the bare processes", "together-20", nameBare, 1.3},
	{"host's peak memory for 8.8 MB, against parsing alone", "memory-one", nameParse, 1.3},
}

// writeTargets writes those whose row was measured.
func writeTargets(w io.Writer, targets []target, all []*section) {
	fmt.Fprint(w, "### Targets\n\n")
	writeRow(w, []string{"", "at most", "measured", ""})
	writeRow(w, []string{"---", "--:", "--:", "---"})
	for _, t := range targets {
		got, ok := t.measured(all)
		if !ok {
			continue
		}
		verdict := "reached"
		if got > t.most {
			verdict = "**missed**"
		}
		writeRow(w, []string{t.text, fmt.Sprintf("%.2f", t.most), fmt.Sprintf("%.2f", got), verdict})
	}
	fmt.Fprintln(w)
}

func (t target) measured(all []*section) (float64, bool) {
	for _, s := range all {
		for _, r := range s.rows {
			if i := slices.Index(s.columns, t.against); r.name == t.row && i > 0 {
				ratio := r.ratio(i)
				return ratio, ratio != 0
			}
		}
	}
	return 0, false
}

// broken says which targets are missed by so much that it cannot be chance, even
// with few calls on a machine that does something else.
func broken(targets []target, all []*section) error {
	const slack = 10
	var errs []error
	for _, t := range targets {
		if got, ok := t.measured(all); ok && got > slack*t.most {
			errs = append(errs, fmt.Errorf("%s: expected %.2f at most, got %.2f, which is no noise: see what has become slow with -run '^%s$'", t.text, t.most, got, t.row))
		}
	}
	return errors.Join(errs...)
}
