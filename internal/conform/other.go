package conform

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// calling makes one call, and judges its result with decode.
func (t *tester) calling(method string, params any, decode func(json.RawMessage) error) error {
	encoded, err := protocol.EncodeParams(params)
	if err != nil {
		return err
	}
	x, err := t.once(request("1", method, encoded), method)
	if err != nil {
		return err
	}
	answer, err := t.answer(x)
	if err != nil {
		return err
	}
	if answer.Error != nil {
		err = t.declined(method, answer.Error)
	} else {
		err = refused(decode(answer.Result))
	}
	var f *fault
	if errors.As(err, &f) {
		f.got = x.lines[len(x.lines)-1]
		return f.during(x.args, x.sent, x.ended.Stderr)
	}
	return err
}

// params returns what modify, check and command have in common.
func (t *tester) params() (p protocol.ModifyParams, err error) {
	encoded, _, err := t.host.ModifyParams(t.prepared, t.doc, t.doc.Tree())
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(encoded, &p)
}

func (t *tester) checkConfig() error {
	if !t.provides(protocol.MethodCheck) {
		return &skipped{reason: "it does not check"}
	}
	p, err := t.params()
	if err != nil {
		return err
	}
	return t.calling(protocol.MethodCheck, protocol.CheckParams{
		Protocol: p.Protocol, Config: p.Config, Options: p.Options, Context: p.Context, Changes: []protocol.Change{},
	}, func(result json.RawMessage) error {
		_, err := protocol.DecodeCheckResult(result)
		return err
	})
}

// commands runs those that were asked for: what the others do is not known.
func (t *tester) commands() error {
	if !t.provides(protocol.MethodCommand) {
		return &skipped{reason: "it has no commands"}
	}
	if len(t.o.Commands) == 0 {
		return &skipped{reason: "what a command does is not known; --command NAME runs it"}
	}
	p, err := t.params()
	if err != nil {
		return err
	}
	for _, line := range t.o.Commands {
		arguments := strings.Fields(line)
		if len(arguments) == 0 || !slices.ContainsFunc(t.desc.Commands, func(c protocol.CommandSpec) bool { return c.Name == arguments[0] }) {
			return &skipped{reason: "it has no command " + protocol.Quote([]byte(line)), hint: "name one that describe has"}
		}
		err := t.calling(protocol.MethodCommand, protocol.CommandParams{
			Protocol: p.Protocol, Name: arguments[0], Arguments: arguments[1:],
			Config: p.Config, Options: p.Options, Context: p.Context,
		}, func(result json.RawMessage) error {
			_, err := protocol.DecodeCommandResult(result)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
