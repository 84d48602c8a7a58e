package plugintest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

// Message is what a plugin says beside its result.
type Message = protocol.PluginMessage

// Input is something that the plugin is called with.
type Input func(*call)

// Config is the operator's whole configuration, a JSON object. Without it, it
// is empty.
func Config(text string) Input { return func(c *call) { c.config = text } }

// Options are the plugin's options, a JSON object. Without them, they are {}.
func Options(text string) Input { return func(c *call) { c.options = text } }

// Context is what the plugin is told of the call. Without it, the configuration
// is /etc/pathvector.yml, and the call may take 30 seconds.
func Context(where sdk.Context) Input { return func(c *call) { c.context = where } }

// Secrets grants the plugin the secrets, as an operator does by
// "grants: {secrets: true}".
func Secrets() Input { return func(c *call) { c.secrets = true } }

// Guarded grants the plugin the guarded keys, as an operator does by
// "grants: {guarded: true}".
func Guarded() Input { return func(c *call) { c.guarded = true } }

// Changes are those that a check is shown.
func Changes(changes ...sdk.Change) Input { return func(c *call) { c.changes = changes } }

// Until cancels the call when ctx ends, which must be after the plugin was
// called.
func Until(ctx context.Context) Input { return func(c *call) { c.ctx = ctx } }

// call is one call of the plugin.
type call struct {
	t                testing.TB
	plugin           *sdk.Plugin
	ctx              context.Context
	config, options  string
	context          sdk.Context
	secrets, guarded bool
	changes          []sdk.Change
	whole            any // the configuration
	view             any // what the plugin is sent of it
	stdout, stderr   strings.Builder
}

func newCall(t testing.TB, p *sdk.Plugin, inputs []Input) *call {
	t.Helper()
	c := &call{
		t: t, plugin: p, ctx: context.Background(), config: "{}", options: "{}",
		context: sdk.Context{ConfigFile: "/etc/pathvector.yml", ConfigDir: "/etc", TimeoutMs: 30000, HostVersion: "0.0.0"},
		changes: []sdk.Change{},
	}
	for _, input := range inputs {
		input(c)
	}
	if c.ctx.Err() != nil {
		t.Fatalf("plugintest.Until needs a context that ends after the call begins, and it has ended: %v", c.ctx.Err())
	}
	c.whole = c.object("Config", c.config)
	c.object("Options", c.options)
	c.view = c.viewOf(c.whole)
	return c
}

// object reads a text that the test has given.
func (c *call) object(what, text string) map[string]any {
	c.t.Helper()
	v, err := parse([]byte(text))
	object, ok := v.(map[string]any)
	if err != nil || !ok {
		c.t.Fatalf("plugintest.%s must be a JSON object, got %s", what, text)
	}
	return object
}

// ask calls the plugin, and returns its result or its error.
func (c *call) ask(method string, extra map[string]any) (json.RawMessage, *sdk.Error) {
	c.t.Helper()
	params := map[string]any{"protocol": protocol.Version, "config": c.view, "options": json.RawMessage(c.options), "context": c.context}
	maps.Copy(params, extra)
	text, err := protocol.EncodeParams(params)
	if err != nil {
		c.t.Fatalf("cannot encode the request: %v", err)
	}
	request := append(protocol.AppendRequest(nil, json.RawMessage("1"), method, text), '\n')
	var stdout, stderr bytes.Buffer
	code := c.plugin.Run(c.ctx, []string{method}, bytes.NewReader(request), &stdout, &stderr)
	if stderr.Len() > 0 {
		c.t.Logf("stderr: %s", stderr.String())
	}
	if code != 0 {
		c.t.Fatalf("expected an answer of the plugin %s to %s, got exit code %d: %s", c.plugin.Name, method, code, stderr.String())
	}
	return c.answer(stdout.Bytes())
}

// answer reads what the plugin wrote.
func (c *call) answer(written []byte) (json.RawMessage, *sdk.Error) {
	c.t.Helper()
	for line := range bytes.Lines(written) {
		message, err := protocol.ParseMessage(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			c.t.Fatalf("the answer breaks the protocol: %v", err)
		}
		switch message := message.(type) {
		case *protocol.Notification:
			c.heard(message)
		case *protocol.Response:
			return message.Result, message.Error
		}
	}
	c.t.Fatalf("expected an answer, got %q", written)
	return nil, nil
}

// heard takes up what the plugin says before its answer.
func (c *call) heard(n *protocol.Notification) {
	c.t.Helper()
	if n.Method != protocol.NoteOutput {
		c.t.Logf("%s: %s", n.Method, n.Params)
		return
	}
	var out protocol.OutputParams
	if err := json.Unmarshal(n.Params, &out); err != nil {
		c.t.Fatalf("the output breaks the protocol: %v", err)
	}
	if out.Stream == protocol.StreamStdout {
		c.stdout.WriteString(out.Text)
	} else {
		c.stderr.WriteString(out.Text)
	}
}

// parse reads JSON, with numbers as they are written.
func parse(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
