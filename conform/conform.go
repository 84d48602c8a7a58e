// Package conform is the conformance test of pathvector-plugin for go test. It
// runs any executable, in whatever language it is written:
//
//	func TestProtocol(t *testing.T) {
//		conform.Test(t, "./pathvector-plugin-example", conform.Options{})
//	}
//
// It does what the command pathvector-plugin test does.
package conform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/conform"
	"github.com/natesales/pathvector-plugin/internal/settings"
)

// Options say with what a plugin is tested. The zero Options do for a plugin
// that needs no options.
type Options struct {
	Config   string   // the configuration file that it is sent; empty for a small edge router
	Options  string   // its options, in YAML or JSON
	Secrets  bool     // grant it secrets,
	Guarded  bool     // guarded keys,
	Env      []string // and environment variables by these names
	Commands []string // its commands to run, each with its arguments; others are not run
	Large    bool     // also send a message of almost 64 MiB
	Strict   bool     // fail also for what it should do and does not
}

// Test runs the plugin at path, with a subtest for each check. The name of the
// file must be pathvector-plugin-NAME.
func Test(t *testing.T, path string, o Options) {
	t.Helper()
	step, err := o.step(path)
	if err != nil {
		t.Fatal(err)
	}
	with := conform.Options{Step: step, Version: "go test", Commands: o.Commands, Large: o.Large}
	if o.Config != "" {
		if with.Document, err = document(o.Config); err != nil {
			t.Fatal(err)
		}
	}
	report, err := conform.Run(t.Context(), with)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Checks {
		t.Run(c.Name, func(t *testing.T) { show(t, c, o.Strict) })
	}
}

func (o Options) step(path string) (host.Step, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return host.Step{}, err
	}
	found := discovery.At(abs)
	if found.Err != nil {
		return host.Step{}, &os.PathError{Op: "testing", Path: found.Path, Err: found.Err}
	}
	options, err := settings.ParseOptions("Options.Options", []byte(o.Options))
	return host.Step{Plugin: found, Options: options, Secrets: o.Secrets, Guarded: o.Guarded, Env: o.Env}, err
}

func document(file string) (*config.Document, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return config.Parse(file, text)
}

func show(t *testing.T, c conform.Result, strict bool) {
	var text strings.Builder
	for _, f := range c.Findings {
		text.WriteString("\n" + f.String())
	}
	switch {
	case c.Fails(strict):
		t.Error(text.String())
	case c.Status == conform.Untested:
		t.Error(c.Reason + "; what to do: " + c.Hint)
	case c.Status == conform.Skipped:
		t.Skip(c.Reason)
	case text.Len() > 0:
		t.Log(text.String())
	}
}
