package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// sample is what was measured of one contender: times in seconds, or bytes, or
// a number.
type sample []float64

// quantile returns the value that the part q of the sample is below.
func (s sample) quantile(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func (s sample) median() float64 { return s.quantile(0.5) }

// contender is one way to do what a row measures.
type contender struct {
	name string
	run  func() error
}

// pace says how long a row is measured.
type pace struct {
	budget time.Duration // of all its contenders together
	least  int           // turns, however long they take
}

// few is how often to measure what takes long and differs little.
func (p pace) few() int { return min(p.least, 3) }

// alternate lets the contenders take turns, of so many calls each, until the
// budget is spent. Before each turn the garbage of the others is collected and a
// call made that does not count, so that nobody pays for who came before.
func (p pace) alternate(calls int, contenders []contender) ([]sample, error) {
	samples := make([]sample, len(contenders))
	began := time.Now()
	for turn := 0; turn < p.least || time.Since(began) < p.budget; turn++ {
		for i, c := range contenders {
			runtime.GC()
			if err := c.run(); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			for range calls {
				start := time.Now()
				err := c.run()
				samples[i] = append(samples[i], time.Since(start).Seconds())
				if err != nil {
					return nil, fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}
	}
	return samples, nil
}
