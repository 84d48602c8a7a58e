package host

import (
	"context"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// describing is the task to have a plugin describe itself, and to add it to
// those that run.
func (h *Host) describing(out *Outcome, s Step) *task {
	t := &task{voice: h.voice(s)}
	var d *Described
	var err error
	t.begin = func() func(context.Context) {
		return func(ctx context.Context) {
			d, err = h.describe(ctx, s, t.voice.request(h.notified(out, s.Plugin.Name)))
		}
	}
	t.finish = func() error {
		if err != nil {
			return err
		}
		h.used(d)
		h.warn(out, s.Plugin.Name, d.Warnings...)
		p, err := prepare(s, d)
		if err != nil {
			return err
		}
		out.Ran = append(out.Ran, p)
		return nil
	}
	return t
}

// voice is for what is said of the step's plugin.
func (h *Host) voice(s Step) *voice {
	if h.Runner.Stderr == nil {
		return &voice{}
	}
	return &voice{show: func(line string) { h.Runner.Stderr(s.Plugin.Name, line) }}
}

// modification is a plugin's call of modify.
type modification struct {
	*Prepared
	tree   tree.Value // that it started from
	view   *config.View
	answer *Answer
	err    error
}

// modifying is the task to have a plugin modify the configuration, and to take
// its changes over into out.
func (h *Host) modifying(out *Outcome, p *Prepared) *task {
	t := &task{voice: h.voice(p.Step)}
	if !p.Described.Modifies() {
		t.begin = func() func(context.Context) { return func(context.Context) {} }
		t.finish = func() error {
			if !p.Described.Checks() {
				h.warn(out, p.Plugin.Name, "does not answer modify, so it was not asked")
			}
			return nil
		}
		return t
	}
	m := &modification{Prepared: p}
	t.begin = func() func(context.Context) {
		m.tree = out.Tree
		return func(ctx context.Context) {
			m.err = h.ask(ctx, out.Document, m, t.voice.request(h.notified(out, p.Plugin.Name)))
		}
	}
	t.finish = func() error { return h.takeOver(out, m) }
	return t
}

// waitsFor is how many of the plugins before must be over when p starts: all
// up to the last one that it may not run beside.
func waitsFor(before []*Prepared, p *Prepared) int {
	for n := len(before); n > 0; n-- {
		if touch(before[n-1], p) {
			return n
		}
	}
	return 0
}

// touch reports whether the later plugin must wait for the earlier one. A
// plugin that stands there twice may count on running alone.
func touch(earlier, later *Prepared) bool {
	if !earlier.Described.Modifies() || !later.Described.Modifies() {
		return false
	}
	return earlier.Plugin.Name == later.Plugin.Name || !later.Scopes.Beside(earlier.Scopes)
}

// ask makes the call. q is the beginning of its request.
func (h *Host) ask(ctx context.Context, doc *config.Document, m *modification, q Request) error {
	var err error
	q.Method = protocol.MethodModify
	if q.Params, m.view, err = h.ModifyParams(m.Prepared, doc, m.tree); err != nil {
		return err
	}
	q.Ask = Answers(m.view)
	step := m.Step
	if h.Runner.Trace != nil {
		step.Hide = append(doc.Secrets(m.tree), step.Hide...)
	}
	m.answer, err = h.Call(ctx, step, q)
	return err
}

// takeOver takes the answer over into out. Other plugins may have changed the
// tree since the plugin was sent its view, which is the same in the new tree
// (see config.Scopes.Beside); what it does not see may not be.
func (h *Host) takeOver(out *Outcome, m *modification) error {
	if m.err != nil {
		return m.err
	}
	name := m.Plugin.Name
	h.warn(out, name, m.answer.Warnings...)
	result, err := protocol.DecodeModifyResult(m.answer.Result)
	if err != nil {
		return m.failed(protocol.MethodModify, err)
	}
	h.passOn(out, name, result.Messages)
	if out.Tree != m.tree {
		m.view = config.NewView(out.Tree, out.Document, m.Scopes)
	}
	applied, err := m.view.Apply(result)
	if err != nil {
		return m.failed(protocol.MethodModify, err)
	}
	out.Tree = applied.Tree
	for _, c := range applied.Changes {
		c.Plugin, c.Version = name, m.Described.Version
		out.Changes = append(out.Changes, c)
	}
	h.warn(out, name, applied.Warnings...)
	return nil
}
