package cli

import (
	"encoding/json"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (a *app) call() *cli.Command {
	return &cli.Command{
		Name:      "call",
		Usage:     "make one raw call of a plugin and print its result, for authors",
		ArgsUsage: "NAME METHOD [PARAMS]",
		Description: "PARAMS is the JSON of the request's params; - reads it from standard input.\n" +
			"Without PARAMS they are built as for the real call: the configuration's view,\n" +
			"the options and the context for modify and check, the protocol's version for\n" +
			"the others.",
		Flags:  []cli.Flag{modeFlag()},
		Action: a.runCall,
	}
}

func (a *app) runCall(c *cli.Context) error {
	names, err := arguments(c, 2, 3)
	if err != nil {
		return err
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	s.host.DryRun = true
	var step host.Step
	var params json.RawMessage
	if len(names) == 3 {
		step, err = a.one(c, s, names[0], nil)
		if err == nil {
			params, err = a.givenParams(names[2])
		}
	} else {
		step, params, err = a.builtParams(c, s, names[0], names[1])
	}
	if err != nil {
		return err
	}
	if step.Mode == protocol.ModeKeptRunning {
		d, err := s.host.Describe(c.Context, step)
		if err != nil {
			return err
		}
		if _, err := d.ModeOf(step); err != nil {
			return err
		}
	}
	answer, err := s.host.Call(c.Context, step, host.Request{Method: names[1], Params: params})
	if err != nil {
		return err
	}
	if err := a.report.warnings(step.Plugin.Name, answer.Warnings); err != nil {
		return err
	}
	return a.print(string(answer.Result) + "\n")
}

// givenParams reads PARAMS. They are sent as they are, so that an author can
// try what the host would never send; only JSON they must be.
func (a *app) givenParams(text string) (json.RawMessage, error) {
	params := []byte(text)
	if text == "-" {
		var err error
		if params, err = io.ReadAll(a.env.Stdin); err != nil {
			return nil, err
		}
	}
	if !json.Valid(params) {
		return nil, &usageError{problem: "PARAMS is no JSON", advice: `quote it for the shell, as in '{"protocol":1}'`}
	}
	return compact(params), nil
}

// builtParams builds what the host would send.
func (a *app) builtParams(c *cli.Context, s *session, name, method string) (host.Step, json.RawMessage, error) {
	if method != protocol.MethodModify && method != protocol.MethodCheck {
		step, err := a.one(c, s, name, nil)
		if err != nil {
			return step, nil, err
		}
		params, err := protocol.EncodeParams(protocol.DescribeParams{Protocol: protocol.Version})
		return step, params, err
	}
	doc, err := a.document(c)
	if err != nil {
		return host.Step{}, nil, err
	}
	return a.viewParams(c, s, name, method, doc)
}

// viewParams builds the params of a method that is sent the configuration.
func (a *app) viewParams(c *cli.Context, s *session, name, method string, doc *config.Document) (host.Step, json.RawMessage, error) {
	step, err := a.one(c, s, name, doc)
	if err != nil {
		return step, nil, err
	}
	p, err := s.host.Prepare(c.Context, step)
	if err != nil {
		return step, nil, err
	}
	var params json.RawMessage
	if method == protocol.MethodCheck {
		params, _, err = s.host.CheckParams(p, &host.Outcome{Document: doc, Tree: doc.Tree()})
	} else {
		params, _, err = s.host.ModifyParams(p, doc, doc.Tree())
	}
	step = p.Step
	step.Hide = append(doc.Secrets(doc.Tree()), step.Hide...)
	return step, params, err
}
