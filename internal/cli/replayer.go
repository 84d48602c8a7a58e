package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/recording"
	"github.com/natesales/pathvector-plugin/protocol"
)

// replayer makes the calls of a recorded exchange again, and records what comes.
type replayer struct {
	host     *host.Host // for this exchange alone
	step     host.Step
	recorded *recording.Exchange
	calls    []*recording.Call
	sends    paths

	mu      sync.Mutex
	happens *sync.Cond
	now     recording.Exchange
	pid     int   // of the process that is recorded, the first
	ended   bool  // it
	sent    int   // requests, as far as they are traced
	said    []int // for each call, how much the plugin said
	over    []bool
	errs    []error // for each call
}

// newReplayer returns one for a host whose trace is not in use otherwise.
func newReplayer(h *host.Host, step host.Step, recorded *recording.Exchange, sends paths) *replayer {
	calls, _ := recorded.Script()
	r := &replayer{
		host: h, step: step, recorded: recorded, calls: calls, sends: sends,
		now:  recording.Exchange{Process: recorded.Process, Plugin: recorded.Plugin, Method: recorded.Method},
		said: make([]int, len(calls)), over: make([]bool, len(calls)), errs: make([]error, len(calls)),
	}
	r.happens = sync.NewCond(&r.mu)
	also := h.Runner.Trace
	h.Runner.Trace = func(e host.TraceEntry) {
		if also != nil {
			also(e)
		}
		r.entry(e)
	}
	return r
}

// entry records what happens, in the words of the recording.
func (r *replayer) entry(e host.TraceEntry) {
	line := tracedOf(e)
	line.Process = r.recorded.Process
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.happens.Broadcast()
	if r.pid == 0 {
		r.pid = e.Pid
	}
	if e.Pid != r.pid {
		return // one that was started after the first had ended
	}
	r.ended = r.ended || e.Event == host.TraceEnd
	switch e.Event {
	case host.TraceHost:
		line.Message = r.asRecorded(line.Message)
	case host.TracePlugin:
		line.Message = r.sends.undone(line.Message, r.calls)
	}
	r.now.Lines = append(r.now.Lines, line)
}

// asRecorded returns a message of the host's; a request with the params that
// are recorded.
func (r *replayer) asRecorded(line json.RawMessage) json.RawMessage {
	m, err := protocol.ParseMessage(line)
	request, ok := m.(*protocol.Request)
	if err != nil || !ok || r.sent == len(r.calls) {
		return line
	}
	r.sent++
	return protocol.AppendRequest(nil, request.ID, request.Method, r.calls[r.sent-1].Request.Params)
}

// play makes the calls, each when those have their answer that had it then. The
// error is for a plugin that cannot be started, or for ctx.
func (r *replayer) play(ctx context.Context) error {
	_, steps := r.recorded.Script()
	stops := make([]context.CancelFunc, len(r.calls))
	var running sync.WaitGroup
	for _, step := range steps {
		r.wait(func() bool { return r.ready(step) })
		if step.Cancel {
			stops[step.Call]()
			continue
		}
		if ctx.Err() != nil || r.hasEnded() {
			break
		}
		own, stop := context.WithCancel(ctx)
		defer stop()
		stops[step.Call] = stop
		running.Go(func() { r.call(own, step.Call) })
		r.wait(func() bool { return r.sent > step.Call || r.over[step.Call] })
	}
	running.Wait()
	_, _ = r.host.Close() // what is wrong with how it ends is in the record
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, err := range r.errs {
		if as[*host.StartError](err) {
			return err
		}
	}
	return nil
}

// ready reports whether it is time for the step, or will never be.
func (r *replayer) ready(step recording.Step) bool {
	for _, call := range step.After {
		if !r.over[call] {
			return false
		}
	}
	return !step.Cancel || r.over[step.Call] || r.said[step.Call] >= step.Said
}

func (r *replayer) wait(until func() bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !until() {
		r.happens.Wait()
	}
}

func (r *replayer) hasEnded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended
}

// call makes one call. Every call ends by its deadline at the latest.
func (r *replayer) call(ctx context.Context, i int) {
	c := r.calls[i]
	found := map[int]bool{}
	_, err := r.host.Call(ctx, r.step, host.Request{
		Method: c.Request.Method,
		Params: r.sends.done(c.Request.Params),
		Notify: func(n *protocol.Notification) {
			if n.Method != protocol.NoteProgress && n.Method != protocol.NoteOutput {
				r.hasSaid(i)
			}
		},
		Ask: func(q *protocol.Request) (json.RawMessage, error) {
			defer r.hasSaid(i)
			return recordedAnswer(c, q, found)
		},
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs[i], r.over[i] = err, true
	r.happens.Broadcast()
}

func (r *replayer) hasSaid(call int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said[call]++
	r.happens.Broadcast()
}

// recordedAnswer answers a question as it was answered then.
func recordedAnswer(c *recording.Call, q *protocol.Request, found map[int]bool) (json.RawMessage, error) {
	then, ok := c.Find(q, found)
	switch {
	case !ok || then.Answer == nil:
		return nil, &protocol.Error{Code: protocol.CodeInternalError, Message: "the recording has no answer to this question"}
	case then.Answer.Error != nil:
		return nil, then.Answer.Error
	}
	return then.Answer.Result, nil
}

// failures says why calls have no answer.
func (r *replayer) failures() []string {
	var all []string
	for _, err := range r.errs {
		var answered *protocol.Error
		if err != nil && !errors.As(err, &answered) {
			all = append(all, err.Error())
		}
	}
	return all
}

// paths are what is sent in place of paths that mean nothing here, by their key
// in context: the state directory of the plugin, and where the configuration
// lies.
type paths map[string]string

// done returns the params as they are sent.
func (p paths) done(params json.RawMessage) json.RawMessage {
	v, err := tree.Parse(params)
	if err != nil || len(p) == 0 {
		return params
	}
	for key, here := range p {
		at := tree.Path{"context", key}
		if then, ok := tree.Lookup(v, at); ok && then != "" {
			v = tree.With(v, at, here)
		}
	}
	return tree.Append(nil, v)
}

// undone returns what the plugin wrote with the paths that are recorded.
func (p paths) undone(line []byte, c []*recording.Call) []byte {
	for _, key := range []string{"stateDir", "configFile"} {
		here, ok := p[key]
		for _, call := range c {
			v, err := tree.Parse(call.Request.Params)
			then, found := tree.Lookup(v, tree.Path{"context", key})
			if ok && err == nil && found && then != "" {
				line = bytes.ReplaceAll(line, inJSON(here), inJSON(then))
				break
			}
		}
	}
	return line
}

// inJSON is a string as it stands in JSON, without the quotes.
func inJSON(v tree.Value) []byte { return bytes.Trim(tree.Append(nil, v), `"`) }
