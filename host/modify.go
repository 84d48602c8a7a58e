package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Prepared is a step whose plugin has described itself and whose options fit.
type Prepared struct {
	Step
	Described *Described
	Options   json.RawMessage // as the plugin is sent them
	Scopes    config.Scopes
}

// Prepare asks the plugin what it is and checks the options against that.
func (h *Host) Prepare(ctx context.Context, s Step) (*Prepared, error) {
	d, err := h.Describe(ctx, s)
	if err != nil {
		return nil, err
	}
	return prepare(s, d)
}

func prepare(s Step, d *Described) (*Prepared, error) {
	options, hide, err := d.options.apply(s)
	if err != nil {
		return nil, err
	}
	if s.Mode, err = d.ModeOf(s); err != nil {
		return nil, err
	}
	s.Hide = append(hide, s.Hide...)
	return &Prepared{Step: s, Described: d, Options: options, Scopes: config.Scopes{
		Reads: d.ReadPatterns, Writes: d.WritePatterns,
		NarrowReads: s.Reads, NarrowWrites: s.Writes,
		Secrets: s.Secrets, Guarded: s.Guarded, Env: s.Env,
	}}, nil
}

// ModifyParams builds the params of a modify request for the tree, and the
// view that they carry.
func (h *Host) ModifyParams(p *Prepared, doc *config.Document, t tree.Value) (json.RawMessage, *config.View, error) {
	view := config.NewView(t, doc, p.Scopes)
	params, err := encodeWith(view, protocol.ModifyParams{
		Protocol: protocol.Version,
		Options:  p.Options,
		Context:  h.context(doc.File(), p.Step),
	})
	return params, view, err
}

// Outcome is what running the steps led to.
type Outcome struct {
	Document *config.Document // the configuration as it was
	Tree     tree.Value       // as it is now
	Ran      []*Prepared      // in order
	Changes  []config.Change  // in order
	Messages []Message        // in the order in which they came
}

// Open asks the plugins of the steps what they are and checks their options.
// The outcome is the document as it is; nothing has changed it.
func (h *Host) Open(ctx context.Context, doc *config.Document, steps []Step) (*Outcome, error) {
	out := &Outcome{Document: doc, Tree: doc.Tree()}
	var tasks []*task
	for _, s := range steps {
		tasks = append(tasks, h.describing(out, s))
	}
	if err := h.run(ctx, tasks); err != nil {
		return nil, err
	}
	return out, nil
}

// Modify runs the steps, each on what the one before it left. Those whose
// scopes do not touch run at the same time; the outcome, the messages and
// their order, and the error are those of running one after the other (spec
// SCP-12). The first failure ends it: what runs beside is cancelled, there is
// no outcome then, and nothing was written.
func (h *Host) Modify(ctx context.Context, doc *config.Document, steps []Step) (*Outcome, error) {
	out, err := h.Open(ctx, doc, steps)
	if err != nil {
		return nil, err
	}
	var tasks []*task
	for i, p := range out.Ran {
		t := h.modifying(out, p)
		t.after = waitsFor(out.Ran[:i], p)
		tasks = append(tasks, t)
	}
	if err := h.run(ctx, tasks); err != nil {
		return nil, err
	}
	return out, nil
}

func (h *Host) run(ctx context.Context, tasks []*task) error {
	s := schedule{tasks: tasks, jobs: h.jobs()}
	return s.run(ctx)
}

// jobs is how many plugins run at once. Most of them wait for something else
// than the processor.
func (h *Host) jobs() int {
	if h.Jobs > 0 {
		return h.Jobs
	}
	return max(4, runtime.NumCPU())
}

// Edit returns the configuration's text with the outcome in it. An error names
// the plugins whose change cannot be written.
func (o *Outcome) Edit() (*config.Edited, error) {
	edited, err := o.Document.Edit(o.Tree)
	var refused *config.Error
	if !errors.As(err, &refused) {
		return edited, err
	}
	var plugins []string
	for _, c := range config.History(o.Changes).At(refused.Pointer) {
		if !slices.Contains(plugins, c.Plugin) {
			plugins = append(plugins, c.Plugin)
		}
	}
	return nil, fmt.Errorf("what plugin %s changed cannot be written: %w", strings.Join(plugins, ", "), err)
}
