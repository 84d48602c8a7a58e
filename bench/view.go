package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

const nameSmallFile = "17 KB file"

// views compares what modify costs in a large file and in a small one: building
// the view, the call, and applying what comes back.
func views() *section {
	s := &section{
		title:   "Modify of an open configuration, with the view and the changes",
		columns: []string{"8.8 MB file", nameSmallFile},
		unit:    inSeconds,
	}
	for _, r := range []struct {
		name, text, binary string
		calls              int
	}{{"reads-one", "reads one key", binarySmall, 20}, {"reads-all", "reads everything", binaryDecode, 2}} {
		s.rows = append(s.rows, &row{name: r.name, text: r.text, measure: func(b *bench) ([]sample, error) {
			return b.views(r.binary, r.calls)
		}})
	}
	return s
}

func (b *bench) views(binary string, calls int) ([]sample, error) {
	b.settle()
	h := &host.Host{Runner: &host.Runner{}, Cache: &host.DescribeCache{Dir: filepath.Join(b.dir, "cache")}}
	steps := []host.Step{{Plugin: discovery.At(b.path(binary)), Mode: protocol.ModeKeptRunning}}
	var contenders []contender
	for _, peers := range []int{peersYAML, peersSmall} {
		doc, err := config.Parse("/etc/pathvector.yml", configurationYAML(peers))
		if err != nil {
			return nil, err
		}
		contenders = append(contenders, contender{fmt.Sprint(peers, " peers"), func() error {
			out, err := h.Modify(context.Background(), doc, steps)
			if err == nil && len(out.Changes) != 1 {
				err = fmt.Errorf("expected one change, got %d", len(out.Changes))
			}
			return err
		}})
	}
	samples, err := b.alternate(calls, contenders)
	if _, closing := h.Close(); err == nil {
		err = closing
	}
	return samples, err
}
