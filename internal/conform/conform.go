// Package conform tests whether a plugin keeps to the protocol. It runs the
// plugin as the host does, sends it what a host may send, now and in later
// versions, and judges every line that comes back by the rules of package spec.
package conform

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// Options say what to test, and with what.
type Options struct {
	// Step is the plugin, with the options and grants to test it with.
	Step host.Step
	// Runner starts the processes; nil is the zero Runner.
	Runner *host.Runner
	// Document is the configuration that the plugin is sent; nil is a sample of
	// a small edge router.
	Document *config.Document
	// Version is the host's, as plugins are told it.
	Version string
	// Commands are those of the plugin's commands to run. Others are not: who
	// knows what they do.
	Commands []string
	// Large also sends a message of almost 64 MiB, which takes a while.
	Large bool
	// Patience is how long a plugin may take to exit; 0 is 10 seconds, ten times
	// what a host gives it, so that a busy machine makes nobody fail.
	Patience time.Duration
}

// sample is sent when no configuration is named.
//
//go:embed sample.yml
var sample []byte

// tester is one run of the test.
type tester struct {
	ctx     context.Context
	o       Options
	host    *host.Host
	doc     *config.Document
	current *Result           // of the check that runs
	report  *Report           // what came so far
	reasons map[string]string // why checks were skipped, by their names
	passed  map[string]bool   // checks by name
	first   time.Duration     // until the first answer

	desc     *protocol.Describe // of the plugin, once it has described itself
	raw      []byte             // the same, as it came
	prepared *host.Prepared     // once its options fit
	changed  *config.Outcome    // what modify came to
	deaf     bool               // it answers whatever stands on its stdin
}

// Run tests the plugin. The error is about the test itself, such as a plugin
// that cannot be started; what the plugin does wrong is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	dir, err := os.MkdirTemp("", "pathvector-plugin-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	t, err := newTester(ctx, o, dir)
	if err != nil {
		return nil, err
	}
	all, err := checks()
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if err := t.make(c); err != nil {
			return nil, err
		}
	}
	t.report.FirstAnswerUs = t.first.Microseconds()
	return t.report, nil
}

// newTester makes the plugin a directory of its own to keep things in, and
// saves the sample, as a host would have it, in a file.
func newTester(ctx context.Context, o Options, dir string) (*tester, error) {
	if o.Runner == nil {
		o.Runner = &host.Runner{}
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	t := &tester{ctx: ctx, o: o, doc: o.Document, passed: map[string]bool{}, reasons: map[string]string{}}
	t.report = &Report{Plugin: o.Step.Plugin.Name, Path: o.Step.Plugin.Path}
	t.host = &host.Host{Runner: o.Runner, Version: o.Version, StateDir: filepath.Join(dir, "state"), DryRun: true}
	if err := os.MkdirAll(filepath.Join(t.host.StateDir, o.Step.Plugin.Name), 0o700); err != nil {
		return nil, err
	}
	if t.doc != nil {
		return t, nil
	}
	file := filepath.Join(dir, "pathvector.yml")
	if err := os.WriteFile(file, sample, 0o600); err != nil {
		return nil, err
	}
	var err error
	t.doc, err = config.Parse(file, sample)
	return t, err
}

// make makes one check and takes down what it came to.
func (t *tester) make(c check) error {
	r := Result{Name: c.name, Title: c.title, Rules: strings.Fields(c.rules), Status: Passed}
	t.current = &r
	err := t.missing(c)
	if err == nil {
		err = c.run(t)
	}
	var broke *fault
	var skip *skipped
	switch {
	case err == nil:
	case errors.As(err, &broke):
		r.Findings = append([]Finding{broke.finding(t.secrets())}, r.Findings...)
	case errors.As(err, &skip):
		r.Status, r.Reason, r.Hint = Skipped, skip.reason, skip.hint
		if skip.hint != "" {
			r.Status = Untested
		} else {
			t.reasons[c.name] = skip.reason
		}
	default:
		return err
	}
	r.settle()
	t.passed[c.name] = r.Status == Passed || r.Status == Warning
	t.report.Checks = append(t.report.Checks, r)
	return t.ctx.Err()
}

// missing says which check has to pass first. What a check does not apply to,
// those that need it do not either.
func (t *tester) missing(c check) error {
	for _, name := range c.needs {
		if !t.passed[name] {
			return &skipped{reason: cmp.Or(t.reasons[name], "it needs the check "+name)}
		}
	}
	return nil
}

// skipped is a check that was not made. With a hint, it could be.
type skipped struct{ reason, hint string }

func (s *skipped) Error() string { return s.reason }

// warn takes down that the plugin does not do what it should.
func (t *tester) warn(f *fault) {
	f.should = true
	t.current.Findings = append(t.current.Findings, f.finding(t.secrets()))
}

// secrets are the texts that no finding shows.
func (t *tester) secrets() []string {
	hide := t.doc.Secrets(t.doc.Tree())
	if t.prepared != nil {
		hide = append(hide, t.prepared.Hide...)
	}
	return slices.DeleteFunc(hide, func(s string) bool { return s == "" })
}

func (t *tester) provides(method string) bool {
	if t.desc.Methods == nil {
		return method == protocol.MethodModify
	}
	return slices.Contains(t.desc.Methods, method)
}

func (t *tester) keptRunning() bool { return t.desc.Mode == protocol.ModeKeptRunning }

// transcripts returns the recorded exchanges that every plugin comes to the
// same outcome with.
func transcripts() ([]spec.Transcript, []spec.Dialogue, error) {
	calls, err := spec.Transcripts()
	if err != nil {
		return nil, nil, err
	}
	dialogues, err := spec.Dialogues()
	calls = slices.DeleteFunc(calls, func(t spec.Transcript) bool { return !t.AnyPlugin })
	dialogues = slices.DeleteFunc(dialogues, func(d spec.Dialogue) bool { return !d.AnyPlugin })
	return calls, dialogues, err
}
