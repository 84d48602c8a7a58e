package main

import (
	"slices"
	"time"
)

// section is a table: its rows are measured one after the other, and all have
// the same columns.
type section struct {
	title   string
	columns []string // the contenders; ratios are of the first to the others
	unit    unit
	rows    []*row
}

// row is something that is measured in several ways.
type row struct {
	name    string // as -run selects it
	text    string // as the table has it
	heavy   bool   // left out of a short run
	measure func(*bench) ([]sample, error)
	samples []sample // one for each column, after measuring; an empty one was not measured
}

// ratio is that of the first column's median to that of the column.
func (r *row) ratio(column int) float64 {
	if column >= len(r.samples) || len(r.samples[0]) == 0 || len(r.samples[column]) == 0 {
		return 0
	}
	return r.samples[0].median() / r.samples[column].median()
}

// bench is what the rows need to measure.
type bench struct {
	binaries
	pace
	dir   string    // for files, empty at first
	since time.Time // when a plugin's file was last written
}

// prepare makes all files that the rows need, so that these have waited once.
func (b *bench) prepare() error {
	for _, n := range []int{0, 1, 10, 20, 50} {
		if err := writeScripts(b.scripts(n), n); err != nil {
			return err
		}
	}
	err := b.build()
	b.since = time.Now()
	return err
}

// settle waits until the host keeps what the plugins describe: it does not for
// files that may still change unseen.
func (b *bench) settle() { time.Sleep(time.Until(b.since.Add(3500 * time.Millisecond))) }

// sections are all tables, in the order of the report.
func sections() []*section {
	return []*section{
		matrix(), cold(), views(), commands(), memory(), pluginMemory(), allocations(), allocated(), sizes(), byPeers(), byCallers(),
	}
}

// find returns what was measured in the row and column of these names.
func find(all []*section, row, column string) sample {
	for _, s := range all {
		i := slices.Index(s.columns, column)
		for _, r := range s.rows {
			if r.name == row && i >= 0 && i < len(r.samples) {
				return r.samples[i]
			}
		}
	}
	return nil
}

func (s *section) measured() bool {
	return slices.ContainsFunc(s.rows, func(r *row) bool { return r.samples != nil })
}
