// Command pathvector-plugin finds executables named pathvector-plugin-NAME on
// PATH, lets them change a Pathvector configuration, and hands the result to
// pathvector.
package main

import (
	"context"
	"os"
	"os/signal"
	"os/user"
	"syscall"

	"github.com/adrg/xdg"
	"golang.org/x/term"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/cli"
)

// endings are the signals that end a run. What nohup ignores stays ignored.
func endings() []os.Signal {
	var signals []os.Signal
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signals = append(signals, s)
		}
	}
	return signals
}

func main() { os.Exit(run()) }

// home sets HOME where it is missing, as under systemd: otherwise the settings
// of this user would not be found.
func home() {
	if os.Getenv("HOME") != "" {
		return
	}
	if u, err := user.Current(); err == nil && u.HomeDir != "" {
		_ = os.Setenv("HOME", u.HomeDir) // a name without = and NUL is fine
		xdg.Reload()
	}
}

func run() int {
	home()
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	// A reader of stdout or stderr that goes away must not end the host before
	// it has cleaned up: catching the signal turns it into an error of the
	// write. Ignoring it instead would be inherited by the plugins.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return cli.Run(ctx, cli.Env{
		Args:       os.Args[1:],
		Environ:    os.Environ(),
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Terminal:   term.IsTerminal(int(os.Stdout.Fd())),
		StderrSize: stderrSize(),
		Adopts:     host.AdoptOrphans(),
		Sources:    sdkSources,
	})
}

// stderrSize returns what tells the size of the terminal that stderr is, zeros
// where that does not know; nil if stderr is no terminal.
func stderrSize() func() (columns, rows int) {
	fd := int(os.Stderr.Fd())
	if !term.IsTerminal(fd) {
		return nil
	}
	return func() (columns, rows int) {
		columns, rows, _ = term.GetSize(fd)
		return columns, rows
	}
}
