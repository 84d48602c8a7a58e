package cli

import (
	"encoding/json"
	"io"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// request reads the command line of call: which plugin, which method, and what
// it is sent.
func (a *app) request(c *cli.Context, s *session) (*request, error) {
	names := c.Args().Slice()
	built := len(names) > 2 && names[1] == protocol.MethodCommand && protocol.ValidName(names[2])
	if !built {
		var err error
		if names, err = arguments(c, 2, 3); err != nil {
			return nil, err
		}
	}
	given := c.IsSet("params") || len(names) == 3 && !built
	switch {
	case c.IsSet("params") && len(names) > 2:
		return nil, &usageError{problem: "--params and the argument " + quote(names[2]) + " cannot be used together", advice: "leave one of them out"}
	case given && (c.IsSet("option") || c.IsSet("options")):
		return nil, &usageError{problem: "options are part of params, which are given already", advice: "leave out the params to have them built, with these options"}
	case !given && !built && names[1] == protocol.MethodCommand:
		return nil, &usageError{problem: "the method command needs the name of a command", advice: "usage: pathvector-plugin call NAME command COMMAND [ARGS]"}
	case given:
		return a.givenRequest(c, s, names)
	}
	return a.builtRequest(c, s, names)
}

func (a *app) givenRequest(c *cli.Context, s *session, names []string) (*request, error) {
	step, err := a.one(c, s, names[0], nil)
	if err != nil {
		return nil, err
	}
	r := &request{host: s.host, step: step, method: names[1]}
	if c.IsSet("params") {
		r.params, err = a.paramsFile(c.String("params"))
	} else {
		r.params, err = a.givenParams(names[2])
	}
	return r, err
}

// givenParams reads PARAMS. They are sent as they are, so that an author can
// try what the host would never send; only JSON they must be.
func (a *app) givenParams(text string) (json.RawMessage, error) {
	if text == "-" {
		return a.paramsFile(text)
	}
	return validParams([]byte(text), "PARAMS", `quote it for the shell, as in '{"protocol":1}'`)
}

func (a *app) paramsFile(file string) (json.RawMessage, error) {
	if file == "-" {
		text, err := io.ReadAll(a.env.Stdin)
		if err != nil {
			return nil, err
		}
		return validParams(text, "standard input", `write the params there, as in {"protocol":1}`)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &usageError{problem: "--params: cannot read " + quote(file) + ": " + plainCause(err), advice: "name a file with the JSON of the params"}
	}
	return validParams(text, quote(file), `write the params there, as in {"protocol":1}`)
}

func validParams(text []byte, what, advice string) (json.RawMessage, error) {
	if !json.Valid(text) {
		return nil, &usageError{problem: what + " is no JSON", advice: advice}
	}
	return compact(text), nil
}

// builtRequest builds what the host would send.
func (a *app) builtRequest(c *cli.Context, s *session, names []string) (*request, error) {
	r := &request{host: s.host, method: names[1]}
	var doc *config.Document
	var err error
	switch {
	case r.method == protocol.MethodModify || r.method == protocol.MethodCheck:
		doc, err = a.document(c)
	case r.method == protocol.MethodCommand:
		doc, err = a.documentIfAny(c)
	case c.IsSet("option") || c.IsSet("options"):
		err = &usageError{problem: "options are not sent with the method " + quote(r.method), advice: "leave them out, or give all params with --params FILE"}
	default:
		if r.step, err = a.one(c, s, names[0], nil); err == nil {
			r.params, err = protocol.EncodeParams(protocol.DescribeParams{Protocol: protocol.Version})
		}
		return r, err
	}
	if err != nil {
		return nil, err
	}
	return r, a.buildParams(c, r, s, doc, names)
}

// buildParams builds the params of a method that is sent the configuration.
func (a *app) buildParams(c *cli.Context, r *request, s *session, doc *config.Document, names []string) error {
	step, err := a.one(c, s, names[0], doc)
	if err != nil {
		return err
	}
	if step.Options, err = a.options(c, step.Options); err != nil {
		return err
	}
	p, err := s.host.Prepare(c.Context, step)
	if err != nil {
		return err
	}
	r.step = p.Step
	r.step.Hide = slices.Concat(doc.Secrets(doc.Tree()), p.Hide)
	switch r.method {
	case protocol.MethodCommand:
		if r.step.Timeout == 0 {
			r.step.Timeout = host.CommandTimeout
		}
		r.params, r.view, err = s.host.CommandParams(p, doc, names[2], names[3:])
	case protocol.MethodCheck:
		r.params, r.view, err = s.host.CheckParams(p, &host.Outcome{Document: doc, Tree: doc.Tree()})
	default:
		r.params, r.view, err = s.host.ModifyParams(p, doc, doc.Tree())
	}
	return err
}
