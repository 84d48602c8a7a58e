package sh_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/conform"
)

// request is a call of the plugin "acts" whose function is the shell text.
func request(t *testing.T, id, method, run string) string {
	t.Helper()
	option, err := json.Marshal(run)
	require.NoError(t, err)
	more := ""
	switch method {
	case "check":
		more = `,"changes":[{"pointer":"/asn","op":"replace","before":1,"after":64500,"plugin":"x"}]`
	case "command":
		more = `,"name":"show-all","arguments":["a b","c'd\n",""]`
	}
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"` + method + `","params":{"protocol":1,` +
		`"options":{"run":` + string(option) + `},"context":{"configDir":"/etc"}` + more +
		`,"config":{"asn":64500,"peers":{"A/~ 1":{"asn":64501,"tags":["x"]},"B":{"asn":64502}}}}}` + "\n"
}

// What each function of the SDK answers; lines before the answer included.
func TestFunctions(t *testing.T) {
	internal := func(message string) string { return `"error":{"code":-32603,"message":` + message + `}}` }
	cases := []struct{ method, run, want string }{
		// Results (MOD-2 to MOD-5); nothing is no change.
		{"modify", `true`, `"result":{"merge":{}}}`},
		{"modify", `pv_merge '{peers: (.peers | map_values({a: $options.limit}))}'`, `"result":{"merge":{"peers":{"A/~ 1":{"a":5},"B":{"a":5}}}}}`},
		{"modify", `pv_merge '{a: $n} # with a comment' --arg n "it's"; pv_merge '{b: {c: null}}'`, `"result":{"merge":{"a":"it's","b":{"c":null}}}}`},
		{"modify", `pv_patch '[{op: "remove", path: (["peers", "A/~ 1"] | pointer)}]'; pv_patch '[]'`, `"result":{"patch":[{"op":"remove","path":"/peers/A~1~0 1"}]}}`},
		{"modify", `pv_config '.peers = {}'`, `"result":{"config":{"asn":64500,"peers":{}}}}`},
		{"modify", `pv_merge '{}'; pv_config .`, internal(`"expected one form of an answer, got config and merge"`)},
		{"modify", `pv_merge '.peers | keys[]'`, internal(`"jq: error (at <stdin>:1): pv_merge: expected one object, got string, string"`)},
		{"modify", `pv_merge 'empty'`, internal(`"jq: error (at <stdin>:1): pv_merge: expected one object, got nothing"`)},
		{"modify", `pv_message warning "two
lines \"" /peers`, `"result":{"merge":{},"messages":[{"level":"warning","message":"two\nlines \"","pointer":"/peers"}]}}`},
		{"modify", `pv_message loud x`, internal(`"expected the level debug, info, warning or error, got \"loud\""`)},
		// Reading.
		{"modify", `pv_merge '{got: $n}' --arg n "$(pv_get '.peers | keys[]')|$(pv_option limit)|$(pv_option none)|$(pv_get '$context.configDir')"`, `"result":{"merge":{"got":"A/~ 1\nB|5||/etc"}}}`},
		{"modify", `x=$(pv_get '.peers[$n].tags' --arg n 'A/~ 1' -c); pv_merge "{x: $x}"`, `"result":{"merge":{"x":["x"]}}}`},
		// Errors (ERR-1 to ERR-4), from a subshell too.
		{"modify", `pv_fail 7 "no
file" '{"a":1}'; pv_merge '{}'`, `"error":{"code":7,"message":"no\nfile","data":{"a":1}}}`},
		{"modify", `pv_fail -5 ""`, internal(`"the plugin gave no reason"`)},
		{"modify", `pv_get '.peers | keys[]' | while read -r name; do pv_fail 3 "not $name"; done`, `"error":{"code":3,"message":"not A/~ 1"}}`},
		{"modify", `pv_invalid /limit "too low"`, `"error":{"code":-32002,"message":"too low","data":{"pointer":"/limit"}}}`},
		{"modify", `pv_unavailable "later" 60`, `"error":{"code":-32003,"message":"later","data":{"retryAfter":60}}}`},
		{"modify", `pv_unavailable "later"`, `"error":{"code":-32003,"message":"later"}}`},
		// A command that fails fails the call; exit does, and cannot end the loop.
		{"modify", `false; pv_merge '{}'`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		{"modify", `exit 9`, internal(`"the function modify ended with status 9; what it wrote to stderr says why"`)},
		// What no notification can be is sent as none (NTF-2, NTF-3, CMD-8).
		{"modify", `pv_log info x '{'; pv_merge '{}'`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		{"modify", `pv_log info x '[]'`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		{"modify", `pv_progress half`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		{"modify", `pv_progress -1`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		{"modify", `pv_output stdin x`, internal(`"the function modify ended with status 1; what it wrote to stderr says why"`)},
		// The function's own output and what reads stdin do no harm (FRM-11).
		{"modify", `echo '{"jsonrpc":"2.0"}'; cat; printf 'no end'; pv_merge '{}'`, `"result":{"merge":{}}}`},
		// check
		{"check", `pv_findings '$changes[] | {severity: "error", pointer, message: "was \(.before)"}'; pv_findings 'empty'`, `"result":{"findings":[{"severity":"error","pointer":"/asn","message":"was 1"}]}}`},
		{"check", `true`, `"result":{"findings":[]}}`},
		// command
		{"command", `printf '<%s>' "$@"; echo; return 3`, `"result":{"exitCode":3,"output":"<a b><c'd\n><>\n"}}`},
		{"command", `true`, `"result":{"exitCode":0}}`},
		{"command", `pv_output stderr "now
"`, `output {"request":1,"stream":"stderr","text":"now\n"}` + "\n" + `"result":{"exitCode":0}}`},
		{"command", `pv_fail 2 "cannot"`, `"error":{"code":2,"message":"cannot"}}`},
		// Notifications (NTF-2 to NTF-4)
		{"modify", `pv_log info "two
lines" '{"n":1}'; pv_progress 1; pv_progress 2 3 half`, `log {"request":1,"level":"info","message":"two\nlines","fields":{"n":1}}
progress {"request":1,"done":1}
progress {"request":1,"message":"half","done":2,"total":3}
"result":{"merge":{}}}`},
	}
	eachShell(t, func(t *testing.T, shell string) {
		p := serve(t, start(t, shell, "acts", []string{"serve"}))
		for _, c := range cases {
			p.write(t, request(t, "1", c.method, c.run))
			for want := range strings.SplitSeq(c.want, "\n") {
				line := p.read(t)
				if method, params, ok := strings.Cut(want, " {"); ok && !strings.HasPrefix(want, `"`) {
					want = `"method":"` + method + `","params":{` + params + "}"
				} else {
					want = `"id":1,` + want
				}
				assert.Equal(t, `{"jsonrpc":"2.0",`+want, strings.Replace(line, "<unknown>", "<stdin>:1", 1), c.run)
			}
		}
		assert.Zero(t, p.end(t))
		assert.Contains(t, p.errs.String(), "loaded, says stdout")
		assert.Contains(t, p.errs.String(), "no end")
	})
}

// A question to the host, while another request and a notification come: they
// are handled after the call (ASK-1, ASK-2, INV-18).
func TestConfigGet(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		p := serve(t, start(t, shell, "acts", []string{"serve"}))
		p.write(t, request(t, "1", "modify", `pv_merge "{a: $(pv_config_get /a), b: $(pv_config_get /b || echo 0)}"`))
		assert.Equal(t, `{"jsonrpc":"2.0","id":"a1","method":"config.get","params":{"request":1,"pointer":"/a"}}`, p.read(t))
		p.write(t, `{"jsonrpc":"2.0","method":"cancel","params":{"id":3}}`+"\n"+request(t, "2.0", "modify", `pv_merge "{two: 2}"`))
		p.write(t, `{"jsonrpc":"2.0","id":"a1","result":{"found":true,"value":null}}`+"\n")
		assert.Contains(t, p.read(t), `"pointer":"/b"`)
		p.write(t, `{"jsonrpc":"2.0","id":"a1","result":{"found":false}}`+"\n")
		assert.Equal(t, `{"jsonrpc":"2.0","id":1,"result":{"merge":{"a":null,"b":0}}}`, p.read(t))
		assert.Equal(t, `{"jsonrpc":"2.0","id":2.0,"result":{"merge":{"two":2}}}`, p.read(t))

		p.write(t, request(t, "3", "modify", `pv_config_get /plugins || true`))
		p.read(t)
		p.write(t, `{"jsonrpc":"2.0","id":"a1","error":{"code":-32602,"message":"this plugin does not read /plugins"}}`+"\n")
		assert.Equal(t, `{"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"this plugin does not read /plugins"}}`, p.read(t))

		p.write(t, request(t, "4", "modify", `pv_config_get /a`))
		p.read(t)
		p.write(t, `{"jsonrpc":"2.0","method":"cancel","params":{"id":4}}`+"\n")
		assert.Equal(t, -32800, unmarshal[message](t, p.read(t)).Error.Code, "INV-17")

		p.write(t, request(t, "5", "modify", `pv_config_get /a`))
		p.read(t)
		require.NoError(t, p.stdin.Close())
		assert.Contains(t, unmarshal[message](t, p.read(t)).Error.Message, "closed stdin")
		assert.Zero(t, p.end(t))
	})
}

// One process per call has the view alone to look into (MSG-12).
func TestConfigGetOneShot(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		run := `pv_merge "{a: $(pv_config_get '/peers/A~1~0 1/tags/0'), b: $(pv_config_get /asn), c: $(pv_config_get /peers/none/asn || echo 0)}"`
		out, _ := oneShot(t, start(t, shell, "acts", []string{"modify"}), request(t, "1", "modify", run))
		assert.Equal(t, `{"jsonrpc":"2.0","id":1,"result":{"merge":{"a":"x","b":64500,"c":0}}}`+"\n", out)
	})
}

// Lines that are no request, or one of another order and spelling (MSG-9, MSG-10).
func TestLines(t *testing.T) {
	ok := `"params":{"protocol":1}`
	eachShell(t, func(t *testing.T, shell string) {
		p := serve(t, start(t, shell, "acts", nil))
		for _, c := range []struct {
			line, id string
			code     int
		}{
			{`hello`, `null`, -32700},
			{``, `null`, -32700},
			{`[]`, `null`, -32600},
			{`{"id":1,"method":"describe",` + ok + `}`, `null`, -32600},
			{`{"jsonrpc":"2.0","id":null,"method":"describe",` + ok + `}`, `null`, -32600},
			{`{"jsonrpc":"2.0","id":5,"method":6,` + ok + `}`, `5`, -32600},
			{`{"jsonrpc":"2.0","id":5,"method":"command","params":{"protocol":1,"name":"x","arguments":[],"config":{}}}`, `5`, -32602},
			{`{"jsonrpc":"2.0","id":5,"method":"modify",` + ok + `}`, `5`, -32602},
			{` { "params" : {"protocol":1,"id":7,"\"":[{"id":"\\"}]} , "method":"x" , "\u0069d" : -1.0E+2 ,"jsonrpc":"2.0"}`, `-1.0E+2`, -32601},
			{`{"method":"id","x":"id","params":{"protocol":1},"id":"\\\"\u00e9","jsonrpc":"2.0"}`, `"\\\"\u00e9"`, -32601},
		} {
			p.write(t, c.line+"\n")
			m := unmarshal[message](t, p.read(t))
			assert.Equal(t, c.id, string(m.ID), c.line)
			require.NotNil(t, m.Error, c.line)
			assert.Equal(t, c.code, m.Error.Code, c.line)
		}
		assert.Zero(t, p.end(t))
	})
}

// Without jq the answer is an error that says what to do, with the request's id.
func TestWithoutJQ(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"dirname", "readlink", "head"} {
		require.NoError(t, exec.Command("ln", "-s", tool(t, name), bin).Run())
	}
	eachShell(t, func(t *testing.T, shell string) {
		for _, args := range [][]string{nil, {"modify"}} {
			out, _ := oneShot(t, start(t, shell, "acts", args, "PATH="+bin), request(t, "1", "modify", ""))
			m := unmarshal[message](t, out)
			assert.Equal(t, "1", string(m.ID))
			require.NotNil(t, m.Error)
			assert.Contains(t, m.Error.Message, "install the package jq")
		}
	})
}

// A declaration that is no JSON is told to its author in an answer (ERR-5), and a
// person is told what this program is.
func TestPeople(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		for _, args := range [][]string{{"--help"}, {"--version"}} {
			cmd := start(t, shell, "acts", args)
			out, err := cmd.Output()
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(string(out), "pathvector-plugin-acts 1.0.0"), string(out))
		}
		cmd := start(t, shell, "demo", []string{"describe"}, `KEPT=1`)
		out, _ := oneShot(t, cmd, "")
		assert.Contains(t, out, `"mode":"kept-running"`)
		assert.True(t, strings.HasPrefix(out, `{"jsonrpc":"2.0","id":1,`), "a call by hand, without a request")
		script := `. ./pathvector-plugin.sh; pv_declare '{"name"'; pv_main describe`
		argv := append(strings.Fields(shell), "-c", script)
		out2, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).Output()
		require.NoError(t, err)
		assert.Contains(t, string(out2), `pv_declare: expected a JSON object, got`)
	})
}

// A view of some megabytes, which no argument of a process could hold, passes
// through a call and comes back.
func TestLargeView(t *testing.T) {
	eachShell(t, func(t *testing.T, shell string) {
		large := strings.Repeat("x", 2_000_000)
		line := strings.Replace(request(t, "1", "modify", `pv_config .`), `"asn":64500`, `"asn":64500,"x":"`+large+`"`, 1)
		out, _ := oneShot(t, start(t, shell, "acts", []string{"modify"}), line)
		assert.Contains(t, out, large)
	})
}

// What any plugin must do, both kept running and one-shot.
func TestConformance(t *testing.T) {
	tool(t, "jq")
	conform.Test(t, "testdata/pathvector-plugin-acts", conform.Options{Strict: true})
}

func TestShellcheck(t *testing.T) {
	out, err := exec.Command(tool(t, "shellcheck"), "pathvector-plugin.sh", "testdata/pathvector-plugin-acts", "testdata/pathvector-plugin-demo").CombinedOutput()
	assert.NoError(t, err, "%s", out)
}
