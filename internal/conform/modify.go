package conform

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// modifying makes one call of modify over the tree. Grease changes the params.
func (t *tester) modifying(over tree.Value, grease func(json.RawMessage) json.RawMessage) (*config.Outcome, error) {
	params, view, err := t.host.ModifyParams(t.prepared, t.doc, over)
	if err != nil {
		return nil, err
	}
	if grease != nil {
		params = grease(params)
	}
	x, err := t.once(request("1", protocol.MethodModify, params), protocol.MethodModify)
	if err != nil {
		return nil, err
	}
	answer, err := t.answer(x)
	if err != nil {
		return nil, err
	}
	out, err := t.applied(answer, view)
	var f *fault
	if errors.As(err, &f) {
		f.got = x.lines[len(x.lines)-1]
		return nil, f.during(x.args, x.sent, x.ended.Stderr)
	}
	return out, err
}

// applied judges an answer to modify as the host does.
func (t *tester) applied(answer *protocol.Response, view *config.View) (*config.Outcome, error) {
	if answer.Error != nil {
		return nil, t.declined(protocol.MethodModify, answer.Error)
	}
	result, err := protocol.DecodeModifyResult(answer.Result)
	if err != nil {
		return nil, refused(err)
	}
	if f := messagesForm(answer.Result); f != nil {
		return nil, f
	}
	out, err := view.Apply(result)
	return out, refused(err)
}

// declined is an error answer to a call that was right. What the plugin itself
// has against it says nothing about the protocol.
func (t *tester) declined(method string, e *protocol.Error) error {
	switch e.Code {
	case protocol.CodeMethodNotFound:
		return broke("INV-2", "answer it, or leave it out of methods", "expected an answer to %s, which its methods have, got the error %d: %s", method, e.Code, e.Message)
	case protocol.CodeParseError, protocol.CodeInvalidRequest, protocol.CodeInvalidParams:
		return broke("INV-2", "take every request that follows the protocol", "expected an answer to a right request, got the error %d: %s", e.Code, e.Message)
	case protocol.CodeUnsupportedProtocol:
		return broke("VER-3", "speak the versions that describe lists", "describe lists version 1, and %s in version 1 got the error %d: %s", method, e.Code, e.Message)
	case protocol.CodeInvalidOptions:
		if f := t.ownDefault(e); f != nil {
			return f
		}
		return &skipped{reason: "the plugin answers: " + e.Message, hint: optionsHint(t.o.Step.Plugin.Name)}
	}
	return &skipped{reason: "the plugin answers: " + e.Message, hint: "give it a configuration, options and surroundings that it can work with: -c FILE, --option KEY=VALUE"}
}

// ownDefault reports an option that was not given, and whose default the plugin
// refuses although its schema declares it.
func (t *tester) ownDefault(e *protocol.Error) *fault {
	var d struct{ Pointer string }
	if json.Unmarshal(e.Data, &d) != nil || d.Pointer == "" {
		return nil
	}
	path, err := tree.ParsePointer(d.Pointer)
	if err != nil {
		return nil
	}
	sent, err := tree.Parse(t.prepared.Options)
	if err != nil {
		return nil
	}
	_, there := tree.Lookup(sent, path)
	_, given := tree.Lookup(t.o.Step.Options, path)
	if !there || given {
		return nil
	}
	return broke("OPT-2", "declare a default that the plugin takes, or none", "the plugin refuses the default that its own schema has for %s: %s", d.Pointer, e.Message)
}

// messagesForm looks at what the host is lenient about.
func messagesForm(result json.RawMessage) *fault {
	var r struct {
		Messages []struct{ Level, Pointer string }
	}
	if json.Unmarshal(result, &r) != nil {
		return nil // its form has been judged
	}
	for _, m := range r.Messages {
		if protocol.KnownLevel(m.Level) != m.Level {
			return broke("MOD-7", "take one of these", "expected a message of the level error, warning, info or debug, got %q", m.Level)
		}
		if _, err := tree.ParsePointer(m.Pointer); err != nil {
			return broke("MOD-7", "write a JSON Pointer, or leave it out", "expected the pointer of a message: %s", err)
		}
	}
	return nil
}

func (t *tester) modify() error {
	if !t.provides(protocol.MethodModify) {
		return &skipped{reason: "it does not modify"}
	}
	var err error
	t.changed, err = t.modifying(t.doc.Tree(), nil)
	return err
}

func (t *tester) modifyAgain() error {
	out, err := t.modifying(t.doc.Tree(), nil)
	if err == nil && !tree.Equal(t.changed.Tree, out.Tree) {
		t.warn(broke("MOD-9", "let the result depend on the request alone", "expected the same change of the same configuration, %s, got %s", pointers(t.changed.Changes), pointers(out.Changes)))
	}
	return err
}

func (t *tester) modifyTwice() error {
	out, err := t.modifying(t.changed.Tree, nil)
	const expected, hint = "expected no change when its change has been made", "look at what is there before changing it"
	var declined *skipped
	switch {
	case errors.As(err, &declined):
		t.warn(broke("MOD-9", hint, expected+", but %s", declined.reason))
		return nil
	case err == nil && len(out.Changes) > 0:
		t.warn(broke("MOD-9", hint, expected+", got %s", pointers(out.Changes)))
	}
	return err
}

// pointers names what was changed.
func pointers(changes []config.Change) string {
	var all []string
	for _, c := range changes {
		all = append(all, c.Pointer)
	}
	if all == nil {
		return "no change"
	}
	slices.Sort(all)
	return "changes at " + protocol.Quote([]byte(strings.Join(all, ", ")))
}

func (t *tester) modifyUnknownFields() error {
	return t.sameChange("MSG-9", "ignore fields that the plugin does not know", func(p json.RawMessage) json.RawMessage { return greased(p, 0) })
}

func (t *tester) modifyLarge() error {
	return t.sameChange("MSG-7", "read the whole line, however long it is", func(p json.RawMessage) json.RawMessage { return greased(p, 1<<20) })
}

// sameChange makes a call that means the same as the plain one.
func (t *tester) sameChange(rule, hint string, grease func(json.RawMessage) json.RawMessage) error {
	out, err := t.modifying(t.doc.Tree(), grease)
	var f *fault
	var s *skipped
	switch {
	case errors.As(err, &f) && (f.rule == "MSG-7" || f.rule == "INV-2"):
		return f.blamed(rule, hint)
	case errors.As(err, &s):
		return broke(rule, hint, "expected the change that the request without the unknown field gets, but %s", s.reason)
	case err == nil && !tree.Equal(t.changed.Tree, out.Tree):
		return broke(rule, hint, "expected the change that the request without the unknown field gets, %s, got %s", pointers(t.changed.Changes), pointers(out.Changes))
	}
	return err
}

// modifyNothing takes any answer of the right form: what the plugin works on may
// be missing.
func (t *tester) modifyNothing() error {
	var s *skipped
	if _, err := t.modifying(&tree.Object{}, nil); !errors.As(err, &s) {
		return err
	}
	return nil
}
