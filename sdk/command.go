package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Command is a command that the plugin provides; operators run it as
// "pathvector-plugin run PLUGIN COMMAND ARGUMENTS".
type Command struct {
	Name        string // words of a-z and 0-9 with hyphens between them
	Usage       string // its arguments in short, as in "PEER..."
	Description string // one line; shown to people
	Flags       []Flag // for help and completion: Run reads them, by package flag for example
	Run         Runner // see the function Run
}

// Flag is an option of a Command, as help and completion show it. Its type is
// boolean, string, integer, number, file or directory.
type Flag = protocol.Flag

// Runner is a function to carry out a command, as Run makes it.
type Runner handler

// CommandCall is one run of a command.
type CommandCall[Options, View any] struct {
	Request[Options, View]

	// Name is the command's, Arguments what the operator wrote behind it.
	Name      string
	Arguments []string
	// Stdout and Stderr are the operator's, while the command runs. What is
	// written arrives at once; for many small pieces, put a bufio.Writer before.
	// Text must be UTF-8.
	Stdout, Stderr io.Writer
}

// Run makes a Command's Run of a function over the plugin's own types, which
// are decoded as those of Modify. The function returns the exit code of the
// command, 0 to 255. One that failed says why on Stderr and returns a code; an
// error is for a call that could not be carried out, and becomes the answer.
func Run[Options, View any](f func(ctx context.Context, c *CommandCall[Options, View]) (exitCode int, err error)) Runner {
	return func(ctx context.Context, in *received) (json.RawMessage, error) {
		stdout := &outputWriter{job: in.job, stream: protocol.StreamStdout}
		stderr := &outputWriter{job: in.job, stream: protocol.StreamStderr}
		c := &CommandCall[Options, View]{Name: in.command, Arguments: in.arguments, Stdout: stdout, Stderr: stderr}
		if err := c.read(in); err != nil {
			return nil, err
		}
		code, err := f(ctx, c)
		stdout.flush()
		stderr.flush()
		switch {
		case err != nil:
			return nil, err
		case code < 0 || code > 255:
			return nil, fmt.Errorf("expected an exit code from 0 to 255 of the command %q, got %d", c.Name, code)
		}
		return protocol.EncodeParams(protocol.CommandResult{ExitCode: code})
	}
}

// runCommand runs the command that the request names.
func (p *Plugin) runCommand(ctx context.Context, in *received) (json.RawMessage, error) {
	raw := in.params["name"]
	if len(raw) == 0 || raw[0] != '"' || decode(raw, &in.command) != nil {
		return nil, invalidParams("expected params.name, a string, got %s", protocol.Quote(raw))
	}
	if raw := in.params["arguments"]; raw != nil { // absent is none, which makes asking by hand easier
		if err := decode(raw, &in.arguments); err != nil {
			return nil, invalidParams("params.arguments must be an array of strings, got %s", protocol.Quote(raw))
		}
	}
	names := make([]string, len(p.Commands))
	for i, c := range p.Commands {
		if c.Name == in.command {
			return c.Run(ctx, in)
		}
		names[i] = c.Name
	}
	return nil, invalidParams("expected one of the commands %s, got %s", strings.Join(names, ", "), protocol.Quote([]byte(in.command)))
}

// commandSpecs are the commands as describe has them.
func (p *Plugin) commandSpecs() []protocol.CommandSpec {
	var all []protocol.CommandSpec
	for _, c := range p.Commands {
		all = append(all, protocol.CommandSpec{Name: c.Name, Usage: c.Usage, Description: c.Description, Flags: c.Flags})
	}
	return all
}

// validateCommands finds the mistakes that the author made (rule CMD-1).
func (p *Plugin) validateCommands() error {
	seen := map[string]bool{}
	for _, c := range p.Commands {
		switch {
		case !protocol.ValidName(c.Name):
			return fmt.Errorf("sdk.Command: Name must match [a-z0-9]+(-[a-z0-9]+)*, got %q", c.Name)
		case seen[c.Name]:
			return fmt.Errorf("sdk.Plugin: two Commands have the name %q", c.Name)
		case c.Run == nil:
			return fmt.Errorf("sdk.Command: Run of %q must not be nil", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}
