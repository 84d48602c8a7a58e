package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/natesales/pathvector-plugin/protocol"
)

// PluginError is every error of a call: it says which plugin and which call.
// What it wraps (errors.As, errors.Is) is a *protocol.Error when the plugin
// answered with one, a *protocol.Violation when it broke the protocol, an
// *ExitError, a *StartError, context.DeadlineExceeded or context.Canceled.
type PluginError struct {
	Plugin string // its name
	Path   string // its executable
	Method string
	Err    error
	// Stderr is the end of what the plugin wrote to stderr, at most ten lines.
	Stderr []string
}

// Error names the plugin and the method. Unless the plugin itself answered
// with the error, it quotes the end of its stderr.
func (e *PluginError) Error() string {
	text := fmt.Sprintf("plugin %s: %s: ", e.Plugin, e.Method)
	var answered *protocol.Error
	if errors.As(e.Err, &answered) {
		return text + (&protocol.Error{Code: answered.Code, Message: cut(answered.Message)}).Error()
	}
	text += e.Err.Error()
	if len(e.Stderr) == 0 {
		return text
	}
	return text + "; its stderr ends in " + quoteEnd(strings.Join(e.Stderr, `\n`))
}

// Unwrap returns the error without the plugin's name.
func (e *PluginError) Unwrap() error { return e.Err }

// Hint says what to do: what the wrapped error advises, or how to watch the
// call alone.
func (e *PluginError) Hint() string {
	var h interface{ Hint() string }
	if errors.As(e.Err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	var answered *protocol.Error
	switch {
	case errors.As(e.Err, &answered):
		return "the plugin itself says so: look at its options, which 'pathvector-plugin info " + e.Plugin + "' shows, and at what it needs"
	case e.Method == protocol.MethodCommand:
		return "see what went over the pipes: pathvector-plugin --trace FILE run " + e.Plugin + " and what follows"
	case e.Method != protocol.MethodDescribe:
		return "see what goes over the pipes: pathvector-plugin --trace FILE call " + e.Plugin + " " + e.Method + ", with the options of this run"
	}
	return "try it by hand: echo '" + handTest + "' | " + e.Path + " " + protocol.MethodDescribe
}

const handTest = `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`

// quoteEnd quotes the last 200 bytes of s, in which control characters are
// escapes already.
func quoteEnd(s string) string {
	const limit = 200
	if len(s) <= limit {
		return `"` + s + `"`
	}
	return `"…` + strings.ToValidUTF8(s[len(s)-limit:], "") + `"`
}

// ExitError says that a plugin's process failed before it gave a whole answer
// (INV-10).
type ExitError struct {
	Code   int            // its exit status; -1 if a signal ended it
	Signal syscall.Signal // 0 if it exited
	Err    error          // how its output ended, a *protocol.Violation
	advice string
}

func (e *ExitError) Error() string {
	if e.Signal != 0 {
		return fmt.Sprintf("it was killed by signal %d (%s) before it answered", int(e.Signal), unix.SignalName(e.Signal))
	}
	return fmt.Sprintf("it exited with status %d before it answered", e.Code)
}

// Unwrap returns how the plugin's output ended.
func (e *ExitError) Unwrap() error { return e.Err }

// Hint says what the status usually means.
func (e *ExitError) Hint() string { return e.advice }

// deadlineError is the cause of a call's context when its time is over
// (INV-12).
type deadlineError struct {
	after time.Duration
	kept  bool // by a plugin that is kept running, whose answer may wait in its buffer
}

func (e *deadlineError) Error() string { return fmt.Sprintf("no answer within %s", e.after) }
func (e *deadlineError) Unwrap() error { return context.DeadlineExceeded }
func (e *deadlineError) Hint() string {
	flush := ""
	if e.kept {
		flush = "check that it flushes its output after each answer, as print(…, flush=True) does in Python; else "
	}
	return flush + "see on its stderr what it waits for (it cannot ask: a plugin does not read from the terminal), or give it more time: --timeout, or timeout in the settings"
}

// interruptedError is a call that the caller ended.
type interruptedError struct{ cause error }

func (e *interruptedError) Error() string { return "interrupted before it answered" }
func (e *interruptedError) Unwrap() error { return e.cause }
func (e *interruptedError) Hint() string  { return "the plugin was stopped; run the command again" }

// ended says why ctx, made for one call, is done.
func ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	var ours *deadlineError
	switch {
	case errors.As(cause, &ours):
		return ours
	case errors.Is(cause, ctx.Err()):
		return &interruptedError{cause}
	}
	return &interruptedError{fmt.Errorf("%w: %w", ctx.Err(), cause)}
}
