package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlotIsWellFormed(t *testing.T) {
	var b strings.Builder
	writePlot(&b, []string{"us & them"}, []panel{{
		title: "calls", x: []float64{1, 100}, labels: []string{"1", "100"},
		series: []series{{"us", []float64{0.0002, 0.02}}, {name: "nobody"}},
	}})
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	assert.Contains(t, b.String(), ">100 µs<")
	assert.Contains(t, b.String(), ">100 ms<")
	assert.Contains(t, b.String(), "prefers-color-scheme:dark")
	assert.NotContains(t, b.String(), "NaN")
}

// Ten times as much is as far, wherever it is.
func TestScaleIsLogarithmic(t *testing.T) {
	s := scale{1, 100, 0, 50}
	assert.InDelta(t, 0.0, s.at(1), 1e-9)
	assert.InDelta(t, 25.0, s.at(10), 1e-9)
	assert.InDelta(t, 50.0, s.at(100), 1e-9)
}

// The plot takes its values from rows and columns that there are.
func TestPanelsAreOfTheTables(t *testing.T) {
	all := sections()
	for _, s := range all {
		for _, r := range s.rows {
			r.samples = make([]sample, len(s.columns))
			for i := range r.samples {
				r.samples[i] = sample{1}
			}
		}
	}
	for _, p := range panels(all) {
		assert.Len(t, p.labels, len(p.x), p.title)
		drawn := 0
		for _, s := range p.series {
			if s.values != nil {
				assert.Len(t, s.values, len(p.x), "%s: %s", p.title, s.name)
				drawn++
			}
		}
		assert.GreaterOrEqual(t, drawn, 2, p.title)
	}
}
