package plugintest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/sdk/plugintest"
)

// recorder is a test whose failures are looked at.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// failures are those of a test that calls f.
func failures(t *testing.T, f func(t testing.TB)) []string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.errors
}

type anyCall = sdk.Call[map[string]any, map[string]any]

// returning is a plugin with a fixed result.
func returning(reads, writes []string, result sdk.Result) *sdk.Plugin {
	return &sdk.Plugin{
		Name: "fixed", Version: "1", Reads: reads, Writes: writes,
		Modify: sdk.Modify(func(context.Context, *anyCall) (sdk.Result, error) { return result, nil }),
	}
}

// A change that the host refuses fails the test, with the rule (SCP-3, SCP-6,
// SCP-8 to SCP-11).
func TestScopes(t *testing.T) {
	const config = `{"asn":1,"rtr-server":"a:1","peers":{"A":{"asn":2,"password":"x","pre-export":"y"},"B":{"asn":3}}}`
	for _, test := range []struct {
		name          string
		reads, writes []string
		result        sdk.Result
		inputs        []plugintest.Input
		want          string
	}{
		{name: "default", result: sdk.Merge(map[string]any{"asn": 5})},
		{name: "outside", writes: []string{"/peers"}, result: sdk.Merge(map[string]any{"asn": 5}), want: "/asn: its Writes do not cover it (SCP-8)"},
		{name: "nothing", writes: []string{}, result: sdk.Merge(map[string]any{"asn": 5}), want: "SCP-8"},
		{name: "pattern", writes: []string{"/p*r*/*/a*n"}, result: sdk.Merge(map[string]any{"peers": map[string]any{"B": map[string]any{"asn": 5}}})},
		{name: "other pattern", writes: []string{"/p*s/*/*~2"}, result: sdk.Patch(sdk.Remove("/peers/B/asn")), want: "SCP-8"},
		{name: "unread", reads: []string{}, writes: []string{"/asn"}, result: sdk.Merge(map[string]any{"asn": 5})},
		{name: "plugins", result: sdk.Merge(map[string]any{"plugins": map[string]any{"a": ""}}), want: "SCP-6"},
		{name: "secret", result: sdk.Merge(map[string]any{"peers": map[string]any{"A": map[string]any{"password": "z"}}}), want: "/peers/A/password: it is a secret, which needs a grant (SCP-10)"},
		{name: "secret granted", result: sdk.Merge(map[string]any{"peers": map[string]any{"A": map[string]any{"password": "z"}}}), inputs: []plugintest.Input{plugintest.Secrets()}},
		{name: "guarded", result: sdk.Merge(map[string]any{"rtr-server": "b:1"}), want: "SCP-11"},
		{name: "guarded granted", result: sdk.Merge(map[string]any{"rtr-server": "b:1"}), inputs: []plugintest.Input{plugintest.Guarded()}},
		{name: "a whole peer", result: sdk.Patch(sdk.Remove("/peers/A"))},
		{name: "all peers", result: sdk.Patch(sdk.Remove("/peers")), want: "there is something in it that is not in the view (SCP-9)"},
		{name: "all peers, granted secrets", result: sdk.Patch(sdk.Remove("/peers")), inputs: []plugintest.Input{plugintest.Secrets()}, want: "there is a guarded key in it, which needs a grant (SCP-9)"},
		{name: "all peers, granted", result: sdk.Patch(sdk.Remove("/peers")), inputs: []plugintest.Input{plugintest.Secrets(), plugintest.Guarded()}},
		{name: "over what is unseen", reads: []string{}, result: sdk.Merge(map[string]any{"peers": "none"}), want: "SCP-9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := failures(t, func(t testing.TB) {
				plugintest.Modify(t, returning(test.reads, test.writes, test.result), append(test.inputs, plugintest.Config(config))...)
			})
			if test.want == "" {
				assert.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			assert.Contains(t, got[0], test.want)
		})
	}
}

// The guarded keys are those of the protocol (SCP-11).
func TestGuardedKeys(t *testing.T) {
	page, err := os.ReadFile("../../spec/protocol.md")
	require.NoError(t, err)
	list := regexp.MustCompile("(?s)SCP-11.*?```text\n(.*?)```").FindSubmatch(page)
	require.NotNil(t, list)
	for pattern := range strings.FieldsSeq(string(list[1])) {
		path := strings.Split(strings.ReplaceAll(pattern, "*", "x"), "/")[1:]
		value := any(map[string]any{"y": 1})
		for i := len(path) - 1; i >= 0; i-- {
			value = map[string]any{path[i]: value}
		}
		got := failures(t, func(t testing.TB) { plugintest.Modify(t, returning(nil, nil, sdk.Merge(value))) })
		require.Len(t, got, 1, pattern)
		assert.Regexp(t, "SCP-11|SCP-6", got[0])
	}
}

// A plugin is sent what it reads, and no secrets (SCP-2, SCP-3, SCP-5, SCP-6).
func TestView(t *testing.T) {
	const config = `{"asn":1,"plugins":{"a":"b"},"peers":{"A":{"asn":2,"password":"x","tags":[]},"B":{}},"big":12345678901234567890}`
	for _, test := range []struct {
		reads  []string
		inputs []plugintest.Input
		want   string
	}{
		{nil, nil, `{"asn":1,"peers":{"A":{"asn":2,"tags":[]},"B":{}},"big":12345678901234567890}`},
		{nil, []plugintest.Input{plugintest.Secrets()}, `{"asn":1,"peers":{"A":{"asn":2,"tags":[],"password":"x"},"B":{}},"big":12345678901234567890}`},
		{[]string{}, nil, `{}`},
		{[]string{"/peers/*/asn", "/none"}, nil, `{"peers":{"A":{"asn":2}}}`},
		{[]string{"/peers"}, nil, `{"peers":{"A":{"asn":2,"tags":[]},"B":{}}}`},
	} {
		var sent string
		p := &sdk.Plugin{Name: "a", Version: "1", Reads: test.reads, Modify: sdk.Modify(func(_ context.Context, c *anyCall) (sdk.Result, error) {
			text, err := json.Marshal(c.View)
			sent = string(text)
			return sdk.Result{}, err
		})}
		got := plugintest.Modify(t, p, append(test.inputs, plugintest.Config(config))...)
		assert.Nil(t, got.Err)
		assert.Empty(t, got.Changes)
		assert.JSONEq(t, test.want, sent)
		assert.JSONEq(t, config, got.Config)
	}
}

// The three forms of a result are applied as a host does (MOD-3 to MOD-6).
func TestForms(t *testing.T) {
	const config = `{"a":{"b":1,"c":[1,2]},"d":null}`
	for _, test := range []struct {
		result sdk.Result
		want   string
	}{
		{sdk.Result{}, config},
		{sdk.Merge(map[string]any{"a": map[string]any{"b": nil, "e": 2}}), `{"a":{"c":[1,2],"e":2},"d":null}`},
		{sdk.Merge(map[string]any{"d": map[string]any{"f": 1}}), `{"a":{"b":1,"c":[1,2]},"d":{"f":1}}`},
		{sdk.Changed(map[string]any{"a": 1}), `{"a":1}`},
		{sdk.Patch(sdk.Add("/a/c/1", 9), sdk.Add("/a/c/-", 3), sdk.Remove("/a/c/0"), sdk.Replace("/a/c/0", 8)), `{"a":{"b":1,"c":[8,2,3]},"d":null}`},
		{sdk.Patch(sdk.Test("/a/b", 1), sdk.Move("/a/b", "/x~1y"), sdk.Copy("/a/c", "/d")), `{"a":{"c":[1,2]},"d":[1,2],"x/y":1}`},
		{sdk.Patch(sdk.Add("/a/c/0", map[string]any{"g": 1}), sdk.Add("/a/c/0/h", 2)), `{"a":{"b":1,"c":[{"g":1,"h":2},1,2]},"d":null}`},
	} {
		got := plugintest.Modify(t, returning(nil, nil, test.result), plugintest.Config(config))
		assert.JSONEq(t, test.want, got.Config)
	}
	for _, bad := range []sdk.Operation{
		sdk.Remove("/x"), sdk.Replace("/x", 1), sdk.Test("/a/b", 2), sdk.Add("/x/y", 1), sdk.Add("/a/c/9", 1),
		sdk.Copy("/x", "/y"), sdk.Move("/x", "/y"), sdk.Add("/a/b/c", 1), sdk.Remove("/a/c/2"),
	} {
		got := failures(t, func(t testing.TB) {
			plugintest.Modify(t, returning(nil, nil, sdk.Patch(bad)), plugintest.Config(config))
		})
		require.Len(t, got, 1)
		assert.Contains(t, got[0], "the result cannot be applied to the view")
	}
}

// Changes are told value by value (SCP-7).
func TestChanges(t *testing.T) {
	got := plugintest.Modify(t, returning(nil, nil, sdk.Merge(map[string]any{
		"a": nil, "b": map[string]any{"c": map[string]any{"d": 1}, "e": map[string]any{}}, "f": []int{1},
	})), plugintest.Config(`{"a":{"x":1},"f":"g"}`))
	var lines []string
	for _, c := range got.Changes {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", c.Op, c.Pointer, c.Before, c.After))
	}
	assert.Equal(t, []string{`remove /a {"x":1} `, "add /b/c/d  1", "add /b/e  {}", `replace /f "g" [1]`}, lines)
}

// A plugin that adds again what it has added is found (MOD-9).
func TestIdempotent(t *testing.T) {
	p := returning(nil, nil, sdk.Patch(sdk.Add("/tags/-", "a")))
	got := failures(t, func(t testing.TB) { plugintest.Idempotent(t, p, plugintest.Config(`{"tags":[]}`)) })
	require.Len(t, got, 1)
	assert.Contains(t, got[0], `must change nothing (MOD-9), and makes /tags: ["a"] to ["a","a"]`)

	done := plugintest.Idempotent(t, returning(nil, nil, sdk.Merge(map[string]any{"asn": 1})))
	assert.JSONEq(t, `{"asn":1}`, done.Config)
	assert.Len(t, done.Changes, 1)
}

func TestErrorsAndMessages(t *testing.T) {
	p := returning(nil, nil, sdk.Result{})
	p.Modify = sdk.Modify(func(ctx context.Context, c *anyCall) (sdk.Result, error) {
		c.Warnf("/asn", "look at %s", c.Path("it"))
		c.Log().Info("said")
		return sdk.Result{}, ctx.Err()
	})
	got := plugintest.Modify(t, p, plugintest.Context(sdk.Context{ConfigDir: "/x"}))
	assert.Equal(t, []plugintest.Message{{Level: "warning", Message: "look at /x/it", Pointer: "/asn"}}, got.Messages)

	ctx, cancel := context.WithCancel(t.Context())
	p.Modify = sdk.Modify(func(ctx context.Context, _ *anyCall) (sdk.Result, error) {
		cancel()
		<-ctx.Done()
		return sdk.Result{}, ctx.Err()
	})
	assert.ErrorIs(t, plugintest.Modify(t, p, plugintest.Until(ctx)).Err, &sdk.Error{Code: -32800})
	p.Modify = sdk.Modify(func(ctx context.Context, _ *anyCall) (sdk.Result, error) {
		<-ctx.Done()
		return sdk.Result{}, ctx.Err()
	})
	failed := plugintest.Modify(t, p, plugintest.Context(sdk.Context{TimeoutMs: 1}))
	assert.ErrorIs(t, failed.Err, &sdk.Error{Code: -32003})
	assert.Equal(t, "{}", failed.Config)

	assert.Equal(t, "there are no peers", plugintest.Check(t, limits).Err.Message)
	assert.Contains(t, plugintest.Command(t, limits, "other", nil).Err.Message, `expected one of the commands count, got "other"`)
}

// Mistakes in the test or the plugin are named.
func TestMistakes(t *testing.T) {
	for want, f := range map[string]func(testing.TB){
		"plugintest.Config must be a JSON object, got []": func(t testing.TB) { plugintest.Modify(t, limits, plugintest.Config("[]")) },
		"plugintest.Options must be a JSON object, got {": func(t testing.TB) { plugintest.Modify(t, limits, plugintest.Options("{")) },
		"plugintest.Until needs a context that ends after": func(t testing.TB) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			plugintest.Modify(t, limits, plugintest.Until(ctx))
		},
		"expected an answer of the plugin  to modify, got ": func(t testing.TB) { plugintest.Modify(t, &sdk.Plugin{}) },
	} {
		got := failures(t, f)
		require.Len(t, got, 1)
		assert.Contains(t, got[0], want)
	}
}
