package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Plugin says what a plugin is and does. Name and Version are required. A
// Plugin must not be changed once it runs.
type Plugin struct {
	Name        string // the NAME of the executable pathvector-plugin-NAME
	Version     string // free text, "1.0.0"; shown to people
	Description string // one line; shown to people

	// Reads and Writes are patterns of the configuration's values that the
	// plugin is sent, and may change. Nil asks for the host's defaults, an empty
	// slice for nothing. Ask for little: it is what operators agree to.
	Reads, Writes []string

	// Options is the JSON Schema (2020-12) of the options. The host checks the
	// options by it and fills in its defaults before the plugin gets them.
	Options string

	// Needs says what the plugin uses beside its input.
	Needs *Needs

	// Modify changes the configuration; see the function Modify.
	Modify Modifier
}

// Needs is what a plugin uses from outside: environment variables, files and
// hosts. It is a statement for people and grants nothing (rule DSC-5).
type Needs = protocol.Needs

// Exit codes of Run and Main. An error that the plugin answered with is an
// answer, so the code is 0 then.
const (
	exitOK     = 0
	exitFailed = 1 // no answer: the reason is on stderr
	exitUsage  = 2
)

// Main runs the plugin with the arguments, stdin and stdout of the process and
// returns its exit code. Everything else that is printed to stdout, such as by
// fmt.Println, goes to stderr from then on, where people read it; stdout
// belongs to the protocol. SIGTERM, with which the host cancels, ends the
// context of a running handler; a second one ends the process.
func (p *Plugin) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return p.Run(ctx, os.Args[1:], os.Stdin, takeStdout(), os.Stderr)
}

// Run is Main with everything that it takes from the process as an argument,
// for tests; args does not contain the program's name. It returns the exit
// code: 0 after an answer, be it an error, 1 when there was none, 2 for
// arguments it does not know.
func (p *Plugin) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := p.run(ctx, args, stdin, stdout, stderr)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(stderr, err)
	var usage *usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

func (p *Plugin) run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := p.validate(); err != nil {
		return err
	}
	method, text, err := p.parseArgs(args)
	if err != nil {
		return err
	}
	if text != "" {
		_, err := io.WriteString(stdout, text)
		return err
	}
	s := &stream{
		in:  protocol.NewReader(stdin, protocol.DefaultLimit),
		out: stdout,
	}
	r := &responder{plugin: p, method: method, stderr: stderr}
	if method == "" {
		return s.answerAll(ctx, r)
	}
	return s.answerOne(ctx, r)
}

// validate finds the mistakes that the author of the plugin made.
func (p *Plugin) validate() error {
	if !protocol.ValidName(p.Name) {
		return fmt.Errorf("sdk.Plugin: Name must match [a-z0-9]+(-[a-z0-9]+)*, got %q", p.Name)
	}
	if p.Version == "" {
		return errors.New("sdk.Plugin: Version must not be empty")
	}
	if p.Options == "" {
		return nil
	}
	if err := protocol.Validate([]byte(p.Options)); err != nil || !isObject([]byte(p.Options)) {
		return fmt.Errorf("sdk.Plugin: Options must be a JSON Schema, an object, got %s", protocol.Quote([]byte(p.Options)))
	}
	return nil
}
