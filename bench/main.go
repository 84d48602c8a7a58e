// Command bench compares the host and the Go SDK with what else a program can
// talk to its plugins by, side by side in one run, and prints tables of medians
// and ratios. It builds what it measures.
//
//	go run -C bench .                  all of it, in about five minutes
//	go run -C bench . -run noop        the rows whose names match
//	go run -C bench . -short           quickly: whether everything works
//	go run -C bench . -write           all, and into the documentation with it
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	stderr := os.Stderr
	// What go-plugin has below net/rpc logs there whenever a plugin is ended.
	os.Stderr, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err := run(os.Args[1:], os.Stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	rows   *regexp.Regexp
	short  bool
	write  bool
	budget time.Duration
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rows := flags.String("run", "", "measure the rows that match the `regexp` only; the rows are "+strings.Join(names(), ", "))
	flags.BoolVar(&o.short, "short", false, "measure as little as shows that everything works")
	flags.BoolVar(&o.write, "write", false, "write the tables and the plot into the documentation, too")
	flags.DurationVar(&o.budget, "time", 2*time.Second, "how long to measure each row, about")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.rows, err = regexp.Compile(*rows); err != nil {
		return o, err
	}
	if !slices.ContainsFunc(names(), o.rows.MatchString) {
		return o, fmt.Errorf("no row matches %q; the rows are %s", *rows, strings.Join(names(), ", "))
	}
	return o, nil
}

func names() []string {
	var all []string
	for _, s := range sections() {
		for _, r := range s.rows {
			all = append(all, r.name)
		}
	}
	return all
}

func (o options) pace() pace {
	if o.short {
		return pace{budget: 0, least: 1}
	}
	return pace{budget: o.budget, least: 5}
}

func run(args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pathvector-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{binaries: binaries{filepath.Join(dir, "bin")}, pace: o.pace(), dir: dir}
	fmt.Fprintln(stderr, "building")
	if err := b.prepare(); err != nil {
		return err
	}
	all := sections()
	if err := b.measure(all, o.wants, stderr); err != nil {
		return err
	}
	writeReport(stdout, all)
	switch {
	case o.write:
		return writeDocument("..", all)
	case o.short:
		return broken(targets, all)
	}
	return nil
}

// writeReport writes the targets and the tables that were measured.
func writeReport(w io.Writer, all []*section) {
	fmt.Fprintf(w, "Measured on %s.\n\n", machine())
	writeTargets(w, targets, all)
	for _, s := range all {
		if s.measured() {
			s.writeTable(w)
		}
	}
}

// wants reports whether the row is to be measured.
func (o options) wants(r *row) bool {
	return o.rows.MatchString(r.name) && !(o.short && r.heavy)
}

// measure measures the rows that are wanted.
func (b *bench) measure(all []*section, wanted func(*row) bool, progress io.Writer) error {
	for _, s := range all {
		for _, r := range s.rows {
			if !wanted(r) {
				continue
			}
			began := time.Now()
			var err error
			if r.samples, err = r.measure(b); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			fmt.Fprintf(progress, "measured %s in %.1f s\n", r.name, time.Since(began).Seconds())
		}
	}
	return nil
}
