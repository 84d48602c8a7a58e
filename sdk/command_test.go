package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

type commandCall = sdk.CommandCall[keptOptions, map[string]any]

// commander is a plugin with the command "do", which is f.
func commander(f func(ctx context.Context, c *commandCall) (int, error)) *sdk.Plugin {
	return &sdk.Plugin{
		Name: "commander", Version: "1.0.0",
		Commands: []sdk.Command{
			{Name: "status", Run: sdk.Run(func(context.Context, *commandCall) (int, error) { return 3, nil })},
			{
				Name: "do", Usage: "PEER...", Description: "Does it",
				Flags: []sdk.Flag{{Name: "json", Type: protocol.FlagBoolean}}, Run: sdk.Run(f),
			},
		},
	}
}

func commanding(params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"command","params":{"protocol":1,` + params + `,"options":{},"config":{"asn":65000}}}` + "\n"
}

// CMD-1: commands are described, and command is among the methods.
func TestDescribeCommands(t *testing.T) {
	out, _, _ := ask(t, commander(nil), describe, "describe")
	assert.Equal(t, result(`{"name":"commander","version":"1.0.0","protocols":[1],"methods":["describe","command"],`+
		`"commands":[{"name":"status"},{"name":"do","usage":"PEER...","description":"Does it","flags":[{"name":"json","type":"boolean"}]}]}`)+"\n", out)
	require.NoError(t, spec.Validate("describe-answer", []byte(out)))
}

func TestCommandMistakes(t *testing.T) {
	run := sdk.Run(func(context.Context, *commandCall) (int, error) { return 0, nil })
	for want, commands := range map[string][]sdk.Command{
		`sdk.Command: Name must match [a-z0-9]+(-[a-z0-9]+)*, got "Do"`: {{Name: "Do", Run: run}},
		`sdk.Plugin: two Commands have the name "do"`:                   {{Name: "do", Run: run}, {Name: "do", Run: run}},
		`sdk.Command: Run of "do" must not be nil`:                      {{Name: "do"}},
	} {
		out, stderr, code := ask(t, &sdk.Plugin{Name: "a", Version: "1", Commands: commands}, describe)
		assert.Empty(t, out)
		assert.Equal(t, want+"\n", stderr)
		assert.Equal(t, 1, code)
	}
}

// CMD-5, CMD-7: what a command prints comes before its exit code, and its
// errors are answers.
func TestCommand(t *testing.T) {
	p := commander(func(ctx context.Context, c *commandCall) (int, error) {
		flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
		flags.SetOutput(c.Stderr)
		asJSON := flags.Bool("json", false, "")
		if err := flags.Parse(c.Arguments); err != nil {
			return 2, nil
		}
		if flags.NArg() == 0 {
			return -1, errors.New("no peer")
		}
		found, err := c.Get(ctx, "/asn", nil)
		fmt.Fprintln(c.Stdout, *asJSON, flags.Args(), c.View["asn"], found)
		return len(flags.Args()), err
	})
	out := func(stream, text string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","method":"output","params":{"request":1,"stream":%q,"text":%q}}`, stream, text) + "\n"
	}
	for _, test := range []struct{ params, want string }{
		{`"name":"status","arguments":[]`, result(`{"exitCode":3}`)},
		{`"name":"do","arguments":["--json","A","B c"]`, out("stdout", "true [A B c] 65000 true\n") + result(`{"exitCode":2}`)},
		{`"name":"do","arguments":["--xml"]`, out("stderr", "flag provided but not defined: -xml\n") + out("stderr", "Usage of do:\n") + out("stderr", "  -json\n    \t\n") + result(`{"exitCode":2}`)},
		{`"name":"do"`, failed(-32603, "no peer")},
		{`"name":"undo"`, failed(-32602, `expected one of the commands status, do, got \"undo\"`)},
		{`"name":7`, failed(-32602, `expected params.name, a string, got \"7\"`)},
		{`"arguments":[]`, failed(-32602, `expected params.name, a string, got \"\"`)},
		{`"name":"do","arguments":"A"`, failed(-32602, `params.arguments must be an array of strings, got \"\\\"A\\\"\"`)},
	} {
		got, _, code := ask(t, p, commanding(test.params), "command")
		assert.Equal(t, test.want+"\n", got, test.params)
		assert.Zero(t, code)
	}
}

func TestCommandExitCode(t *testing.T) {
	for _, code := range []int{-1, 256} {
		p := commander(func(context.Context, *commandCall) (int, error) { return code, nil })
		got, _, _ := ask(t, p, commanding(`"name":"do"`), "command")
		assert.Equal(t, failed(-32603, fmt.Sprintf(`expected an exit code from 0 to 255 of the command \"do\", got %d`, code))+"\n", got)
	}
}

// CMD-8: nothing of the text is lost, wherever it is cut.
func TestCommandOutput(t *testing.T) {
	long := strings.Repeat("äöü€𝄞", 20_000)
	for name, test := range map[string]struct {
		pieces []string
		want   string
	}{
		"lines":           {[]string{"a\n", "b"}, "a\nb"},
		"nothing":         {[]string{""}, ""},
		"a cut character": {[]string{"a\xf0\x9d", "\x84", "\x9eb\xc3", "\xa4"}, "a𝄞bä"},
		"byte by byte":    {[]string{"\xf0", "\x9d", "\x84", "\x9e", "\xc3", "\xa4"}, "𝄞ä"},
		"long":            {[]string{long}, long},
		"cut at the end":  {[]string{"a\xe2\x82"}, "a\uFFFD\uFFFD"},
		"no UTF-8":        {[]string{"a\xffb"}, "a\uFFFDb"},
		"NUL":             {[]string{"a\x00b"}, "a\uFFFDb"},
	} {
		t.Run(name, func(t *testing.T) {
			p := commander(func(_ context.Context, c *commandCall) (int, error) {
				for _, piece := range test.pieces {
					n, err := io.WriteString(c.Stdout, piece)
					assert.Equal(t, len(piece), n)
					require.NoError(t, err)
				}
				return 0, nil
			})
			got, _, _ := ask(t, p, commanding(`"name":"do"`), "command")
			var text strings.Builder
			for line := range strings.Lines(got) {
				if strings.Contains(line, `"method"`) {
					require.NoError(t, spec.Validate("output", []byte(line)))
					text.WriteString(outputText(t, line))
				}
			}
			assert.Equal(t, test.want, text.String())
			assert.True(t, strings.HasSuffix(got, result(`{"exitCode":0}`)+"\n"))
		})
	}
}

func outputText(t *testing.T, line string) string {
	message, err := protocol.ParseMessage([]byte(strings.TrimSuffix(line, "\n")))
	require.NoError(t, err)
	var p protocol.OutputParams
	require.NoError(t, json.Unmarshal(message.(*protocol.Notification).Params, &p))
	return p.Text
}

// What is printed arrives while the command runs, and not after it has ended.
func TestCommandStreams(t *testing.T) {
	goOn, left := make(chan struct{}), make(chan io.Writer, 1)
	p := commander(func(_ context.Context, c *commandCall) (int, error) {
		fmt.Fprint(c.Stdout, "working")
		<-goOn
		left <- c.Stdout
		return 0, nil
	})
	p.KeptRunning = true
	h := served(t, p, "serve")
	h.write(t, commanding(`"name":"do"`))
	assert.Equal(t, "working", outputText(t, h.read(t)))
	close(goOn)
	assert.Equal(t, result(`{"exitCode":0}`), h.read(t))
	_, err := io.WriteString(<-left, "late")
	require.ErrorIs(t, err, io.ErrClosedPipe)
	assert.Zero(t, h.end(t))
	assert.Empty(t, h.rest(t))
}

// A command brings the streams and the outcome of every transcript of one, but
// for its writing everything as it comes and nothing in the result.
func TestTranscriptsOfCommand(t *testing.T) {
	ran := 0
	for _, x := range transcripts(t) {
		if x.Method() != protocol.MethodCommand || x.Outcome.Kind == spec.Violation {
			continue
		}
		ran++
		t.Run(x.Name, func(t *testing.T) {
			want := parseCommand(t, string(x.Answer))
			p := commander(nil)
			p.Commands[0].Run = sdk.Run(func(_ context.Context, c *commandCall) (int, error) {
				assert.Equal(t, []string{"-n", "3"}, c.Arguments)
				for _, o := range want.output {
					_, err := io.WriteString(map[string]io.Writer{"stdout": c.Stdout, "stderr": c.Stderr}[o.Stream], o.Text)
					require.NoError(t, err)
				}
				if want.err != nil {
					return 0, want.err
				}
				return want.exitCode, nil
			})
			out, _, code := ask(t, p, string(x.Request), x.Args...)
			assert.Zero(t, code)
			got := parseCommand(t, out)
			assert.Equal(t, want, got)
		})
	}
	assert.Greater(t, ran, 4)
}

// commandRun is what a command did, by its messages.
type commandRun struct {
	output   []protocol.OutputParams // without the request
	exitCode int
	err      *protocol.Error
}

func parseCommand(t *testing.T, text string) (r commandRun) {
	for line := range strings.Lines(text) {
		message, err := protocol.ParseMessage([]byte(strings.TrimSuffix(line, "\n")))
		require.NoError(t, err)
		switch m := message.(type) {
		case *protocol.Notification:
			var p protocol.OutputParams
			_ = json.Unmarshal(m.Params, &p) // some are recorded as broken
			if p.Text != "" && (p.Stream == "stdout" || p.Stream == "stderr") {
				r.output = append(r.output, protocol.OutputParams{Stream: p.Stream, Text: p.Text})
			}
		case *protocol.Response:
			if r.err = m.Error; r.err != nil {
				continue
			}
			result, err := protocol.DecodeCommandResult(m.Result)
			require.NoError(t, err)
			r.exitCode = result.ExitCode
			if result.Output != "" {
				r.output = append(r.output, protocol.OutputParams{Stream: "stdout", Text: result.Output})
			}
		}
	}
	return r
}
