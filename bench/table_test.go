package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNumbersHaveThreeDigitsAndAUnitThatSuits(t *testing.T) {
	for _, c := range []struct {
		unit   unit
		sample sample
		want   string
	}{
		{inSeconds, sample{0.0001234}, "123 µs"},
		{inSeconds, sample{0.01}, "10.0 ms"},
		{inSeconds, sample{2.5}, "2.50 s"},
		{inSeconds, sample{0.7e-3, 0.8e-3, 1e-3, 1.2e-3, 9e-3}, "1.00 ms (0.800–1.20)"},
		{inBytes, sample{64}, "64.0 B"},
		{inBytes, sample{9_930_000}, "9.93 MB"},
		{plain, sample{65.3}, "65.3"},
		{plain, sample{1234}, "1234"},
		{plain, sample{0}, "0"},
		{plain, nil, ""},
	} {
		assert.Equal(t, c.want, c.unit.cell(c.sample))
	}
	assert.Equal(t, "100 µs", inSeconds.label(0.0001))
	assert.Equal(t, "1 ms", inSeconds.label(0.000_999_999))
}

func example() *section {
	return &section{title: "Calls", columns: []string{nameOurs, nameGRPC}, unit: inSeconds, rows: []*row{
		{name: "a", text: "small", samples: []sample{{0.001}, {0.004}}},
		{name: "b", text: "not measured"},
		{name: "c", text: "ours alone", samples: []sample{{0.002}, nil}},
	}}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	example().writeTable(&b)
	assert.Equal(t, `### Calls

|  | ours | gRPC | ours / gRPC |
| --- | --: | --: | --: |
| small | 1.00 ms | 4.00 ms | 0.25 |
| ours alone | 2.00 ms |  |  |

`, b.String())
}

func TestTargets(t *testing.T) {
	s := example()
	all := []target{{"is quick", "a", nameGRPC, 0.25}, {"is quicker", "a", nameGRPC, 0.24}, {"is not known", "b", nameGRPC, 1}}
	var b strings.Builder
	writeTargets(&b, all, []*section{s})
	assert.Equal(t, `### Targets

|  | at most | measured |  |
| --- | --: | --: | --- |
| is quick | 0.25 | 0.25 | reached |
| is quicker | 0.24 | 0.25 | **missed** |

`, b.String())
}

// A short run has few calls: only what is far off is a failure.
func TestOnlyWhatIsFarOffIsBroken(t *testing.T) {
	all := []*section{example()}
	require.NoError(t, broken([]target{{"is quick", "a", nameGRPC, 0.03}}, all))
	assert.ErrorContains(t, broken([]target{{"is quick", "a", nameGRPC, 0.02}}, all), "is quick: expected 0.02 at most, got 0.25")
}

// Each target is about a row and a column that there are.
func TestTargetsAreOfTheTables(t *testing.T) {
	for _, target := range targets {
		all := sections()
		for _, s := range all {
			for _, r := range s.rows {
				r.samples = make([]sample, len(s.columns))
				for i := range r.samples {
					r.samples[i] = sample{1}
				}
			}
		}
		_, ok := target.measured(all)
		assert.True(t, ok, target.text)
	}
}

func TestRowsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range names() {
		assert.False(t, seen[name], name)
		seen[name] = true
	}
}
