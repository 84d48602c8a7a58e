package config

import (
	"errors"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Outcome is what a plugin's result makes of a configuration.
type Outcome struct {
	Tree     tree.Value // the whole configuration
	Changes  []Change   // without the plugin's name and version
	Warnings []string
}

// Apply takes a result over into the configuration that the view was made of.
// It fails with a *protocol.Violation for a result of another form or a patch
// that does not apply, with a *ValueError for a value that the schema rejects,
// and with a *RefusedError for a change that the plugin may not make; then
// nothing of the result is used (spec MOD-6).
func (v *View) Apply(r *protocol.ModifyResult) (*Outcome, error) {
	after, err := v.after(r)
	if err != nil {
		return nil, err
	}
	t := taking{View: v, writes: v.scopes.writes(), warned: map[string]bool{}}
	var refused []*RefusedError
	for _, d := range tree.Diff(v.shown, after) {
		for _, leaf := range leaves(d) {
			var no *RefusedError
			if err := t.take(leaf); errors.As(err, &no) {
				refused = append(refused, no)
			} else if err != nil {
				return nil, err
			}
		}
	}
	if len(refused) > 0 {
		return nil, v.scopes.refusal(refused)
	}
	t.out.Tree = tree.Apply(v.whole, t.taken)
	return &t.out, nil
}

// leaves takes a difference apart as spec SCP-7 has it. A null holds nothing,
// so an object in its place counts as an added one.
func leaves(d tree.Difference) []tree.Difference {
	if o, ok := d.After.(*tree.Object); ok && o.Len() > 0 && d.Before == nil {
		d.Op = tree.Add
	}
	return d.Leaves()
}

// after returns the view as the result wants it.
func (v *View) after(r *protocol.ModifyResult) (tree.Value, error) {
	switch {
	case r.Merge != nil:
		patch, err := tree.Parse(r.Merge)
		if _, ok := patch.(*tree.Object); err != nil || !ok {
			return nil, badResult("MOD-3", r.Merge, "merge must be an object")
		}
		return mergePatch(v.shown, patch), nil
	case r.Patch != nil:
		return v.patched(r)
	case r.Config != nil:
		after, err := tree.Parse(r.Config)
		if _, ok := after.(*tree.Object); err != nil || !ok {
			return nil, badResult("MOD-5", r.Config, "config must be an object")
		}
		return after, nil
	}
	return nil, badResult("MOD-2", nil, "one of merge, patch and config must be there")
}

func (v *View) patched(r *protocol.ModifyResult) (tree.Value, error) {
	patch, err := tree.Parse(r.Patch)
	operations, ok := patch.([]tree.Value)
	if err != nil || !ok {
		return nil, badResult("MOD-4", r.Patch, "patch must be an array of operations")
	}
	after, err := applyPatch(v.shown, operations)
	var failed *operationError
	if errors.As(err, &failed) {
		return nil, badResult("MOD-4", failed.plain(), failed.Error())
	}
	if _, ok := after.(*tree.Object); !ok {
		return nil, badResult("MOD-4", nil, "the patch makes something else than an object of the view")
	}
	return after, nil
}

func badResult(rule string, got []byte, detail string) error {
	b := protocol.NewViolation(protocol.BadResult, got, detail)
	b.Rule = rule
	return b
}

// mergePatch is MergePatch of RFC 7396. It costs by the size of the patch.
func mergePatch(target, patch tree.Value) tree.Value {
	p, ok := patch.(*tree.Object)
	if !ok {
		return patch
	}
	before, _ := target.(*tree.Object)
	if before == nil {
		before = &tree.Object{}
	}
	after := before.Copy()
	for key, with := range p.All() {
		if with == nil {
			after.Delete(key)
			continue
		}
		was, _ := after.Get(key)
		after.Set(key, mergePatch(was, with))
	}
	return after
}
