package plugintest

import (
	"reflect"
	"testing"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

// Modified is what came of a modify.
type Modified struct {
	// Config is the whole configuration afterwards, JSON with sorted keys. After
	// an error it is as it was.
	Config string
	// Changes are what is different in it, in the order of their pointers.
	Changes []sdk.Change
	// Messages are what the plugin said to the operator.
	Messages []Message
	// Err is the error that the plugin answered with; nil for none.
	Err *sdk.Error
}

// Modify lets the plugin change the configuration. A result that a host would
// refuse fails the test: one that breaks the protocol or does not apply, and
// one with a change that the plugin must not make (rules SCP-8 to SCP-11).
func Modify(t testing.TB, p *sdk.Plugin, inputs ...Input) *Modified {
	t.Helper()
	return newCall(t, p, inputs).modify()
}

// Idempotent is Modify, and again on its own result. The test fails when the
// second time changes something (rule MOD-9).
func Idempotent(t testing.TB, p *sdk.Plugin, inputs ...Input) *Modified {
	t.Helper()
	first := Modify(t, p, inputs...)
	if first.Err != nil {
		return first
	}
	second := Modify(t, p, append(inputs[:len(inputs):len(inputs)], Config(first.Config))...)
	if second.Err != nil {
		t.Errorf("the second modify, on the result of the first, must succeed, and fails: %v", second.Err)
	}
	for _, change := range second.Changes {
		t.Errorf("the second modify, on the result of the first, must change nothing (MOD-9), and makes %s: %s to %s",
			change.Pointer, orNothing(change.Before), orNothing(change.After))
	}
	return first
}

func (c *call) modify() *Modified {
	c.t.Helper()
	done := &Modified{}
	result, failed := c.ask(protocol.MethodModify, nil)
	after := c.view
	if failed != nil {
		done.Err = failed
	} else {
		decoded, err := protocol.DecodeModifyResult(result)
		if err != nil {
			c.t.Fatalf("the result breaks the protocol: %v", err)
		}
		done.Messages = decoded.Messages
		if after, err = apply(c.view, decoded); err != nil {
			c.t.Fatalf("the result cannot be applied to the view: %v", err)
		}
	}
	changes := differences(nil, c.view, after)
	whole := c.whole
	for _, change := range changes {
		c.judge(change)
		whole = change.put(whole)
		done.Changes = append(done.Changes, change.public(c.plugin.Name))
	}
	done.Config = text(whole)
	return done
}

// judge fails the test for a change that the plugin must not make.
func (c *call) judge(d difference) {
	c.t.Helper()
	refuse := func(rule, why string) {
		c.t.Errorf("the plugin must not change %s: %s (%s)", d.pointer(), why, rule)
	}
	switch {
	case !covered(c.plugin.Writes, d.path):
		refuse("SCP-8", "its Writes do not cover it")
	case len(d.path) > 0 && d.path[0] == "plugins":
		refuse("SCP-6", "it is in no view")
	case !c.secrets && isSecret(d.path):
		refuse("SCP-10", "it is a secret, which needs a grant")
	case !c.guarded && isGuarded(d.path):
		refuse("SCP-11", "it is guarded, which needs a grant")
	case d.removesWhole():
		return
	}
	lost, isObject := at(c.whole, d.path).(map[string]any)
	switch {
	case !isObject:
	case !reflect.DeepEqual(c.viewBelow(d.path, lost), any(lost)):
		refuse("SCP-9", "there is something in it that is not in the view")
	case !c.guarded && holdsGuarded(d.path, lost):
		refuse("SCP-9", "there is a guarded key in it, which needs a grant")
	}
}

func orNothing(raw []byte) string {
	if raw == nil {
		return "nothing"
	}
	return string(raw)
}
