package sdk_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

type checkCall = sdk.CheckCall[keptOptions, map[string]any]

func checker(f func(ctx context.Context, c *checkCall) ([]sdk.Finding, error)) *sdk.Plugin {
	return &sdk.Plugin{Name: "checker", Version: "1.0.0", Check: sdk.Check(f)}
}

func checking(changes string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"check","params":{"protocol":1,"options":{},"changes":` + changes + `,"config":{"asn":65000}}}` + "\n"
}

func TestDescribeCheck(t *testing.T) {
	out, _, _ := ask(t, checker(nil), describe, "describe")
	assert.Equal(t, result(`{"name":"checker","version":"1.0.0","protocols":[1],"methods":["describe","check"]}`)+"\n", out)
}

// CHK-1, CHK-3: the function sees the changes, and its findings are answered.
func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		found []sdk.Finding
		err   error
		want  string
	}{
		"nothing":        {nil, nil, result(`{"findings":[]}`)},
		"little":         {[]sdk.Finding{{Severity: sdk.SeverityInfo, Message: "m"}}, nil, result(`{"findings":[{"severity":"info","pointer":"","message":"m"}]}`)},
		"all":            {[]sdk.Finding{{sdk.SeverityError, "/asn", "m", "c", 65001}, {sdk.SeverityWarning, "/a", "n", "", false}}, nil, result(`{"findings":[{"severity":"error","pointer":"/asn","message":"m","code":"c","proposed":65001},{"severity":"warning","pointer":"/a","message":"n","proposed":false}]}`)},
		"an error":       {nil, errors.New("no"), failed(-32603, "no")},
		"no severity":    {[]sdk.Finding{{Message: "m"}}, nil, `findings[0].severity must be one of [\"error\" \"warning\" \"info\"]`},
		"no message":     {[]sdk.Finding{{Severity: "info"}}, nil, `findings[0].message must be a string that is not empty`},
		"no pointer":     {[]sdk.Finding{{Severity: "info", Message: "m", Pointer: "asn"}}, nil, `findings[0].pointer must be a JSON Pointer`},
		"proposed chan":  {[]sdk.Finding{{Severity: "info", Message: "m", Proposed: make(chan int)}}, nil, `cannot encode Proposed of the finding at \"\": json: unsupported type: chan int`},
		"a NUL in words": {[]sdk.Finding{{Severity: "info", Message: "\x00"}}, nil, `the findings break the protocol: expected `},
	} {
		t.Run(name, func(t *testing.T) {
			p := checker(func(_ context.Context, c *checkCall) ([]sdk.Finding, error) {
				require.Len(t, c.Changes, 2)
				assert.Equal(t, sdk.Change{Pointer: "/asn", Op: "replace", Before: []byte("1"), After: []byte(`{"a": 2}`), Plugin: "p"}, c.Changes[0])
				assert.Nil(t, c.Changes[1].After)
				return test.found, test.err
			})
			out, _, code := ask(t, p, checking(`[{"pointer":"/asn","op":"replace","before":1,"after":{"a": 2},"plugin":"p"},{"pointer":"/b","op":"remove","before":null,"plugin":"p"}]`), "check")
			assert.Contains(t, out, test.want)
			assert.Zero(t, code)
			assert.NoError(t, spec.Validate("answer", []byte(out)))
		})
	}
}

func TestCheckParams(t *testing.T) {
	p := checker(func(_ context.Context, c *checkCall) ([]sdk.Finding, error) {
		assert.Empty(t, c.Changes)
		return nil, nil
	})
	for changes, want := range map[string]string{
		`[]`:            result(`{"findings":[]}`),
		`[],"x":1`:      result(`{"findings":[]}`),
		`{}`:            failed(-32602, `params.changes: expected a list, got object`),
		`[{"op":true}]`: failed(-32602, `params.changes/op: expected a string, got bool`),
	} {
		out, _, _ := ask(t, p, checking(changes), "check")
		assert.Equal(t, want+"\n", out, changes)
	}
}
