package main

import (
	"context"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

const nameByHand = "by hand"

// cold compares a call for which a process is started.
func cold() *section {
	s := &section{
		title:   "A call in a process of its own: start, call, stop",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameByHand},
		unit:    inSeconds,
	}
	for _, r := range []struct {
		name, text string
		peers      int
	}{{"cold", "modify, 64 B", 0}, {"cold-1.7MB", "modify, 1.7 MB", peersLarge}} {
		s.rows = append(s.rows, &row{name: r.name, text: r.text, measure: func(b *bench) ([]sample, error) {
			return b.cold(configuration(r.peers))
		}})
	}
	return s
}

func (b *bench) cold(payload []byte) ([]sample, error) {
	q, err := modifyRequest(payload)
	if err != nil {
		return nil, err
	}
	q.Ask = nil // of plugins that are kept running
	runner := &host.Runner{Environ: []string{"PATH=" + searchPath}}
	p := discovery.At(b.path(binaryDecode))
	program := host.Program{Name: p.Name, Path: p.Path}
	request := line(protocol.MethodModify, q.Params)
	return b.alternate(5, []contender{
		{nameOurs, func() error {
			_, err := runner.Call(context.Background(), program, q)
			return err
		}},
		{nameGRPC, func() error { return startCallStop(b, openGRPC, payload) }},
		{nameNetRPC, func() error { return startCallStop(b, openNetRPC, payload) }},
		{nameByHand, func() error {
			_, err := byHand(p.Path, []string{protocol.MethodModify}, request)
			return err
		}},
	})
}

// line is a request as a line.
func line(method string, params []byte) []byte {
	return append(protocol.AppendRequest(nil, []byte("1"), method, params), '\n')
}

// startCallStop is what a host with go-plugin does for one call.
func startCallStop(b *bench, start func(binaries, operation) (transport, error), payload []byte) error {
	t, err := start(b.binaries, modify)
	if err != nil {
		return err
	}
	call, err := t.caller(payload)
	if err == nil {
		_, err = call()
	}
	if err != nil {
		_ = t.close()
		return err
	}
	return t.close()
}
