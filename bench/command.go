package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const nameBare = "bare processes"

// workers is how many plugins the host runs at once on few processors.
const workers = 4

// commands compares whole commands with the processes that they start and
// nothing else: a program in Go that does nothing, in place of the host, then
// the plugins by hand.
func commands() *section {
	s := &section{title: "Whole commands, with plugins in sh", columns: []string{nameOurs, nameBare}, unit: inSeconds}
	s.command("help", "--help", 0, false, "--help")
	s.command("version", "--version", 0, false, "--version")
	for _, n := range []int{1, 10, 50} {
		s.command(fmt.Sprint("list-", n), fmt.Sprintf("list, %s", count(n)), n, false, "list")
	}
	for _, n := range []int{1, 10, 50} {
		s.command(fmt.Sprint("modify-", n), fmt.Sprintf("modify, %s", count(n)), n, true, "modify")
	}
	s.rows = append(s.rows, &row{name: "together-20", text: "modify in a host that runs, 20 plugins side by side, describe too", measure: (*bench).together})
	return s
}

func count(plugins int) string {
	if plugins == 1 {
		return "1 plugin"
	}
	return fmt.Sprint(plugins, " plugins")
}

// command adds a row for the host's command, with so many plugins, which it
// runs or only looks at.
func (s *section) command(name, text string, plugins int, runs bool, arguments ...string) {
	s.rows = append(s.rows, &row{name: name, text: text, measure: func(b *bench) ([]sample, error) {
		b.settle()
		dir := b.scripts(plugins)
		command := append([]string{"--plugin-dir", dir, "-c", filepath.Join(dir, scriptsConfig)}, arguments...)
		var paths []string
		if runs {
			paths = scriptPaths(dir, plugins)
		}
		return b.alternate(5, []contender{
			{nameOurs, func() error { return b.execute(binaryHost, command...) }},
			{nameBare, func() error {
				if err := b.execute(binaryLine, "noop"); err != nil {
					return err
				}
				return byWorkers(workers, paths, "modify")
			}},
		})
	}})
}

// execute runs one of the programs to its end.
func (b *bench) execute(name string, arguments ...string) error {
	cmd := exec.Command(b.path(name), arguments...)
	cmd.Env = []string{"PATH=" + searchPath, "HOME=" + b.dir}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return nil
}

// scriptsConfig is the configuration that runs the scripts beside it.
const scriptsConfig = "pathvector.yml"

// scripts is the directory with so many plugins in sh.
func (b *bench) scripts(n int) string { return filepath.Join(b.dir, fmt.Sprint("scripts-", n)) }

func scriptPaths(dir string, n int) []string {
	var paths []string
	for i := range n {
		paths = append(paths, filepath.Join(dir, fmt.Sprint("pathvector-plugin-p", i)))
	}
	return paths
}

// writeScripts makes the directory, with plugins each of which writes to a peer
// of its own, and a configuration that runs them.
func writeScripts(dir string, n int) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	peers, plugins := "asn: 64500\nrouter-id: 192.0.2.1\npeers:\n  P: {asn: 64501}\n", "plugins:\n"
	for i, path := range scriptPaths(dir, n) {
		if err := os.WriteFile(path, script(i), 0o700); err != nil {
			return err
		}
		peers += fmt.Sprintf("  P%d: {asn: %d}\n", i, 65000+i)
		plugins += fmt.Sprintf("  p%d:\n", i)
	}
	return os.WriteFile(filepath.Join(dir, scriptsConfig), []byte(peers+plugins), 0o600)
}

func script(i int) []byte {
	return fmt.Appendf(nil, `#!/bin/sh
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"p%[1]d","version":"1","protocols":[1],"reads":[],"writes":["/peers/P%[1]d"]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"peers":{"P%[1]d":{"asn":65099}}}}}' ;;
esac
`, i)
}
