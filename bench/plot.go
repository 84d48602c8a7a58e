package main

import (
	"fmt"
	"html"
	"io"
	"math"
)

// panel is a plot with both axes logarithmic: times by something that grows.
type panel struct {
	title  string
	x      []float64
	labels []string // of the values of x
	series []series
}

// series is a line of a panel, with a value for each x.
type series struct {
	name   string
	values []float64 // seconds
}

// The measures of the plot, in its own units.
const (
	panelWidth, panelHeight = 440, 300
	marginLeft, marginRight = 70, 24
	marginTop, marginBottom = 36, 34
	legendHeight            = 34
)

// theme makes the plot readable on a light and on a dark page, whatever the
// page is: it brings its own background along.
const theme = `<style>
.paper{fill:#fff}.ink{fill:#24292f}.grid{stroke:#d0d7de}
text{font:12px system-ui,sans-serif}.title{font-weight:600}
.line{fill:none;stroke-width:2}
.c0{stroke:#0969da;fill:#0969da}.c1{stroke:#bc4c00;fill:#bc4c00}.c2{stroke:#1a7f37;fill:#1a7f37}.c3{stroke:#6e7781;fill:#6e7781}
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}.grid{stroke:#30363d}
.c0{stroke:#58a6ff;fill:#58a6ff}.c1{stroke:#f0883e;fill:#f0883e}.c2{stroke:#3fb950;fill:#3fb950}.c3{stroke:#9ea7b3;fill:#9ea7b3}}
.line{fill:none}
</style>
`

// drawing writes SVG.
type drawing struct{ w io.Writer }

func (d drawing) f(format string, arguments ...any) { fmt.Fprintf(d.w, format, arguments...) }

// text writes one that is anchored at its start, middle or end.
func (d drawing) text(x, y float64, anchor, class, text string) {
	d.f(`<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>`+"\n", x, y, anchor, class, html.EscapeString(text))
}

// mark draws the sign of a series: each has a form of its own, so that it can be
// told without colours.
func (d drawing) mark(series int, x, y float64) {
	forms := []string{
		`<circle class="c%d" cx="%.1f" cy="%.1f" r="4"/>`,
		`<path class="c%d" d="M%.1f %.1fm-4 -4h8v8h-8z"/>`,
		`<path class="c%d" d="M%.1f %.1fm0 -5l5 9h-10z"/>`,
		`<path class="c%d" d="M%.1f %.1fm0 -5l5 5l-5 5l-5 -5z"/>`,
	}
	d.f(forms[series%len(forms)]+"\n", series%len(forms), x, y)
}

// writePlot draws the panels in two columns. All have the same series by their
// places, whose names the legend has.
func writePlot(w io.Writer, legend []string, panels []panel) {
	d := drawing{w}
	width, height := 2*panelWidth, legendHeight+(len(panels)+1)/2*panelHeight
	d.f(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Times of calls by size, peers, callers and plugins">`+"\n", width, height, width, height)
	d.f("%s", theme)
	d.f(`<rect class="paper" width="%d" height="%d" rx="8"/>`+"\n", width, height)
	for i, name := range legend {
		x := float64(marginLeft + i*150)
		d.mark(i, x, 20)
		d.text(x+10, 24, "start", "ink", name)
	}
	for i, p := range panels {
		d.f(`<g transform="translate(%d %d)">`+"\n", i%2*panelWidth, legendHeight+i/2*panelHeight)
		p.draw(d)
		d.f("</g>\n")
	}
	d.f("</svg>\n")
}

// scale maps a value to a place, by its logarithm.
type scale struct{ low, high, from, to float64 }

func (s scale) at(v float64) float64 {
	return s.from + (s.to-s.from)*math.Log(v/s.low)/math.Log(s.high/s.low)
}

func (p panel) draw(d drawing) {
	low, high := p.decades()
	x := scale{p.x[0], p.x[len(p.x)-1], marginLeft + 12, panelWidth - marginRight - 12}
	y := scale{low, high, panelHeight - marginBottom, marginTop}
	d.text(marginLeft, marginTop-14, "start", "ink title", p.title)
	for decade := low; decade <= high*1.01; decade *= 10 {
		d.f(`<path class="grid" d="M%d %.1fH%d"/>`+"\n", marginLeft, y.at(decade), panelWidth-marginRight)
		d.text(marginLeft-8, y.at(decade)+4, "end", "ink", inSeconds.label(decade))
	}
	for i, label := range p.labels {
		d.text(x.at(p.x[i]), panelHeight-marginBottom+20, "middle", "ink", label)
	}
	for i, s := range p.series {
		if s.values == nil {
			continue
		}
		d.f(`<path class="line c%d" d="`, i)
		for j, v := range s.values {
			d.f("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[j == 0], x.at(p.x[j]), y.at(v))
		}
		d.f(`"><title>%s</title></path>`+"\n", html.EscapeString(s.name))
		for j, v := range s.values {
			d.mark(i, x.at(p.x[j]), y.at(v))
		}
	}
}

// decades are the powers of ten around all values.
func (p panel) decades() (low, high float64) {
	low, high = math.Inf(1), 0
	for _, s := range p.series {
		for _, v := range s.values {
			low, high = min(low, v), max(high, v)
		}
	}
	return math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
}
