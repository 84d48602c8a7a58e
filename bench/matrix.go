package main

import (
	"errors"
	"fmt"
)

// matrix compares the transports with plugins that keep running.
func matrix() *section {
	s := &section{
		title:   "A call of a plugin that is kept running",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameLine},
		unit:    inSeconds,
	}
	s.add(noop, "64B", "noop, 64 B", 0, 50)
	s.add(noop, "17KB", "noop, 17 KB", peersSmall, 20)
	s.add(noop, "1.7MB", "noop, 1.7 MB", peersLarge, 3)
	s.add(noop, "8.8MB", "noop, 8.8 MB", peersLargest, 2)
	s.add(modify, "17KB", "modify, 17 KB", peersSmall, 20)
	s.add(modify, "1.7MB", "modify, 1.7 MB", peersLarge, 3)
	s.add(modify, "8.8MB", "modify, 8.8 MB", peersLargest, 2)
	return s
}

// add adds a row; calls is how many a transport makes in its turn.
func (s *section) add(op operation, size, text string, peers, calls int) {
	name := fmt.Sprintf("%s-%s", map[operation]string{noop: "noop", modify: "modify"}[op], size)
	s.rows = append(s.rows, &row{name: name, text: text, measure: func(b *bench) ([]sample, error) {
		return b.compare(op, configuration(peers), calls, s.columns)
	}})
}

// compare measures calls with the payload by the transports of these names.
func (b *bench) compare(op operation, payload []byte, calls int, names []string) ([]sample, error) {
	all, err := open(b.binaries, op, names...)
	if err != nil {
		return nil, err
	}
	samples, err := b.race(all, payload, calls)
	return samples, errors.Join(err, all.close())
}

func (b *bench) race(all *transports, payload []byte, calls int) ([]sample, error) {
	contenders, err := all.contenders(payload)
	if err != nil {
		return nil, err
	}
	p := b.pace
	if len(payload) > 1e6 {
		p.budget *= 6 // for as many calls that a median of them tells something
	}
	return p.alternate(calls, contenders)
}
