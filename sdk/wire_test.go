package sdk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// wireOptions let the request say what the test plugin does.
type wireOptions struct {
	Do    string            `json:"do"`
	Limit int               `json:"limit"`
	Tags  []string          `json:"tags"`
	Deep  map[string]inner  `json:"deep"`
	List  []inner           `json:"list"`
	Free  map[string]any    `json:"free"`
	Words map[string]string `json:"words"`
}

type inner struct {
	Name string `json:"name"`
}

type wireView struct {
	Hostname string `json:"hostname,omitempty"`
	Kernel   struct {
		ScanTime int `json:"scan-time,omitempty"`
	} `json:"kernel,omitzero"`
}

type wireCall = sdk.Call[wireOptions, wireView]

// wirePlugin answers modify with what the option do asks for.
func wirePlugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "wire", Version: "1.0.0",
		Reads: []string{}, Writes: []string{"/hostname"},
		Options: `{"type": "object"}`,
		Modify: sdk.Modify(func(ctx context.Context, c *wireCall) (sdk.Result, error) {
			return wireDoings[c.Options.Do](ctx, c)
		}),
	}
}

var wireDoings = map[string]func(context.Context, *wireCall) (sdk.Result, error){
	"": func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Result{}, nil },
	"merge": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Merge(map[string]any{"hostname": "<pathvector.asn>", "source4": nil}), nil
	},
	"merge-nil": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Merge(map[string]any(nil)), nil
	},
	"merge-list": func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Merge([]int{1}), nil },
	"patch": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Patch(
			sdk.Test("/asn", 65000), sdk.Add("/a~b", nil), sdk.Replace("/b", "<&>"),
			sdk.Remove(sdk.Pointer("a~b")), sdk.Move("/b", "/c"), sdk.Copy("", "/d"),
		), nil
	},
	"patch-empty": func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Patch(), nil },
	"changed": func(_ context.Context, c *wireCall) (sdk.Result, error) {
		c.View.Hostname = "edge1"
		c.View.Kernel.ScanTime = 30
		return sdk.Changed(c.View), nil
	},
	"changed-pointer": func(_ context.Context, c *wireCall) (sdk.Result, error) {
		c.View.Hostname = ""
		return sdk.Changed(&c.View), nil
	},
	"changed-nil":  func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Changed(nil), nil },
	"changed-list": func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Changed(true), nil },
	"unencodable":  func(context.Context, *wireCall) (sdk.Result, error) { return sdk.Merge(make(chan int)), nil },
	"messages": func(_ context.Context, c *wireCall) (sdk.Result, error) {
		c.Infof("", "%d peers", 3)
		c.Warnf(sdk.Pointer("peers", "IX/A"), "no limit")
		return sdk.Result{}, nil
	},
	"fail": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, errors.New("the disk is full")
	},
	"own-code": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, fmt.Errorf("wrapped: %w", &sdk.Error{Code: 7, Message: "no such router"})
	},
	"no-text": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, &sdk.Error{Code: 1 << 40}
	},
	"data": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, &sdk.Error{Code: 7, Message: "no", Data: []byte("{\n\"a\": 1}")}
	},
	"data-broken": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, &sdk.Error{Code: 7, Message: "no", Data: []byte("{")}
	},
	"options": func(_ context.Context, c *wireCall) (sdk.Result, error) {
		return sdk.Result{}, sdk.InvalidOptions("/limit", "expected 1 to 9, got %d", c.Options.Limit)
	},
	"unavailable": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, sdk.Unavailable(1500*time.Millisecond, "the inventory does not answer")
	},
	"unavailable-sometime": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, sdk.Unavailable(0, "busy")
	},
	"panic": func(context.Context, *wireCall) (sdk.Result, error) { panic("oh no") },
	"deadline": func(ctx context.Context, _ *wireCall) (sdk.Result, error) {
		<-ctx.Done()
		return sdk.Result{}, ctx.Err()
	},
	"cancelled": func(context.Context, *wireCall) (sdk.Result, error) {
		return sdk.Result{}, fmt.Errorf("asking the inventory: %w", context.Canceled)
	},
	"path": func(_ context.Context, c *wireCall) (sdk.Result, error) {
		return sdk.Merge(map[string]string{"abs": c.Path("/a/b"), "rel": c.Path("../b")}), nil
	},
}

// modify is a request line of that method with config and options.
func modify(config, options string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,"options":` + options +
		`,"context":{"configDir":"/etc/pv","timeoutMs":50},"config":` + config + `}}`
}

func do(what string) string { return modify(`{}`, `{"do":"`+what+`"}`) }

// ask runs the plugin over stdin and returns its stdout and stderr.
func ask(t *testing.T, p *sdk.Plugin, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = p.Run(context.Background(), args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

const described = `{"jsonrpc":"2.0","id":1,"result":{"name":"wire","version":"1.0.0","protocols":[1],` +
	`"methods":["describe","modify"],"reads":[],"writes":["/hostname"],"options":{"type":"object"}}}`

func TestWire(t *testing.T) {
	for _, test := range []struct{ rule, in, want string }{
		// describe, and what may stand in a request (MSG-9)
		{"DSC-1", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`, described},
		{"FRM-2", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}` + "\r", described},
		{"MSG-9", ` { "params" : {"x":[],"protocol" : 1}, "method":"describe", "id":1, "y":{}, "jsonrpc":"2.0" } `, described},
		{"MSG-3 string", `{"jsonrpc":"2.0","id":"a\u0062\/","method":"no","params":{"protocol":1}}`, `{"jsonrpc":"2.0","id":"a\u0062\/","error":{"code":-32601,"message":"expected one of the methods describe, modify, got \"no\""}}`},
		{"MSG-3 float", `{"jsonrpc":"2.0","id":1.50,"method":"modify","params":{"protocol":1,"config":{}}}`, `{"jsonrpc":"2.0","id":1.50,"result":{"merge":{}}}`},
		{"MSG-3 big", `{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"modify","params":{"protocol":1,"config":{}}}`, `{"jsonrpc":"2.0","id":123456789012345678901234567890,"result":{"merge":{}}}`},
		{"MSG-3 negative", `{"jsonrpc":"2.0","id":-1,"method":"modify","params":{"protocol":1,"config":{}}}`, `{"jsonrpc":"2.0","id":-1,"result":{"merge":{}}}`},

		// no answer
		{"MSG-9 notification", `{"jsonrpc":"2.0","method":"log","params":{}}`, ``},
		{"an answer", `{"jsonrpc":"2.0","id":1,"result":{}}`, ``},

		// versions
		{"VER-2 other", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":2}}`, unsupported("is in version 2")},
		{"VER-2 text", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":"1"}}`, unsupported(`is in version \"1\"`)},
		{"VER-2 float", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1.5}}`, unsupported(`is in version 1.5`)},
		{"VER-2 null", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":null}}`, unsupported(`is in version null`)},
		{"VER-2 absent", `{"jsonrpc":"2.0","id":1,"method":"describe","params":{}}`, unsupported("names none in params.protocol")},
		{"VER-2 no params", `{"jsonrpc":"2.0","id":1,"method":"describe"}`, unsupported("names none in params.protocol")},
		{"VER-2 before the rest", `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":2,"context":[],"config":7}}`, unsupported("is in version 2")},
		{"VER-2 before the method", `{"jsonrpc":"2.0","id":1,"method":"no","params":{"protocol":2}}`, unsupported("is in version 2")},

		// parameters
		{"INV-5", `{"jsonrpc":"2.0","id":1,"method":"check","params":{"protocol":1}}`, failed(-32601, `expected one of the methods describe, modify, got \"check\"`)},
		{"config absent", `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1}}`, failed(-32602, `expected params.config, an object, got none`)},
		{"config of another kind", modify(`[]`, `{}`), failed(-32602, `params.config must be an object, got \"[]\"`)},
		{"view of another type", modify(`{"kernel":{"scan-time":"x"}}`, `{}`), failed(-32602, `params.config/kernel/scan-time: expected an integer that fits, got string`)},
		{"context of another kind", strings.Replace(modify(`{}`, `{}`), `"timeoutMs":50`, `"timeoutMs":"1s"`, 1), failed(-32602, `params.context.timeoutMs must be an integer, and is \"\\\"1s\\\"\"`)},
		{"exact names", `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,"Protocol":2,"Config":[],"config":{}}}`, result(`{"merge":{}}`)},
		{"options of another kind", modify(`{}`, `[]`), failed(-32602, `params.options must be an object, got \"[]\"`)},

		// options
		{"OPT-5 unknown", modify(`{}`, `{"tag":1}`), badOption("/tag", `unknown option \"/tag\", expected one of: deep, do, free, limit, list, tags, words`)},
		{"OPT-5 other case", modify(`{}`, `{"Do":""}`), badOption("/Do", `unknown option \"/Do\", expected one of: deep, do, free, limit, list, tags, words`)},
		{"OPT-5 deep", modify(`{}`, `{"deep":{"a/b":{"nam":1}}}`), badOption("/deep/a~1b/nam", `unknown option \"/deep/a~1b/nam\", expected one of: name`)},
		{"OPT-5 list", modify(`{}`, `{"list":[{"name":"a"},{"nam":1}]}`), badOption("/list/1/nam", `unknown option \"/list/1/nam\", expected one of: name`)},
		{"free keys", modify(`{}`, `{"free":{"a":{"b":1}},"words":{"c":"d"}}`), result(`{"merge":{}}`)},
		{"OPT-5 type", modify(`{}`, `{"limit":"3"}`), badOption("/limit", `option \"/limit\": expected an integer that fits, got string`)},
		{"OPT-5 list type", modify(`{}`, `{"tags":"a"}`), badOption("/tags", `option \"/tags\": expected a list, got string`)},
		{"OPT-5 the plugin's", modify(`{}`, `{"do":"options","limit":10}`), badOption("/limit", `expected 1 to 9, got 10`)},

		// results
		{"MOD-2", do(""), result(`{"merge":{}}`)},
		{"MOD-3", do("merge"), result(`{"merge":{"hostname":"<pathvector.asn>","source4":null}}`)},
		{"MOD-3 nil map", do("merge-nil"), result(`{"merge":{}}`)},
		{"MOD-3 list", do("merge-list"), failed(-32603, `cannot encode the result: Merge needs an object, got a []int`)},
		{"MOD-4", do("patch"), result(`{"patch":[{"op":"test","path":"/asn","value":65000},{"op":"add","path":"/a~b","value":null},` +
			`{"op":"replace","path":"/b","value":"<&>"},{"op":"remove","path":"/a~0b"},{"op":"move","from":"/b","path":"/c"},{"op":"copy","from":"","path":"/d"}]}`)},
		{"MOD-4 empty", do("patch-empty"), result(`{"patch":[]}`)},
		{"MOD-5", modify(`{"kernel":{"table":254,"scan-time":10},"asn":4200000000,"x":null}`, `{"do":"changed"}`), result(`{"config":{"asn":4200000000,"hostname":"edge1","kernel":{"scan-time":30,"table":254},"x":null}}`)},
		{"MOD-5 removed", modify(`{"asn":12345678901234567890,"hostname":"a"}`, `{"do":"changed-pointer"}`), result(`{"config":{"asn":12345678901234567890}}`)},
		{"MOD-5 nil", do("changed-nil"), failed(-32603, `cannot encode the result: Changed needs the view, got nil`)},
		{"MOD-7", do("messages"), result(`{"merge":{},"messages":[{"level":"info","message":"3 peers"},{"level":"warning","message":"no limit","pointer":"/peers/IX~1A"}]}`)},
		{"ENV-1", do("path"), result(`{"merge":{"abs":"/a/b","rel":"/etc/b"}}`)},

		// errors
		{"a plain error", do("fail"), failed(-32603, `the disk is full`)},
		{"ERR-2", do("own-code"), failed(7, `no such router`)},
		{"ERR-1", do("no-text"), failed(-32603, `the plugin failed, and does not say why`)},
		{"ERR-4", do("unavailable"), `{"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"the inventory does not answer","data":{"retryAfter":2}}}`},
		{"ERR-4 sometime", do("unavailable-sometime"), failed(-32003, `busy`)},
		{"data in lines", do("data"), `{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"no","data":{"a":1}}}`},
		{"data of nothing", do("data-broken"), failed(-32603, `the data of the error \"no\" is no JSON: json: error calling MarshalJSON for type json.RawMessage: unexpected end of JSON input`)},
		{"a panic", do("panic"), failed(-32603, `the plugin panicked: oh no; its stderr shows where`)},
		{"cancelled", do("cancelled"), failed(-32800, `asking the inventory: context canceled`)},
	} {
		t.Run(test.rule, func(t *testing.T) {
			want := test.want
			if want != "" {
				want += "\n"
			}
			out, _, code := ask(t, wirePlugin(), test.in+"\n")
			assert.Equal(t, want, out)
			assert.Zero(t, code)
			if want != "" {
				assert.NoError(t, spec.Validate("answer", []byte(out)))
			}
		})
	}
}

func result(r string) string { return `{"jsonrpc":"2.0","id":1,"result":` + r + `}` }

func failed(code int, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"error":{"code":%d,"message":"%s"}}`, code, message)
}

func badOption(pointer, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"%s","data":{"pointer":"%s"}}}`, message, pointer)
}

func unsupported(got string) string {
	return `{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"this plugin speaks version 1 of the protocol, the request ` +
		got + `","data":{"supported":[1]}}}`
}

// What is no message gets an error without an id (MSG-10); the next line is
// answered again.
func TestWireBroken(t *testing.T) {
	for _, test := range []struct {
		rule, in string
		code     int
	}{
		{"FRM-9 empty", ``, -32700},
		{"FRM-9 text", `hello`, -32700},
		{"FRM-9 cut", `{"jsonrpc":"2.0","id":1`, -32700},
		{"FRM-9 string", `"describe"`, -32600},
		{"FRM-9 no message", `{}`, -32600},
		{"MSG-1", `{"id":1,"method":"describe","params":{"protocol":1}}`, -32600},
		{"FRM-10", `[{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}]`, -32600},
		{"FRM-3", `{"jsonrpc":"2.0","id":"` + "\xff" + `","method":"describe"}`, -32700},
		{"FRM-4", `{"jsonrpc":"2.0","id":"\u0000","method":"describe"}`, -32700},
		{"FRM-5", `{"jsonrpc":"2.0","id":1,"id":2,"method":"describe"}`, -32600},
		{"FRM-6", strings.Repeat("[", 1001) + strings.Repeat("]", 1001), -32600},
		{"id of another kind", `{"jsonrpc":"2.0","id":{},"method":"describe"}`, -32600},
	} {
		t.Run(test.rule, func(t *testing.T) {
			out, _, code := ask(t, wirePlugin(), test.in+"\n"+
				`{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`+"\n")
			first, second, _ := strings.Cut(out, "\n")
			require.True(t, strings.HasPrefix(first, fmt.Sprintf(`{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":"`, test.code)), first)
			assert.Equal(t, described+"\n", second)
			assert.Zero(t, code)
		})
	}
}
