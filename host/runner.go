package host

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/protocol/conn"
)

// DefaultTimeout is how long a call may take unless something else is set.
const DefaultTimeout = 30 * time.Second

// Runner starts plugins, and makes one-shot calls: a process for each. The zero
// Runner is ready to use, and a Runner may be used by several goroutines at
// once.
type Runner struct {
	// Limit is how many bytes an answer may have; 0 is protocol.DefaultLimit.
	Limit int
	// Timeout is for calls of a Program that sets none; 0 is DefaultTimeout.
	Timeout time.Duration
	// Environ is the environment of which plugins get the allowed part
	// (ENV-2), in the form of os.Environ; nil is os.Environ itself.
	Environ []string
	// Stderr is called for each line that a plugin writes to stderr, as long
	// as the call runs, without the line's end, with control characters as
	// escapes, and cut after 4 KiB. It must not block, and several calls at
	// once call it at once. Nil shows nothing.
	Stderr func(plugin, line string)
	// Trace is called for what happens at the pipes of each process, one after
	// the other in the order of time; several processes at once call it at once.
	// It must not block. Nil traces nothing.
	Trace func(TraceEntry)

	graces   graces   // set by tests only
	restarts restarts // likewise
}

// Program is a plugin to run.
type Program struct {
	Name    string        // the plugin's, for errors and Runner.Stderr
	Path    string        // absolute
	Env     []string      // names of the variables granted besides the usual ones
	Timeout time.Duration // for each call; 0 is the Runner's
	Secrets []string      // texts that are masked in the trace

	stderr func(line string) // instead of Runner.Stderr; nil is that
}

// Answer is what a plugin answered with success.
type Answer struct {
	Result json.RawMessage
	// Warnings say what was wrong with the call although it succeeded. They
	// continue a sentence that starts with the plugin.
	Warnings []string

	alone bool // of a one-shot call: no warning, notification or stderr came
}

// Request is one call of a plugin.
type Request struct {
	Method string
	Params json.RawMessage // an object in one line; its bytes must not be changed any more
	// Notify is called for each notification of the call as it comes, one after
	// the other and before the call returns, for 1 MiB of them at most; output
	// does not count. Nothing is read from the plugin meanwhile. Nil ignores
	// them.
	Notify func(*protocol.Notification)
	// Ask answers what a kept-running plugin asks during the call, with a result
	// in one line or an error. It must not block. Nil is for a call without a view.
	Ask func(*protocol.Request) (json.RawMessage, error)
	// Timeout is for this call; 0 is the Program's.
	Timeout time.Duration
	// Hide are texts to mask in the trace, besides the Program's.
	Hide []string
	// Stderr is called instead of Runner.Stderr for the lines of this call, and
	// for those that a plugin that is kept running writes until its next call.
	// Nil is Runner.Stderr.
	Stderr func(line string)
}

// Call starts the plugin with the method as its only argument, sends it one
// request, and returns its answer (INV-1). Nothing of the plugin runs any more
// when it returns. Every error is a *PluginError.
//
// When the call's time is over, or ctx, the plugin is ended as ENV-5 says,
// which takes up to three seconds more.
func (r *Runner) Call(ctx context.Context, p Program, q Request) (*Answer, error) {
	timeout := cmp.Or(q.Timeout, p.Timeout, r.timeout())
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, &deadlineError{after: timeout})
	defer cancel()
	n := notes{notify: q.Notify}
	note := func(note *protocol.Notification) {
		if request := protocol.RequestOf(note.Params); request == nil || string(request) == "1" { // NTF-8
			n.add(note)
		}
	}
	p.stderr, p.Secrets = q.Stderr, slices.Concat(p.Secrets, q.Hide)
	var request []byte
	if r.Trace != nil {
		request = protocol.AppendRequest(nil, json.RawMessage("1"), q.Method, q.Params)
	}
	c, err := r.begin(ctx, p, q.Method, request, conn.Options{OnNotification: note})
	if err != nil {
		return nil, p.failed(q.Method, err, nil)
	}
	result, err := c.conn.Call(ctx, conn.Call{Method: q.Method, Params: q.Params})
	end := c.end()
	if err = verdict(ctx, p.Path, err, end); err != nil {
		return nil, p.failed(q.Method, err, c.log.last())
	}
	warnings := append(end.warnings("answered, and then", "its answer"), c.log.warnings()...)
	warnings = append(warnings, n.warnings()...)
	alone := len(warnings) == 0 && n.size == 0 && len(c.log.tail) == 0
	return &Answer{Result: result, Warnings: warnings, alone: alone}, nil
}

func (p Program) failed(method string, err error, stderr []string) *PluginError {
	return &PluginError{Plugin: p.Name, Path: p.Path, Method: method, Err: err, Stderr: stderr}
}

func (r *Runner) timeout() time.Duration { return cmp.Or(r.Timeout, DefaultTimeout) }

func (r *Runner) environ() []string {
	if r.Environ != nil {
		return r.Environ
	}
	return os.Environ()
}

// verdict decides what a call came to, from the error of the exchange and
// from how the plugin ended.
func verdict(ctx context.Context, path string, err error, end ending) error {
	var answered *protocol.Error
	var broke *protocol.Violation
	switch {
	case err == nil || errors.As(err, &answered):
		if end.violation != nil {
			return end.violation // after the answer: MSG-4, MSG-13
		}
		return err
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return ended(ctx)
	case !errors.As(err, &broke) || broke.Kind != protocol.NoAnswer && broke.Kind != protocol.Unterminated:
		return err
	case end.failed():
		return newExitError(path, end.state, err)
	}
	return err
}
