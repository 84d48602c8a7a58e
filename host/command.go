package host

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/protocol"
)

// CommandTimeout is how long a command may take unless something else is set:
// a person started it, and can end it.
const CommandTimeout = time.Hour

// CommandOutcome is what a command came to.
type CommandOutcome struct {
	ExitCode int // 0 to 255, of the plugin's choice
	// Warnings are what the host noticed. They continue a sentence that starts
	// with the plugin.
	Warnings []string
}

// UnknownCommandError says that a plugin has no command of that name.
type UnknownCommandError struct {
	Plugin, Command string
	Known           []string // the commands that it has
}

func (e *UnknownCommandError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("plugin %s provides no commands", e.Plugin)
	}
	return fmt.Sprintf("plugin %s has no command %q", e.Plugin, e.Command)
}

// Hint says which commands there are.
func (e *UnknownCommandError) Hint() string {
	if len(e.Known) == 0 {
		return "'pathvector-plugin info " + e.Plugin + "' shows what it does"
	}
	return "it has: " + strings.Join(e.Known, ", ") + "; 'pathvector-plugin run " + e.Plugin + "' explains them"
}

// PluginName returns the plugin that was asked.
func (e *UnknownCommandError) PluginName() string { return e.Plugin }

// Command returns the plugin's command of that name. The error is an
// *UnknownCommandError.
func (d *Described) Command(name string) (protocol.CommandSpec, error) {
	known := []string{}
	for _, c := range d.Commands {
		if c.Name == name {
			return c, nil
		}
		known = append(known, c.Name)
	}
	return protocol.CommandSpec{}, &UnknownCommandError{Plugin: d.Name, Command: name, Known: known}
}

// leaveOutCommands removes the commands that cannot be called, and says so
// (CMD-2).
func (d *Described) leaveOutCommands() (warnings []string) {
	if len(d.Commands) > 0 && !slices.Contains(d.Methods, protocol.MethodCommand) {
		d.Commands = nil
		return []string{`describes commands that cannot be run: "command" is missing in its methods`}
	}
	kept := make([]protocol.CommandSpec, 0, len(d.Commands))
	for _, c := range d.Commands {
		switch {
		case !protocol.ValidName(c.Name):
			warnings = append(warnings, fmt.Sprintf("describes a command named %s, which cannot be run: lower-case letters, digits and single hyphens between them were expected", protocol.Quote([]byte(c.Name))))
		case slices.ContainsFunc(kept, func(o protocol.CommandSpec) bool { return o.Name == c.Name }):
			warnings = append(warnings, fmt.Sprintf("describes the command %q twice; the first one counts", c.Name))
		default:
			kept = append(kept, c)
		}
	}
	d.Commands = kept
	return warnings
}

// CommandParams builds the params of a command request, and the view that they
// carry. The error is an *UnknownCommandError.
func (h *Host) CommandParams(p *Prepared, doc *config.Document, name string, arguments []string) (json.RawMessage, *config.View, error) {
	if _, err := p.Described.Command(name); err != nil {
		return nil, nil, err
	}
	step := p.Step
	step.Timeout = h.commandTimeout(step)
	view := config.NewView(doc.Tree(), doc, p.Scopes)
	params, err := encodeWith(view, protocol.CommandParams{
		Protocol:  protocol.Version,
		Name:      name,
		Arguments: append([]string{}, arguments...),
		Options:   p.Options,
		Context:   h.context(doc.File(), step),
	})
	return params, view, err
}

func (h *Host) commandTimeout(s Step) time.Duration {
	return cmp.Or(s.Timeout, h.Runner.Timeout, CommandTimeout)
}

// Command runs a command of the plugin with the arguments as they are. What it
// prints goes to output as it comes: a text that may be part of a line, for
// stdout or stderr. The first error of output ends the command and is
// returned.
//
// The error is an *UnknownCommandError, a *PluginError, or output's. A command
// that failed is no error: see CommandOutcome.ExitCode.
func (h *Host) Command(ctx context.Context, p *Prepared, doc *config.Document, name string, arguments []string, output func(stream, text string) error) (*CommandOutcome, error) {
	params, view, err := h.CommandParams(p, doc, name, arguments)
	if err != nil {
		return nil, err
	}
	step := p.Step
	step.Timeout = h.commandTimeout(step)
	step.Hide = append(doc.Secrets(doc.Tree()), step.Hide...)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := &printer{output: output, stop: cancel}
	answer, err := h.Call(ctx, step, Request{
		Method: protocol.MethodCommand, Params: params, Timeout: step.Timeout,
		Notify: h.printed(out, step.Plugin.Name), Ask: Answers(view),
	})
	if out.err != nil {
		return nil, out.err
	}
	if err != nil {
		return nil, err
	}
	result, err := protocol.DecodeCommandResult(answer.Result)
	if err != nil {
		return nil, p.failed(protocol.MethodCommand, err)
	}
	out.print(protocol.StreamStdout, result.Output)
	return &CommandOutcome{ExitCode: result.ExitCode, Warnings: answer.Warnings}, out.err
}

// printed passes on the notifications of a command: what it prints, and what
// log says.
func (h *Host) printed(out *printer, plugin string) func(*protocol.Notification) {
	return func(n *protocol.Notification) {
		if n.Method == protocol.NoteOutput {
			out.notification(n.Params)
		}
		h.LogNotification(plugin, n)
	}
}

// printer hands on what a command prints until that fails.
type printer struct {
	output func(stream, text string) error
	stop   func()
	err    error
}

// notification prints what the params of output hold. Others are passed over
// (NTF-5).
func (p *printer) notification(params json.RawMessage) {
	var o protocol.OutputParams
	if json.Unmarshal(params, &o) != nil {
		return
	}
	if o.Stream != protocol.StreamStdout {
		o.Stream = protocol.StreamStderr // CMD-9
	}
	p.print(o.Stream, o.Text)
}

func (p *printer) print(stream, text string) {
	if p.err != nil || text == "" {
		return
	}
	if p.err = p.output(stream, text); p.err != nil {
		p.stop()
	}
}
