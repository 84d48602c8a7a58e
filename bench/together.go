package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

// together compares describe and modify of 20 plugins whose scopes do not touch
// with the same 40 processes by as many workers.
func (b *bench) together() ([]sample, error) {
	const plugins = 20
	dir := b.scripts(plugins)
	paths := scriptPaths(dir, plugins)
	text, err := os.ReadFile(filepath.Join(dir, scriptsConfig))
	if err != nil {
		return nil, err
	}
	doc, err := config.Parse("/etc/pathvector.yml", text)
	if err != nil {
		return nil, err
	}
	h := &host.Host{Runner: &host.Runner{Environ: []string{"PATH=" + searchPath}}, Jobs: workers}
	var steps []host.Step
	for _, path := range paths {
		steps = append(steps, host.Step{Plugin: discovery.At(path)})
	}
	return b.alternate(2, []contender{
		{nameOurs, func() error {
			out, err := h.Modify(context.Background(), doc, steps)
			if err == nil && len(out.Changes) != plugins {
				err = fmt.Errorf("expected %d changes, got %d", plugins, len(out.Changes))
			}
			return err
		}},
		{nameBare, func() error { return byWorkers(workers, paths, "describe", "modify") }},
	})
}
