package main

import (
	"errors"
	"fmt"
	"sync"
)

// byPeers is how the time of a call grows with the configuration.
func byPeers() *section {
	s := &section{
		title:   "Modify by the number of peers, kept running",
		columns: []string{nameOurs, nameGRPC},
		unit:    inSeconds,
	}
	for _, r := range []struct{ peers, calls int }{{10, 50}, {100, 20}, {1000, 5}, {10_000, 2}, {100_000, 1}} {
		s.rows = append(s.rows, &row{
			name: fmt.Sprint("peers-", r.peers), text: fmt.Sprint(r.peers, " peers"), heavy: r.peers > 10_000,
			measure: func(b *bench) ([]sample, error) {
				return b.compare(modify, configuration(r.peers), r.calls, s.columns)
			},
		})
	}
	return s
}

// byCallers is how long a call takes, on average, when several go on at once.
func byCallers() *section {
	s := &section{
		title:   "Time for each of many noop calls of 64 B to one plugin, by how many go on at once",
		columns: []string{nameOurs, nameGRPC, nameNetRPC},
		unit:    inSeconds,
	}
	for _, callers := range []int{1, 4, 16, 64} {
		s.rows = append(s.rows, &row{name: fmt.Sprint("callers-", callers), text: fmt.Sprint(callers, " at once"), measure: func(b *bench) ([]sample, error) {
			return b.byCallers(callers, s.columns)
		}})
	}
	return s
}

func (b *bench) byCallers(callers int, names []string) ([]sample, error) {
	const calls = 256
	all, err := open(b.binaries, noop, names...)
	if err != nil {
		return nil, err
	}
	samples, err := b.crowd(all, callers, calls)
	for _, s := range samples {
		for i := range s {
			s[i] /= calls
		}
	}
	return samples, errors.Join(err, all.close())
}

func (b *bench) crowd(all *transports, callers, calls int) ([]sample, error) {
	contenders, err := all.contenders(configuration(0))
	if err != nil {
		return nil, err
	}
	for i, c := range contenders {
		contenders[i].run = func() error { return atOnce(callers, calls, c.run) }
	}
	return b.alternate(2, contenders)
}

// atOnce makes so many calls, by callers that make them one after the other.
func atOnce(callers, calls int, call func() error) error {
	errs := make([]error, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for range calls / callers {
				if errs[i] = call(); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
