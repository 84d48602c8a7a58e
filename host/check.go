package host

import (
	"context"
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Finding is something that a plugin finds wrong with a configuration. One of
// the severity protocol.LevelError refuses it (CHK-4).
type Finding struct {
	Plugin   string
	Severity string // protocol.LevelError, LevelWarning or LevelInfo
	Code     string // the plugin's own; may be empty
	Pointer  string // a JSON Pointer into the configuration
	Message  string
	Proposed json.RawMessage // what the plugin would put there, secrets masked; never applied (CHK-5)
}

// Check shows the outcome to every plugin of it that checks, in order, and
// returns what they find (CHK-6). A plugin that fails ends it.
func (h *Host) Check(ctx context.Context, out *Outcome) ([]Finding, error) {
	var found []Finding
	for _, p := range out.Ran {
		if !p.Described.Checks() {
			continue
		}
		more, err := h.check(ctx, out, p)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// CheckParams builds the params of a check request for the outcome, and the
// view that they carry.
func (h *Host) CheckParams(p *Prepared, out *Outcome) (json.RawMessage, *config.View, error) {
	view := config.NewView(out.Tree, out.Document, p.Scopes)
	changes := []protocol.Change{}
	for _, c := range view.Visible(out.Changes) {
		changes = append(changes, protocol.Change{Pointer: c.Pointer, Op: string(c.Op), Before: c.Before, After: c.After, Plugin: c.Plugin})
	}
	params, err := encodeWith(view, protocol.CheckParams{
		Protocol: protocol.Version,
		Options:  p.Options,
		Context:  h.context(out.Document.File(), p.Step),
		Changes:  changes,
	})
	return params, view, err
}

// check asks one plugin.
func (h *Host) check(ctx context.Context, out *Outcome, p *Prepared) ([]Finding, error) {
	params, view, err := h.CheckParams(p, out)
	if err != nil {
		return nil, err
	}
	step := p.Step
	if h.Runner.Trace != nil {
		step.Hide = out.Secrets()
	}
	answer, err := h.Call(ctx, step, Request{
		Method: protocol.MethodCheck, Params: params,
		Notify: h.notified(out, p.Plugin.Name), Ask: Answers(view),
	})
	if err != nil {
		return nil, err
	}
	h.warn(out, p.Plugin.Name, answer.Warnings...)
	result, err := protocol.DecodeCheckResult(answer.Result)
	if err != nil {
		return nil, p.failed(protocol.MethodCheck, err)
	}
	var found []Finding
	for _, f := range result.Findings {
		found = append(found, Finding{p.Plugin.Name, f.Severity, f.Code, f.Pointer, f.Message, out.masked(f)})
	}
	return found, nil
}

// Secrets returns the texts of all secrets that the outcome tells of, the longest
// first: those that are in it, that were, and that a plugin set in between, and
// what the steps hide.
func (o *Outcome) Secrets() []string {
	texts := append(o.Document.Secrets(o.Tree), o.Document.Secrets(o.Document.Tree())...)
	for _, c := range o.Changes {
		path, err := tree.ParsePointer(c.Pointer)
		if v, broken := tree.Parse(c.After); err == nil && broken == nil {
			texts = append(texts, o.Document.Secrets(tree.With(nil, path, v))...)
		}
	}
	for _, p := range o.Ran {
		texts = append(texts, p.Hide...)
	}
	return longestFirst(texts)
}

func (o *Outcome) masked(f protocol.Finding) json.RawMessage {
	path, err := tree.ParsePointer(f.Pointer)
	v, broken := tree.Parse(f.Proposed)
	if f.Proposed == nil || err != nil || broken != nil {
		return nil // the decoder lets none of the last two pass
	}
	return tree.Append(nil, o.Document.Mask(path, v))
}
