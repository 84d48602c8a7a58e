package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	params, err := protocol.EncodeParams(protocol.ModifyParams{
		Protocol: protocol.Version,
		Config:   view.JSON(),
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

// Modify runs the steps one after the other, each on what the one before it
// left. The first failure ends it: there is no outcome then, and nothing was
// written.
func (h *Host) Modify(ctx context.Context, doc *config.Document, steps []Step) (*Outcome, error) {
	out := &Outcome{Document: doc, Tree: doc.Tree()}
	for _, s := range steps {
		d, err := h.describe(ctx, s, h.notified(out, s.Plugin.Name))
		if err != nil {
			return nil, err
		}
		h.warn(out, s.Plugin.Name, d.Warnings...)
		p, err := prepare(s, d)
		if err != nil {
			return nil, err
		}
		out.Ran = append(out.Ran, p)
	}
	for _, p := range out.Ran {
		if !p.Described.Modifies() {
			h.warn(out, p.Plugin.Name, "does not answer modify, so it was not asked")
			continue
		}
		if err := h.modify(ctx, out, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// modify runs one plugin and takes its changes over into out.
func (h *Host) modify(ctx context.Context, out *Outcome, p *Prepared) error {
	params, view, err := h.ModifyParams(p, out.Document, out.Tree)
	if err != nil {
		return err
	}
	step := p.Step
	if h.Runner.Trace != nil {
		step.Hide = append(out.Document.Secrets(out.Tree), step.Hide...)
	}
	answer, err := h.Call(ctx, step, Request{
		Method: protocol.MethodModify, Params: params,
		Notify: h.notified(out, p.Plugin.Name), Ask: asked(view),
	})
	if err != nil {
		return err
	}
	h.warn(out, p.Plugin.Name, answer.Warnings...)
	result, err := protocol.DecodeModifyResult(answer.Result)
	if err != nil {
		return p.failed(protocol.MethodModify, err)
	}
	h.passOn(out, p.Plugin.Name, result.Messages)
	applied, err := view.Apply(result)
	if err != nil {
		return p.failed(protocol.MethodModify, err)
	}
	out.Tree = applied.Tree
	for _, c := range applied.Changes {
		c.Plugin, c.Version = p.Plugin.Name, p.Described.Version
		out.Changes = append(out.Changes, c)
	}
	h.warn(out, p.Plugin.Name, applied.Warnings...)
	return nil
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
