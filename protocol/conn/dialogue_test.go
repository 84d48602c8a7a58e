package conn

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// A host comes to the outcomes of every dialogue but of those that hold for any
// plugin, which have ids and notifications that no host sends, and of the one
// with a cancel for a call that has its answer, which this host never sends.
func TestDialogues(t *testing.T) {
	all, err := spec.Dialogues()
	require.NoError(t, err)
	ran := 0
	for _, d := range all {
		if d.AnyPlugin || d.Name == "cancel-late" {
			continue
		}
		ran++
		t.Run(d.Name, func(t *testing.T) { newPlay(t, d).run() })
	}
	assert.Greater(t, ran, 20)
}

// play is a dialogue that is played between a connection and a plugin that
// takes the steps of its side.
type play struct {
	*testing.T
	d     spec.Dialogue
	conn  *Conn
	turns chan int      // the steps of the plugin's side, also the reading of what the host writes
	took  chan string   // what it read; empty when it wrote
	calls []*playedCall // in their order
}

type playedCall struct {
	cancel context.CancelFunc
	err    error
	done   chan struct{}
}

func newPlay(t *testing.T, d spec.Dialogue) *play {
	p := &play{T: t, d: d, turns: make(chan int), took: make(chan string)}
	p.conn = connected(t, Options{KeptRunning: true, Grace: patience}, func(in *bufio.Reader, out io.Writer) {
		for i := range p.turns {
			line := ""
			if d.Steps[i].Host {
				line, _ = in.ReadString('\n')
			} else {
				_, _ = out.Write(d.Steps[i].Text)
			}
			p.took <- line
		}
	})
	return p
}

func (p *play) run() {
	answered := map[string]bool{}
	for i, s := range p.d.Steps {
		if s.Host {
			p.await(answered)
			p.act(s)
		} else if m, ok := message(s.Text).(*protocol.Response); ok {
			answered[string(m.ID)] = true
		}
		p.turns <- i
		if line := <-p.took; s.Host {
			p.same(string(s.Text), line)
		}
	}
	close(p.turns)
	wait(p.T, p.conn.Done())
	p.judge(spec.CallOutcome{Outcome: p.d.Outcome}, p.conn.Err())
	for i, want := range p.d.Calls {
		wait(p.T, p.calls[i].done)
		p.judge(want, p.calls[i].err)
	}
}

// await waits until the calls with the ids have their answers. An answer without
// an id is for the last call (MSG-11).
func (p *play) await(ids map[string]bool) {
	for i, c := range p.calls {
		if ids[p.d.Calls[i].ID] || ids["null"] && i == len(p.calls)-1 {
			wait(p.T, c.done)
		}
	}
	delete(ids, "null")
}

// message is the message in the line, nil if it is none.
func message(line []byte) protocol.Message {
	m, _ := protocol.ParseMessage(trimmed(line))
	return m
}

// act does what brings the host to write the line.
func (p *play) act(s spec.Step) {
	switch m := message(s.Text).(type) {
	case *protocol.Request:
		p.call(m)
	case *protocol.Notification:
		var params protocol.CancelParams
		require.NoError(p, json.Unmarshal(m.Params, &params))
		for i, c := range p.d.Calls {
			if c.ID == string(params.ID) {
				p.calls[i].cancel()
			}
		}
	}
}

func (p *play) call(m *protocol.Request) {
	ctx, cancel := context.WithCancel(patient(p.T))
	p.Cleanup(cancel)
	c := &playedCall{cancel: cancel, done: make(chan struct{})}
	p.calls = append(p.calls, c)
	go func() {
		defer close(c.done)
		_, c.err = p.conn.Call(ctx, Call{Method: m.Method, Params: m.Params, Ask: p.answer})
	}()
}

// answer is what the host answers to the question in the dialogue.
func (p *play) answer(r *protocol.Request) (json.RawMessage, error) {
	for _, s := range p.d.Steps {
		if m, ok := message(s.Text).(*protocol.Response); ok && s.Host && string(m.ID) == string(r.ID) {
			if m.Error != nil {
				return nil, m.Error
			}
			return m.Result, nil
		}
	}
	return nil, &protocol.Error{Code: protocol.CodeInternalError, Message: "the dialogue has no answer"}
}

// same compares what the host wrote with the dialogue; the words of an error
// may be others.
func (p *play) same(want, got string) {
	m, ok := message([]byte(want)).(*protocol.Response)
	if !ok || m.Error == nil {
		assert.Equal(p, want, got)
		return
	}
	answer, ok := message([]byte(got)).(*protocol.Response)
	require.True(p, ok, got)
	assert.Equal(p, string(m.ID), string(answer.ID))
	require.NotNil(p, answer.Error, got)
	assert.Equal(p, m.Error.Code, answer.Error.Code)
}

// judge compares an outcome with how a call, or the reading, ended. The end of
// the stream is nothing that breaks a rule, unless a call waits.
func (p *play) judge(want spec.CallOutcome, err error) {
	var wire *protocol.Error
	var v *protocol.Violation
	switch {
	case want.Kind == spec.Error && want.Code == protocol.CodeCancelled:
		require.ErrorIs(p, err, context.Canceled, want.ID)
	case want.Kind == spec.Error:
		require.ErrorAs(p, err, &wire, want.ID)
		assert.Equal(p, want.Code, wire.Code)
	case want.Kind == spec.Violation && (want.ID != "" || want.Rule != "MSG-7"):
		require.ErrorAs(p, err, &v, want.ID)
		assert.Equal(p, want.Rule, v.Rule)
	default:
		require.NoError(p, err, want.ID)
	}
}

func trimmed(line []byte) []byte { return []byte(strings.TrimRight(string(line), "\r\n")) }
