package protocol

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

func TestCodeOf(t *testing.T) {
	for _, row := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("anything"), -32603},
		{io.EOF, -32603},
		{&Error{Code: 7}, 7},
		{fmt.Errorf("while asking: %w", &Error{Code: CodeInvalidOptions}), -32002},
		{context.Canceled, -32800},
		{fmt.Errorf("stopped: %w", context.Canceled), -32800},
		{context.DeadlineExceeded, -32003},
		{NewViolation(NotAMessage, nil, ""), -32600},
		{fmt.Errorf("the request: %w", NewViolation(TooLong, nil, "")), -32700},
		{NewViolation(Unterminated, nil, ""), -32700},
		{NewViolation(InvalidUTF8, nil, ""), -32700},
		{NewViolation(NULByte, nil, ""), -32700},
		{NewViolation(DuplicateKey, nil, ""), -32600},
		{NewViolation(BadID, nil, ""), -32600},
		{NewViolation(NoCommonVersion, nil, ""), -32001},
		{NewViolation(BadResult, nil, ""), -32603},
		{NewViolation(UnknownFeature, nil, ""), -32603},
		{NewViolation(NoAnswer, nil, ""), -32603},
		{Validate([]byte("rubbish")), -32700},
	} {
		assert.Equal(t, row.want, CodeOf(row.err), "%v", row.err)
	}
}

func TestErrorsMatchByCode(t *testing.T) {
	m, err := ParseMessage([]byte(`{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"stopped"}}`))
	require.NoError(t, err)
	got := fmt.Errorf("the call: %w", m.(*Response).Error)
	assert.ErrorIs(t, got, &Error{Code: CodeCancelled, Message: "another text"})
	assert.NotErrorIs(t, got, &Error{Code: CodeUnavailable, Message: "stopped"})
	assert.NotErrorIs(t, got, context.Canceled)
	assert.EqualError(t, got, "the call: stopped (code -32800)")
}

func TestErrorHint(t *testing.T) {
	for _, row := range []struct {
		code       int
		data, want string
	}{
		{CodeUnsupportedProtocol, `{"supported":[2,3]}`, "the plugin speaks [2 3]: use a host that does too"},
		{CodeInvalidOptions, `{"pointer":"/tags"}`, `look at the option "/tags"`},
		{CodeUnavailable, `{"retryAfter":1.5}`, "try again in 1.5 s"},
		{CodeUnavailable, `{"retryAfter":60,"x":1}`, "try again in 60 s"},
		{CodeUnavailable, `{"retryAfter":"soon"}`, ""},
		{CodeUnavailable, `[1]`, ""},
		{CodeUnavailable, ``, ""},
		{CodeInvalidOptions, `{}`, ""},
		{7, `{"retryAfter":60,"pointer":"/a","supported":[1]}`, ""},
	} {
		e := &Error{Code: row.code, Message: "no", Data: raw(row.data)}
		assert.Equal(t, row.want, e.Hint(), "%d %s", row.code, row.data)
		assert.NotContains(t, e.Error(), "try")
	}
}

// Every kind has a name of its own, something to say, and a rule that exists.
func TestKinds(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range spec.Rules() {
		rules[r.ID] = true
	}
	require.NotEmpty(t, rules)
	names := map[string]Kind{}
	for k := NotAMessage; k <= UnknownFeature; k++ {
		a := k.about()
		assert.NotEmpty(t, a.want, k)
		assert.NotEmpty(t, a.advice, k)
		assert.True(t, rules[a.rule], "%s: %s is no rule", k, a.rule)
		assert.NotContains(t, names, k.String())
		names[k.String()] = k
		v := NewViolation(k, []byte("came"), "detail")
		assert.Equal(t, "expected "+a.want+`, got "came": detail`, v.Error())
		assert.Equal(t, a.advice, v.Hint())
		assert.Equal(t, a.rule, v.Rule)
	}
	assert.Len(t, names, len(kinds)-1)
	assert.Equal(t, "kind-0", Kind(0).String())
	assert.Equal(t, "kind-99", Kind(99).String())
}

// A host may make a violation of its own, with another rule and advice.
func TestViolationOfTheCallers(t *testing.T) {
	v := &Violation{Kind: BadResult, Rule: "MOD-4", Got: []byte("[]"), Advice: "apply it by hand"}
	assert.Equal(t, `expected a result of the documented form, got "[]"`, v.Error())
	assert.Equal(t, "apply it by hand", v.Hint())
	assert.Equal(t, `expected an answer, got none`, NewViolation(NoAnswer, nil, "").Error())
}

func TestQuote(t *testing.T) {
	assert.Equal(t, `"\x1b[31m\n\u202e\xff"`, Quote([]byte("\x1b[31m\n\u202e\xff")))
	assert.Equal(t, `"`+strings.Repeat("a", 200)+`"`, Quote([]byte(strings.Repeat("a", 200))))
	assert.Equal(t, `"`+strings.Repeat("a", 200)+`"…`, Quote([]byte(strings.Repeat("a", 201))))
	assert.Equal(t, `"`+strings.Repeat("é", 100)+`"…`, Quote([]byte(strings.Repeat("é", 150))))
	assert.Equal(t, `"`+strings.Repeat("a", 199)+`"…`, Quote([]byte(strings.Repeat("a", 199)+"é")))
	assert.Equal(t, `"`+strings.Repeat("a", 198)+`"…`, Quote([]byte(strings.Repeat("a", 198)+"😀")))
}

// A long message is not kept by the violation that quotes it.
func TestViolationKeepsTheHeadOnly(t *testing.T) {
	long := []byte(strings.Repeat("x", 1<<20))
	v := NewViolation(TooLong, long, "")
	assert.Less(t, cap(v.Got), 1000)
	long[0] = 'y'
	assert.Equal(t, byte('x'), v.Got[0])
}

// NAM-1.
func TestValidName(t *testing.T) {
	for _, name := range []string{"a", "0", "drain", "drain-2", "a-b-c", "00-1"} {
		assert.True(t, ValidName(name), name)
	}
	for _, name := range []string{"", "-", "a-", "-a", "a--b", "A", "a_b", "a.b", "a/b", "../a", "é", "a b", "a\x00", "a\n"} {
		assert.False(t, ValidName(name), name)
	}
}
