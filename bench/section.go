package main

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
	dir string // for files, empty at first
}

// sections are all tables, in the order of the report.
func sections() []*section {
	return []*section{matrix()}
}
