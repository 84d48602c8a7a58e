package main

import (
	"errors"
	"os"
	"runtime"
)

// allocations are what a call allocates in the host.
func allocations() *section {
	s := &section{
		title:   "Allocations in the host, for each call",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameLine},
		unit:    plain,
	}
	for _, r := range []struct {
		name, text string
		peers      int
	}{{"allocations-64B", "noop, 64 B", 0}, {"allocations-1.7MB", "noop, 1.7 MB", peersLarge}} {
		s.rows = append(s.rows, &row{name: r.name, text: r.text, measure: func(b *bench) ([]sample, error) {
			return b.allocations(configuration(r.peers), s.columns, func(m *runtime.MemStats) uint64 { return m.Mallocs })
		}})
	}
	return s
}

// allocated is the same in bytes.
func allocated() *section {
	s := &section{
		title:   "Bytes allocated in the host, for each call",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameLine},
		unit:    inBytes,
	}
	for _, r := range []struct {
		name, text string
		peers      int
	}{{"allocated-64B", "noop, 64 B", 0}, {"allocated-1.7MB", "noop, 1.7 MB", peersLarge}} {
		s.rows = append(s.rows, &row{name: r.name, text: r.text, measure: func(b *bench) ([]sample, error) {
			return b.allocations(configuration(r.peers), s.columns, func(m *runtime.MemStats) uint64 { return m.TotalAlloc })
		}})
	}
	return s
}

func (b *bench) allocations(payload []byte, names []string, count func(*runtime.MemStats) uint64) ([]sample, error) {
	all, err := open(b.binaries, noop, names...)
	if err != nil {
		return nil, err
	}
	samples, err := countEach(all, payload, count)
	return samples, errors.Join(err, all.close())
}

func countEach(all *transports, payload []byte, count func(*runtime.MemStats) uint64) ([]sample, error) {
	const calls = 50
	contenders, err := all.contenders(payload)
	if err != nil {
		return nil, err
	}
	var samples []sample
	for _, c := range contenders {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for range calls {
			if err := c.run(); err != nil {
				return nil, err
			}
		}
		runtime.ReadMemStats(&after)
		samples = append(samples, sample{float64(count(&after)-count(&before)) / calls})
	}
	return samples, nil
}

// sizes are those of the binaries, stripped.
func sizes() *section {
	s := &section{
		title:   "Size of a plugin's binary, stripped",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameLine},
		unit:    inBytes,
	}
	s.rows = []*row{{name: "size-plugin", text: "the plugin that decodes", measure: func(b *bench) ([]sample, error) {
		return b.sizes(binaryDecode, binaryGRPC, binaryNetRPC, binaryLine)
	}}, {name: "size-host", text: "the whole host", measure: func(b *bench) ([]sample, error) { return b.sizes(binaryHost) }}}
	return s
}

func (b *bench) sizes(names ...string) ([]sample, error) {
	samples := make([]sample, 4)
	for i, name := range names {
		info, err := os.Stat(b.path(name))
		if err != nil {
			return nil, err
		}
		samples[i] = sample{float64(info.Size())}
	}
	return samples, nil
}
