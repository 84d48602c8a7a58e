package cli

import (
	"encoding/json"
	"fmt"

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
		Description: "PARAMS is the JSON of the request's params; - reads it from standard input, and\n" +
			"--params from a file. Without, they are built as for the real call: from the\n" +
			"configuration's view, the options and the context for modify, check and command,\n" +
			"which is written 'call NAME command COMMAND [ARGS]', with the ARGS that start\n" +
			"with a hyphen behind --; from the protocol's version for others.\n" +
			"--show prints what a shell makes the same call with, and makes none.",
		Flags: append(optionFlags(), modeFlag(),
			&cli.StringFlag{Name: "params", Usage: "read the request's params from `FILE`; - is standard input", TakesFile: true},
			&cli.BoolFlag{Name: "show", Usage: "print a command line that makes the same call with echo and a pipe", DisableDefaultText: true},
			&cli.IntFlag{Name: "count", Usage: "make the call `N` times, and print how long it took", DefaultText: "once, and print the result"},
		),
		Action: a.runCall,
	}
}

// request is a call that is ready to be made.
type request struct {
	host   *host.Host
	step   host.Step
	method string
	params json.RawMessage
	view   *config.View // that params carry; nil without one
}

func (a *app) runCall(c *cli.Context) error {
	if err := oneOf(c, "show", "count"); err != nil {
		return err
	}
	if c.IsSet("count") && c.Int("count") < 1 {
		return &usageError{problem: fmt.Sprintf("--count must be above zero, not %d", c.Int("count")), advice: "leave it out to make one call and see the result"}
	}
	s, err := a.session(c)
	if err != nil {
		return err
	}
	s.host.DryRun = true
	r, err := a.request(c, s)
	if err != nil {
		return err
	}
	if r.step.Mode == protocol.ModeKeptRunning {
		d, err := s.host.Describe(c.Context, r.step)
		if err != nil {
			return err
		}
		if _, err := d.ModeOf(r.step); err != nil {
			return err
		}
	}
	switch {
	case c.Bool("show"):
		return a.showCall(c, r)
	case c.IsSet("count"):
		return a.timeCalls(c, r)
	}
	answer, err := a.makeCall(c, r)
	if err != nil {
		return err
	}
	return a.print(string(answer.Result) + "\n")
}

// makeCall makes the call, and passes on what is said beside the answer.
func (a *app) makeCall(c *cli.Context, r *request) (*host.Answer, error) {
	name := r.step.Plugin.Name
	answer, err := r.host.Call(c.Context, r.step, host.Request{
		Method: r.method, Params: r.params,
		Ask: host.Answers(r.view),
		Notify: func(n *protocol.Notification) {
			if !r.host.LogNotification(name, n) {
				a.report.detail("%s sent %s %s", name, n.Method, n.Params)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return answer, a.report.warnings(name, answer.Warnings)
}
