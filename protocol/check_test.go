package protocol

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// CHK-3.
func TestDecodeCheckResult(t *testing.T) {
	for text, want := range map[string]*CheckResult{
		`{"findings":[]}`:                {Findings: []Finding{}},
		`{"findings":[],"requires":[ ]}`: {Findings: []Finding{}, Requires: []string{}},
		`{"x":1,"findings":[{"severity":"error","pointer":"/a~0~1","message":"m","code":"c","proposed":null,"x":1},{"severity":"info","pointer":"","message":"n"}]}`: {
			Findings: []Finding{{LevelError, "/a~0~1", "m", "c", raw(`null`)}, {LevelInfo, "", "n", "", nil}},
		},
	} {
		got, err := DecodeCheckResult([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
		assert.NoError(t, spec.Validate("check-result", []byte(text)))
	}
}

func TestDecodeCheckResultRefuses(t *testing.T) {
	for _, row := range []struct {
		text, rule, want string
		beyond           bool
	}{
		{text: `null`, rule: "CHK-3", want: "the result must be an object"},
		{text: `{}`, rule: "CHK-3", want: "findings is missing"},
		{text: `{"Findings":[]}`, rule: "CHK-3", want: "findings is missing"},
		{text: `{"findings":null}`, rule: "CHK-3", want: "findings must be an array"},
		{text: `{"findings":["m"]}`, rule: "CHK-3", want: "findings[0] must be an object"},
		{text: `{"findings":[{"pointer":"","message":"m"}]}`, rule: "CHK-3", want: "findings[0].severity is missing"},
		{text: `{"findings":[{"severity":"debug","pointer":"","message":"m"}]}`, rule: "CHK-3", want: `findings[0].severity must be one of ["error" "warning" "info"]`},
		{text: `{"findings":[{"severity":"info","message":"m"}]}`, rule: "CHK-3", want: "findings[0].pointer is missing"},
		{text: `{"findings":[{"severity":"info","pointer":"a","message":"m"}]}`, rule: "CHK-3", want: "findings[0].pointer must be a JSON Pointer"},
		{text: `{"findings":[{"severity":"info","pointer":"/~2","message":"m"}]}`, rule: "CHK-3", want: "must be a JSON Pointer"},
		{text: `{"findings":[{"severity":"info","pointer":"/a~","message":"m"}]}`, rule: "CHK-3", want: "must be a JSON Pointer"},
		{text: `{"findings":[{"severity":"info","pointer":"/a","message":""}]}`, rule: "CHK-3", want: "not empty"},
		{text: `{"findings":[{"severity":"info","pointer":"/a","message":"m","code":1}]}`, rule: "CHK-3", want: "findings[0].code must be a string"},
		{text: `{"requires":["x"]}`, rule: "VER-5", want: `it requires "x"`, beyond: true},
	} {
		r, err := DecodeCheckResult([]byte(row.text))
		assert.Nil(t, r)
		checkRefused(t, row.text, row.rule, row.want, err)
		if !row.beyond {
			assert.Error(t, spec.Validate("check-result", []byte(row.text)), row.text)
		}
	}
}
