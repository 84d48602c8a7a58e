package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

func (p *Plugin) describe() *protocol.Describe {
	d := &protocol.Describe{
		Name:        p.Name,
		Version:     p.Version,
		Protocols:   []int{protocol.Version},
		Description: p.Description,
		Methods:     p.methods(),
		Commands:    p.commandSpecs(),
		Reads:       p.Reads,
		Writes:      p.Writes,
		Options:     json.RawMessage(p.Options),
		Needs:       p.Needs,
	}
	if p.KeptRunning {
		d.Mode = protocol.ModeKeptRunning
	}
	return d
}

// handler answers the requests of one method.
type handler func(ctx context.Context, in *received) (json.RawMessage, error)

// handler is the one for the method; nil if the plugin has none.
func (p *Plugin) handler(method string) handler {
	switch {
	case method == protocol.MethodModify:
		return handler(p.Modify)
	case method == protocol.MethodCheck:
		return handler(p.Check)
	case method == protocol.MethodCommand && len(p.Commands) > 0:
		return p.runCommand
	}
	return nil
}

func (p *Plugin) methods() []string {
	all := []string{protocol.MethodDescribe}
	for _, method := range []string{protocol.MethodCheck, protocol.MethodCommand, protocol.MethodModify} {
		if p.handler(method) != nil {
			all = append(all, method)
		}
	}
	return all
}

// usageError is for arguments that the plugin does not know.
type usageError struct{ problem string }

func (e *usageError) Error() string {
	return e.problem + "; --help tells what there is"
}

// parseArgs takes the arguments apart: the method to answer, or the text to
// print, or neither, which means every request on stdin.
func (p *Plugin) parseArgs(args []string) (method, text string, err error) {
	switch {
	case len(args) == 0:
		return "", "", nil
	case len(args) > 1:
		return "", "", &usageError{fmt.Sprintf("expected one argument at most, got %q", args)}
	}
	switch arg := args[0]; {
	case arg == "-h" || arg == "--help":
		return "", p.help(), nil
	case arg == "--version":
		return "", p.title() + "\n", nil
	case arg == protocol.ArgServe:
		return "", "", nil
	case arg == "" || strings.HasPrefix(arg, "-"):
		return "", "", &usageError{fmt.Sprintf("expected a method or an option, got %q", arg)}
	default:
		return arg, "", nil
	}
}

func (p *Plugin) title() string {
	return strings.TrimSpace("pathvector-plugin-" + p.Name + " " + p.Version)
}

func (p *Plugin) help() string {
	var b strings.Builder
	fmt.Fprintln(&b, p.title())
	if p.Description != "" {
		fmt.Fprintln(&b, p.Description)
	}
	fmt.Fprintf(&b, `
This is a plugin: pathvector-plugin runs it and speaks JSON-RPC 2.0 with it.

  METHOD      answer the request on stdin; METHOD is %s
  serve       answer every request on stdin until it ends
  --help      print this
  --version   print name and version

Without an argument it does what serve does. Ask it by hand:

  echo '{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}' | pathvector-plugin-%s describe
`, strings.Join(p.methods(), " or "), p.Name)
	return b.String()
}
