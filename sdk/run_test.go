package sdk_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
)

const describe = `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}` + "\n"

// One line is answered when the method is the argument (INV-1, INV-2); every
// line without an argument (INV-4).
func TestRunMethod(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
		args           []string
	}{
		{"INV-2 one", describe + describe, described + "\n", []string{"describe"}},
		{"INV-4 all", describe + describe, described + "\n" + described + "\n", nil},
		{"INV-14 serve", describe + describe, described + "\n" + described + "\n", []string{"serve"}},
		{"nothing asked", "", "", nil},
		{"notification first", `{"jsonrpc":"2.0","method":"hello"}` + "\n" + describe, described + "\n", []string{"describe"}},
		{
			"another method", describe,
			failed(-32600, `expected a request for \"modify\", as in the argument, got one for \"describe\"`) + "\n",
			[]string{"modify"},
		},
		{
			"INV-5 no such method", `{"jsonrpc":"2.0","id":1,"method":"x-unknown","params":{"protocol":1}}` + "\n",
			failed(-32601, `expected one of the methods describe, modify, got \"x-unknown\"`) + "\n",
			[]string{"x-unknown"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, stderr, code := ask(t, wirePlugin(), test.in, test.args...)
			assert.Equal(t, test.want, out)
			assert.Empty(t, stderr)
			assert.Zero(t, code)
		})
	}
}

func TestRunWithoutRequest(t *testing.T) {
	out, stderr, code := ask(t, wirePlugin(), "", "describe")
	assert.Empty(t, out)
	assert.Equal(t, "expected one request line on stdin, got none; --help shows how to ask by hand\n", stderr)
	assert.Equal(t, 1, code)
}

func TestRunForPeople(t *testing.T) {
	out, stderr, code := ask(t, wirePlugin(), "", "--version")
	assert.Equal(t, "pathvector-plugin-wire 1.0.0\n", out)
	assert.Empty(t, stderr)
	assert.Zero(t, code)

	p := wirePlugin()
	p.Description = "Does what it is told"
	for _, arg := range []string{"--help", "-h"} {
		out, stderr, code = ask(t, p, "", arg)
		assert.True(t, strings.HasPrefix(out, "pathvector-plugin-wire 1.0.0\nDoes what it is told\n\n"), out)
		assert.Contains(t, out, "METHOD is describe or modify")
		assert.Contains(t, out, "echo '"+strings.TrimSpace(describe)+"' | pathvector-plugin-wire describe\n")
		assert.Empty(t, stderr)
		assert.Zero(t, code)
	}
}

func TestRunUsage(t *testing.T) {
	for _, args := range [][]string{{"--describe"}, {""}, {"-"}, {"describe", "modify"}} {
		out, stderr, code := ask(t, wirePlugin(), describe, args...)
		assert.Empty(t, out, "%q", args)
		assert.Contains(t, stderr, "; --help tells what there is\n", "%q", args)
		assert.Equal(t, 2, code, "%q", args)
	}
}

// A line that is broken at its end is answered (MSG-10), and is the last one:
// FRM-7, FRM-8.
func TestRunBrokenStream(t *testing.T) {
	out, stderr, code := ask(t, wirePlugin(), describe+strings.TrimSpace(describe))
	first, second, _ := strings.Cut(out, "\n")
	assert.Equal(t, described, first)
	assert.True(t, strings.HasPrefix(second, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,`), second)
	assert.Contains(t, stderr, "expected a newline at the end of the last line")
	assert.Equal(t, 1, code)
}

func TestRunPluginMistakes(t *testing.T) {
	for _, test := range []struct {
		plugin sdk.Plugin
		want   string
	}{
		{sdk.Plugin{Name: "Wire", Version: "1"}, `Name must match [a-z0-9]+(-[a-z0-9]+)*, got "Wire"`},
		{sdk.Plugin{Name: "wire"}, "Version must not be empty"},
		{sdk.Plugin{Name: "wire", Version: "1", Background: func(context.Context, func()) error { return nil }}, "Background needs KeptRunning"},
		{sdk.Plugin{Name: "wire", Version: "1", Options: `{"type":`}, "Options must be a JSON Schema, an object, got "},
		{sdk.Plugin{Name: "wire", Version: "1", Options: `true`}, "Options must be a JSON Schema, an object, got "},
		{sdk.Plugin{Name: "wire", Version: "1", Options: `{} {}`}, "Options must be a JSON Schema, an object, got "},
	} {
		out, stderr, code := ask(t, &test.plugin, describe)
		assert.Empty(t, out)
		assert.Contains(t, stderr, "sdk.Plugin: "+test.want)
		assert.Equal(t, 1, code)
	}
}

// A plugin without Modify says so (DSC-1), and absent scopes stay absent:
// an empty list would mean nothing at all (SCP-3).
func TestDescribeMinimal(t *testing.T) {
	out, _, _ := ask(t, &sdk.Plugin{Name: "a-1", Version: "0"}, describe+do("")+"\n")
	first, second, _ := strings.Cut(out, "\n")
	assert.Equal(t, result(`{"name":"a-1","version":"0","protocols":[1],"methods":["describe"]}`), first)
	assert.Equal(t, failed(-32601, `expected one of the methods describe, got \"modify\"`)+"\n", second)
}

func TestDescribeNeeds(t *testing.T) {
	p := wirePlugin()
	p.Needs = &sdk.Needs{Env: []string{"TOKEN"}}
	out, _, _ := ask(t, p, describe)
	assert.Contains(t, out, `"needs":{"env":["TOKEN"]}`)
}

// The context of a handler has the deadline that the host gives.
func TestDeadline(t *testing.T) {
	out, _, code := ask(t, wirePlugin(), do("deadline")+"\n")
	assert.Equal(t, failed(-32003, "context deadline exceeded")+"\n", out)
	assert.Zero(t, code)
}

func TestPanicTrace(t *testing.T) {
	out, stderr, code := ask(t, wirePlugin(), do("panic")+"\n"+describe, "modify")
	assert.Equal(t, failed(-32603, "the plugin panicked: oh no; its stderr shows where")+"\n", out)
	assert.Contains(t, stderr, "panic: oh no\n\ngoroutine ")
	assert.Contains(t, stderr, "wire_test.go:")
	assert.Zero(t, code)
}

// A plugin that is stopped while it waits for a request ends, although the
// read cannot be interrupted (ENV-5).
func TestStoppedWhileWaiting(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
	}{{nil, 0}, {[]string{"modify"}, 1}} {
		ctx, cancel := context.WithCancel(context.Background())
		stdin, hold := io.Pipe()
		ended := make(chan int, 1)
		go func() { ended <- wirePlugin().Run(ctx, test.args, stdin, io.Discard, io.Discard) }()
		cancel()
		select {
		case code := <-ended:
			assert.Equal(t, test.code, code)
		case <-time.After(3 * time.Minute):
			require.Fail(t, "the plugin still waits")
		}
		require.NoError(t, hold.Close())
	}
}

// A running handler is told, and its answer still goes out.
func TestStoppedWhileWorking(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := wirePlugin()
	p.Modify = sdk.Modify(func(ctx context.Context, _ *wireCall) (sdk.Result, error) {
		cancel()
		<-ctx.Done()
		return sdk.Result{}, ctx.Err()
	})
	var out bytes.Buffer
	code := p.Run(ctx, []string{"modify"}, strings.NewReader(do("")+"\n"), &out, io.Discard)
	assert.Equal(t, failed(-32800, "context canceled")+"\n", out.String())
	assert.Zero(t, code)
}

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("no more tape") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("no more paper") }

func TestBrokenPipes(t *testing.T) {
	var stderr bytes.Buffer
	assert.Equal(t, 1, wirePlugin().Run(context.Background(), nil, broken{}, io.Discard, &stderr))
	assert.Equal(t, "no more tape\n", stderr.String())

	for _, args := range [][]string{nil, {"describe"}} {
		stderr.Reset()
		assert.Equal(t, 1, wirePlugin().Run(context.Background(), args, strings.NewReader(describe), broken{}, &stderr))
		assert.Equal(t, "cannot write the answer: no more paper\n", stderr.String())
	}
}
