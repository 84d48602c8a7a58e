package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
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

	// Check looks at the configuration after all changes; see the function Check.
	Check Checker

	// Commands are what operators can run by name.
	Commands []Command

	// KeptRunning lets the host run one process for many calls. Its functions
	// must be ready to run several times at once. Without it, they are called
	// one after the other.
	KeptRunning bool

	// Background runs beside the calls of a plugin that is kept running, such as
	// to watch a source of its own. It calls changed when Modify would answer
	// differently now; the host asks again then. The context ends with stdin.
	// An error ends the plugin, and the host may start it again; for what may
	// work later, try again in it.
	Background func(ctx context.Context, changed func()) error

	bounds bounds // for tests; zero is the usual
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
// contexts of running handlers; what does not return within a second is
// answered for. A second one ends the process, and so does the first where a
// single call is answered by a handler that does not look at its context.
func (p *Plugin) Main() int {
	return p.report(p.run(context.Background(), onSIGTERM, os.Args[1:], os.Stdin, takeStdout(), os.Stderr), os.Stderr)
}

// onSIGTERM calls end at the first SIGTERM.
func onSIGTERM(end func()) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop()
		end()
	})
}

// Run is Main with everything that it takes from the process as an argument,
// for tests; args does not contain the program's name: a method, to answer one
// request, or "serve" or nothing, to answer all until stdin ends. Handlers that
// work then get half a minute. It returns the exit code: 0 after an answer, be
// it an error, 1 when there was none or the plugin could not go on, 2 for
// arguments it does not know.
func (p *Plugin) Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return p.report(p.run(ctx, nil, args, stdin, stdout, stderr), stderr)
}

// report says why the plugin failed, and returns the exit code.
func (p *Plugin) report(err error, stderr io.Writer) int {
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

// run is Run; hear, which may be nil, lets a function be called when the
// process is to end.
func (p *Plugin) run(ctx context.Context, hear func(end func()), args []string, stdin io.Reader, stdout, stderr io.Writer) error {
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
	s := p.server(ctx, method, stdin, stdout, stderr)
	if hear != nil {
		s.alone = method != ""
		s.hear = sync.OnceFunc(func() { hear(func() { p.terminate(s) }) })
	}
	return s.run()
}

// terminate ends the handlers. The handler of a process that answers a single
// call has its main goroutine, which cannot end the process then if the handler
// does not return.
func (p *Plugin) terminate(s *server) {
	s.end()
	if s.alone {
		os.Exit(p.report(s.finish(), s.stderr))
	}
}

// validate finds the mistakes that the author of the plugin made.
func (p *Plugin) validate() error {
	if !protocol.ValidName(p.Name) {
		return fmt.Errorf("sdk.Plugin: Name must match [a-z0-9]+(-[a-z0-9]+)*, got %q", p.Name)
	}
	if p.Version == "" {
		return errors.New("sdk.Plugin: Version must not be empty")
	}
	if err := p.validateCommands(); err != nil {
		return err
	}
	if p.Background != nil && !p.KeptRunning {
		return errors.New("sdk.Plugin: Background needs KeptRunning")
	}
	if p.Options == "" {
		return nil
	}
	if err := protocol.Validate([]byte(p.Options)); err != nil || !isObject([]byte(p.Options)) {
		return fmt.Errorf("sdk.Plugin: Options must be a JSON Schema, an object, got %s", protocol.Quote([]byte(p.Options)))
	}
	return nil
}
