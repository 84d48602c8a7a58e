package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// unsayable are the dialogues of plugins that do what the SDK lets none do.
var unsayable = map[string]string{
	"config-get-no-call":     "it asks after its answer",
	"config-get-of-describe": "it asks about describe",
	"log-of-no-call":         "it logs outside of calls",
	"no-id":                  "it does not read the id",
	"unknown-question":       "it asks what no host knows",
}

// A plugin made with the SDK comes to the outcomes of every dialogue that
// holds for any plugin (INV-14, INV-16, INV-19).
func TestDialoguesOfAnyPlugin(t *testing.T) {
	ran := 0
	for _, d := range dialogues(t) {
		if !d.AnyPlugin {
			continue
		}
		ran++
		for _, args := range [][]string{{"serve"}, nil} {
			for _, kept := range []bool{true, false} {
				t.Run(fmt.Sprint(d.Name, args, kept), func(t *testing.T) {
					demo := &sdk.Plugin{Name: spec.TranscriptPlugin, Version: "1.0.0", KeptRunning: kept, Modify: replay(nil, nil)}
					converse(t, served(t, demo, args...), d)
				})
			}
		}
	}
	assert.Greater(t, ran, 8)
}

// converse plays the host's part, and judges the answers.
func converse(t *testing.T, h *peer, d spec.Dialogue) {
	answers := map[string][]*protocol.Response{}
	wanted := map[string]bool{}
	collect := func() {
		for len(answers) < len(wanted) {
			answer := h.answer(t)
			answers[string(answer.ID)] = append(answers[string(answer.ID)], answer)
		}
	}
	for _, s := range d.Steps {
		if s.Host {
			collect()
			h.write(t, string(s.Text))
			continue
		}
		message, err := protocol.ParseMessage([]byte(strings.TrimSuffix(string(s.Text), "\n")))
		require.NoError(t, err)
		wanted[string(message.(*protocol.Response).ID)] = true
	}
	assert.Equal(t, d.Exit, h.end(t))
	collect()
	assert.Empty(t, h.rest(t))
	require.Len(t, answers, len(d.Calls))
	for _, call := range d.Calls {
		require.Len(t, answers[call.ID], 1, call.ID)
		if call.Kind == spec.Error {
			require.NotNil(t, answers[call.ID][0].Error, call.ID)
			assert.Equal(t, call.Code, answers[call.ID][0].Error.Code)
		} else {
			assert.Nil(t, answers[call.ID][0].Error, call.ID)
		}
	}
}

// The lines that a plugin's functions bring about are those of the dialogues,
// byte for byte.
func TestDialoguesOfFunctions(t *testing.T) {
	ran := 0
	for _, d := range dialogues(t) {
		if _, no := unsayable[d.Name]; no || d.AnyPlugin || d.Outcome.Kind == spec.Violation {
			continue
		}
		ran++
		t.Run(d.Name, func(t *testing.T) {
			a := actor{d: d, turns: make([]chan struct{}, len(d.Steps))}
			for i := range a.turns {
				a.turns[i] = make(chan struct{})
			}
			a.play(t, served(t, a.plugin(t), "serve"))
		})
	}
	assert.Equal(t, 9, ran)
}

// actor is a plugin that does, by the means of the SDK, what the one in a
// dialogue does. Turns are closed when it is a step's turn.
type actor struct {
	d     spec.Dialogue
	turns []chan struct{}
}

type actorOptions struct {
	Call string `json:"call"` // the id of the call
}

type actorCall = sdk.Call[actorOptions, map[string]any]

func (a *actor) play(t *testing.T, h *peer) {
	last := lastOfHost(a.d)
	code := make(chan int, 1)
	for i, s := range a.d.Steps {
		line := string(s.Text)
		if s.Host {
			if m, ok := parse(t, s).(*protocol.Request); ok {
				line = strings.Replace(line, `"options":{}`, fmt.Sprintf(`"options":{"call":%q}`, m.ID), 1)
			}
			h.write(t, line)
			if i == last {
				go func() { code <- h.end(t) }()
			}
			continue
		}
		close(a.turns[i])
		want := strings.Replace(line, `"changed","params":{}}`, `"changed"}`, 1) // the same
		assert.Equal(t, want, h.read(t)+"\n")
	}
	assert.Equal(t, a.d.Exit, <-code)
	assert.Empty(t, h.rest(t))
}

// lastOfHost is the host's last step; stdin is closed after it.
func lastOfHost(d spec.Dialogue) int {
	last := len(d.Steps) - 1
	for ; !d.Steps[last].Host; last-- {
	}
	return last
}

func (a *actor) plugin(t *testing.T) *sdk.Plugin {
	return &sdk.Plugin{
		Name: spec.TranscriptPlugin, Version: "1.0.0", KeptRunning: true,
		Modify: sdk.Modify(func(ctx context.Context, c *actorCall) (sdk.Result, error) {
			return a.act(t, ctx, c)
		}),
		Background: func(ctx context.Context, changed func()) error {
			for i, s := range a.d.Steps {
				if n, ok := parse(t, s).(*protocol.Notification); ok && n.Method == "changed" {
					select {
					case <-a.turns[i]:
						changed()
					case <-ctx.Done():
					}
				}
			}
			return nil
		},
	}
}

// act takes the steps of one call, each when it is its turn.
func (a *actor) act(t *testing.T, ctx context.Context, c *actorCall) (sdk.Result, error) {
	var got error
	for i, s := range a.d.Steps {
		if s.Host {
			continue
		}
		switch m := parse(t, s).(type) {
		case *protocol.Response:
			if string(m.ID) != c.Options.Call {
				continue
			}
			if m.Error != nil && m.Error.Code == protocol.CodeCancelled {
				<-ctx.Done()
				return sdk.Result{}, ctx.Err()
			}
			<-a.turns[i]
			if got != nil || m.Error == nil {
				return sdk.Merge(mergeOf(t, m)), got
			}
			return sdk.Result{}, m.Error
		case *protocol.Notification:
			if p := paramsOf(t, m.Params); string(p.Request) == c.Options.Call {
				<-a.turns[i]
				say(c, m.Method, p)
			}
		case *protocol.Request:
			if p := paramsOf(t, m.Params); string(p.Request) == c.Options.Call {
				<-a.turns[i]
				_, got = c.Get(ctx, p.Pointer, nil)
			}
		}
	}
	return sdk.Result{}, nil
}

// stepParams are what the plugin's messages carry.
type stepParams struct {
	Request        json.RawMessage
	Level, Message string
	Fields         map[string]any
	Done, Total    float64
	Pointer        string
}

func paramsOf(t *testing.T, raw json.RawMessage) (p stepParams) {
	if raw != nil {
		require.NoError(t, json.Unmarshal(raw, &p))
	}
	return p
}

func say(c *actorCall, method string, p stepParams) {
	if method == "progress" {
		c.Progress(p.Done, p.Total, p.Message)
		return
	}
	level := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo}[p.Level]
	var fields []any
	for key, value := range p.Fields {
		fields = append(fields, key, value)
	}
	c.Log().Log(context.Background(), level, p.Message, fields...)
}

func mergeOf(t *testing.T, m *protocol.Response) any {
	if m.Error != nil {
		return nil
	}
	r, err := protocol.DecodeModifyResult(m.Result)
	require.NoError(t, err)
	return r.Merge
}

func parse(t *testing.T, s spec.Step) protocol.Message {
	message, err := protocol.ParseMessage([]byte(strings.TrimRight(string(s.Text), "\r\n")))
	require.NoError(t, err)
	return message
}

func dialogues(t testing.TB) []spec.Dialogue {
	t.Helper()
	all, err := spec.Dialogues()
	require.NoError(t, err)
	for name := range unsayable {
		require.True(t, slices.ContainsFunc(all, func(d spec.Dialogue) bool { return d.Name == name }), name)
	}
	return all
}
