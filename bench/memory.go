package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const nameParse = "parsing alone"

// memory is the peak of the host's resident memory, for a whole command,
// beside a process that only parses the same file.
func memory() *section {
	s := &section{
		title:   "Peak memory of the host: modify with one plugin, configuration of 8.8 MB",
		columns: []string{nameOurs, nameParse},
		unit:    inBytes,
	}
	s.rows = append(s.rows,
		&row{name: "memory-one", text: "the plugin reads one key", heavy: true, measure: func(b *bench) ([]sample, error) { return b.memory("small") }},
		&row{name: "memory-all", text: "the plugin reads everything", heavy: true, measure: func(b *bench) ([]sample, error) { return b.memory("decode") }},
	)
	return s
}

func (b *bench) memory(plugin string) ([]sample, error) {
	file := filepath.Join(b.dir, "large.yml")
	if err := os.WriteFile(file, configurationYAML(peersYAML), 0o600); err != nil {
		return nil, err
	}
	ours := []string{b.path(binaryHost), "--plugin-dir", b.binaries.dir, "-c", file, "modify", "--plugin", plugin, "-o", filepath.Join(b.dir, "out.yml")}
	samples := make([]sample, 2)
	for range b.few() {
		for i, command := range [][]string{ours, {b.path(binaryParse), file}} {
			peak, err := b.peak(command)
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], peak)
		}
	}
	return samples, nil
}

// peak is how much memory the command has at most. Its children count too; none
// of them has more.
func (b *bench) peak(command []string) (float64, error) {
	cmd := exec.Command(b.path(binaryPeak), command...)
	cmd.Env = []string{"PATH=" + searchPath, "HOME=" + b.dir}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, &stderr)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

// pluginMemory is the peak of the plugins' resident memory after large calls.
func pluginMemory() *section {
	s := &section{
		title:   "Peak memory of the plugin, after calls with 8.8 MB",
		columns: []string{nameOurs, nameGRPC, nameNetRPC, nameLine},
		unit:    inBytes,
	}
	for _, r := range []struct {
		name string
		op   operation
	}{{"noop", noop}, {"modify", modify}} {
		s.rows = append(s.rows, &row{name: "memory-plugin-" + r.name, text: r.name, measure: func(b *bench) ([]sample, error) {
			return b.pluginMemory(r.op, s.columns)
		}})
	}
	return s
}

func (b *bench) pluginMemory(op operation, names []string) ([]sample, error) {
	payload := configuration(peersLargest)
	samples := make([]sample, len(names))
	for range b.few() {
		all, err := open(b.binaries, op, names...)
		if err != nil {
			return nil, err
		}
		peaks, err := peaksAfter(all, payload)
		if err := errors.Join(err, all.close()); err != nil {
			return nil, err
		}
		for i, peak := range peaks {
			samples[i] = append(samples[i], peak)
		}
	}
	return samples, nil
}

func peaksAfter(all *transports, payload []byte) ([]float64, error) {
	contenders, err := all.contenders(payload)
	if err != nil {
		return nil, err
	}
	var peaks []float64
	for i, c := range contenders {
		for range 5 {
			if err := c.run(); err != nil {
				return nil, err
			}
		}
		peak, err := peakOf(all.opened[i].path())
		if err != nil {
			return nil, err
		}
		peaks = append(peaks, peak)
	}
	return peaks, nil
}

// peakOf is the peak of the child that runs the program at path; nothing where
// the system does not tell.
func peakOf(path string) (float64, error) {
	processes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil || len(processes) == 0 {
		return 0, err
	}
	for _, exe := range processes {
		if to, err := os.Readlink(exe); err != nil || to != path {
			continue
		}
		return highWater(filepath.Join(filepath.Dir(exe), "status"))
	}
	return 0, fmt.Errorf("expected a process of %s, found none", path)
}

func highWater(file string) (float64, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 64)
			return kilobytes * 1024, err
		}
	}
	return 0, fmt.Errorf("%s: expected VmHWM, found none", file)
}
