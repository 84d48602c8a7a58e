package conform

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (t *tester) fileName() error {
	file := filepath.Base(t.o.Step.Plugin.Path)
	name, ok := strings.CutPrefix(file, discovery.Prefix)
	if ok && protocol.ValidName(name) {
		return nil
	}
	return broke("NAM-1", "rename it", "expected a file named %sNAME, with NAME of a-z, 0-9 and single hyphens, got %q", discovery.Prefix, file)
}

// describeParams are those of every describe request.
var describeParams = json.RawMessage(`{"protocol":1}`)

// describe looks at the answer as the host does, and where the host overlooks
// something, closer.
func (t *tester) describe() error {
	raw, x, err := t.described(request("1", protocol.MethodDescribe, describeParams), protocol.MethodDescribe)
	if err != nil {
		return err
	}
	at := func(f *fault) error { f.got = x.lines[len(x.lines)-1]; return f.during(x.args, x.sent, nil) }
	desc, unknown, err := protocol.DecodeDescribe(raw)
	if err != nil {
		var f *fault
		if errors.As(refused(err), &f) {
			return at(f)
		}
		return err
	}
	if f := commandNames(desc); f != nil {
		return at(f)
	}
	if _, err := t.host.Describe(t.ctx, t.o.Step); err != nil {
		var f *fault
		if errors.As(refused(err), &f) {
			return at(f)
		}
		return err
	}
	for _, name := range unknown {
		t.warn(broke("DSC-7", "correct its spelling, or leave it out", "the protocol knows no field %q in a describe result", name))
	}
	t.flagTypes(desc)
	t.desc, t.raw = desc, raw
	return nil
}

// described makes a call of describe and returns the result.
func (t *tester) described(input []byte, args ...string) (json.RawMessage, *exchange, error) {
	x, err := t.once(input, args...)
	if err != nil {
		return nil, nil, err
	}
	answer, err := t.answer(x)
	if err != nil {
		return nil, x, err
	}
	if answer.Error != nil {
		return nil, x, broke("DSC-1", "answer describe whatever comes", "expected a result, got the error %d: %s", answer.Error.Code, answer.Error.Message).during(x.args, x.sent, x.ended.Stderr)
	}
	return answer.Result, x, nil
}

// commandNames judges the names of the commands.
func commandNames(desc *protocol.Describe) *fault {
	if len(desc.Commands) > 0 && !slices.Contains(desc.Methods, protocol.MethodCommand) {
		return broke("CMD-1", `add "command" to methods`, `expected "command" in methods, as there are commands, got %q`, desc.Methods)
	}
	seen := map[string]bool{}
	for _, c := range desc.Commands {
		switch {
		case !protocol.ValidName(c.Name):
			return broke("CMD-1", "rename the command", "expected a command's name of a-z, 0-9 and single hyphens, got %q", c.Name)
		case seen[c.Name]:
			return broke("CMD-1", "rename one of them", "expected commands of different names, got %q twice", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

var flagTypes = []string{protocol.FlagBoolean, protocol.FlagString, "integer", "number", protocol.FlagFile, protocol.FlagDirectory}

func (t *tester) flagTypes(desc *protocol.Describe) {
	for _, c := range desc.Commands {
		for _, f := range c.Flags {
			if !slices.Contains(flagTypes, f.Type) {
				t.warn(broke("CMD-4", "take one of these, or string", "the type of the flag %q of the command %q is %q, which counts as a string; there are %s", f.Name, c.Name, f.Type, strings.Join(flagTypes, ", ")))
			}
		}
	}
}

// same holds a result of describe to the first one.
func (t *tester) same(raw []byte, args []string, sent []byte) error {
	now, err := tree.Parse(raw)
	if err != nil {
		return err
	}
	before, err := tree.Parse(t.raw)
	if err != nil {
		return err
	}
	if tree.Equal(before, now) {
		return nil
	}
	f := broke("DSC-3", "make describe depend on nothing but the plugin's file", "expected the same answer as the first time, %s", protocol.Quote(t.raw))
	f.got = raw
	return f.during(args, sent, nil)
}

func (t *tester) scopes() error {
	for _, s := range []struct {
		key     string
		missing bool
	}{{"reads", t.desc.Reads == nil}, {"writes", t.desc.Writes == nil && t.provides(protocol.MethodModify)}} {
		if s.missing {
			t.warn(broke("DSC-6", "list the JSON Pointers of what it works on, or [] for nothing", "it declares no %s, which means everything that is not secret or guarded", s.key))
		}
	}
	return nil
}

// options has the host fill in the defaults and hold the options to the schema.
func (t *tester) options() error {
	p, err := t.host.Prepare(t.ctx, t.o.Step)
	var invalid *host.OptionsError
	if !errors.As(err, &invalid) {
		t.prepared = p
		return err
	}
	path, perr := tree.ParsePointer(invalid.Pointer)
	if perr != nil {
		return perr
	}
	if _, given := tree.Lookup(t.o.Step.Options, path); len(path) > 0 && !given {
		return broke("OPT-2", "correct the default, or the schema", "the schema refuses its own default of %s: %s", invalid.Pointer, invalid.Problem)
	}
	return &skipped{reason: invalid.Error(), hint: optionsHint(t.o.Step.Plugin.Name)}
}

func optionsHint(plugin string) string {
	return "give the options that it needs: --option KEY=VALUE, --options FILE, or an entry of " + plugin + " in the settings"
}
