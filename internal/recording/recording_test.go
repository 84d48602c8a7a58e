package recording

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

const head = `{"time":"2026-01-01T00:00:00Z","process":%d,"plugin":"demo","method":"serve",`

// recorded is a recording of process 1 with a line for each text: what the host
// says behind >, what the plugin says behind <, and the exit status.
func recorded(t *testing.T, lines ...string) *Recording {
	t.Helper()
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, head, 1)
		switch mark, rest, _ := strings.Cut(line, " "); mark {
		case ">":
			fmt.Fprintf(&b, `"from":"host","message":%s}`, rest)
		case "<":
			fmt.Fprintf(&b, `"from":"plugin","message":%s}`, rest)
		case "text":
			fmt.Fprintf(&b, `"from":"plugin","text":%q}`, rest)
		case "exit":
			fmt.Fprintf(&b, `"exit":%s}`, rest)
		}
		b.WriteByte('\n')
	}
	r, err := Parse("t.jsonl", []byte(b.String()))
	require.NoError(t, err)
	return r
}

func exchange(t *testing.T, lines ...string) *Exchange {
	t.Helper()
	all := recorded(t, lines...).Exchanges()
	require.Len(t, all, 1)
	return all[0]
}

const (
	ask1 = `> {"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1}}`
	ask2 = `> {"jsonrpc":"2.0","id":2,"method":"check","params":{"protocol":1}}`
)

func TestCompare(t *testing.T) {
	result := func(id, result string) string {
		return `< {"jsonrpc":"2.0","id":` + id + `,"result":` + result + `}`
	}
	note := func(method, params string) string {
		return `< {"jsonrpc":"2.0","method":"` + method + `","params":` + params + `}`
	}
	same := []Difference{}
	for _, tc := range []struct {
		name        string
		before, now []string
		want        []Difference
	}{
		{"the order of keys and the form of numbers", []string{ask1, result("1", `{"a":1.0,"b":2}`)}, []string{ask1, result("1", `{"b":2,"a":1}`)}, same},
		{"other fields of the answer", []string{ask1, result("1", `7`)}, []string{ask1, `< {"x":1,"jsonrpc":"2.0","id":1,"result":7}`}, same},
		{"the order of answers to several calls", []string{ask1, ask2, result("1", `1`), result("2", `2`)}, []string{ask1, ask2, result("2", `2`), result("1", `1`)}, same},
		{"progress and changed", []string{ask1, note("progress", `{"done":1}`), result("1", `1`)}, []string{ask1, note("changed", `{}`), result("1", `1`)}, same},
		{"how output is split", []string{ask1, note("output", `{"stream":"stdout","text":"ab"}`)}, []string{ask1, note("output", `{"stream":"stdout","text":"a"}`), note("output", `{"stream":"stdout","text":"b"}`)}, same},
		{"an end that is not recorded", []string{ask1}, []string{ask1, `exit {"status":1}`}, same},

		{
			"values",
			[]string{ask1, result("1", `{"a":[1],"b":2,"c":{"d":3}}`)},
			[]string{ask1, result("1", `{"a":[2],"c":{"d":3,"e":4}}`)},
			[]Difference{{1, "modify", "result /a", "[1]", "[2]"}, {1, "modify", "result /b", "2", ""}, {1, "modify", "result /c/e", "", "4"}},
		},
		{
			"an error",
			[]string{ask1, `< {"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"x","data":[1]}}`},
			[]string{ask1, `< {"jsonrpc":"2.0","id":1,"error":{"code":8,"message":"x","data":[1]}}`},
			[]Difference{{1, "modify", "error /code", "7", "8"}},
		},
		{
			"an error in place of a result, of the second call",
			[]string{ask1, ask2, result("1", `1`), result("2", `{}`)},
			[]string{ask1, ask2, result("1", `1`), `< {"jsonrpc":"2.0","id":2,"error":{"code":7,"message":"x"}}`},
			[]Difference{{2, "check", "answer", `{"jsonrpc":"2.0","id":2,"result":{}}`, `{"jsonrpc":"2.0","id":2,"error":{"code":7,"message":"x"}}`}},
		},
		{"no answer", []string{ask1, result("1", `1`)}, []string{ask1}, []Difference{{1, "modify", "answer", `{"jsonrpc":"2.0","id":1,"result":1}`, ""}}},
		{"a call that is not made", []string{ask1, ask2}, []string{ask1}, []Difference{{2, "check", "call", "", "(not made, as the process had ended)"}}},
		{
			"the order of messages",
			[]string{ask1, note("log", `{"message":"a"}`), note("log", `{"message":"b"}`)},
			[]string{ask1, note("log", `{"message":"b"}`)},
			[]Difference{{1, "modify", "message 1", `log {"message":"a"}`, `log {"message":"b"}`}, {1, "modify", "message 2", `log {"message":"b"}`, ""}},
		},
		{
			"text, and a second answer",
			[]string{ask1, result("1", `1`)},
			[]string{ask1, "text oops", result("1", `1`), result("1", `1`), "text "},
			[]Difference{{What: "line 1", Now: "oops"}, {What: "line 2", Now: `{"jsonrpc":"2.0","id":1,"result":1}`}, {What: "line 3"}},
		},
		{"an answer to nothing (MSG-3)", []string{ask1}, []string{ask1, result(`"1"`, `1`)}, []Difference{{What: "line 1", Now: `{"jsonrpc":"2.0","id":"1","result":1}`}}},
		{"the end", []string{ask1, `exit {"status":0}`}, []string{ask1, `exit {"signal":"SIGKILL"}`}, []Difference{{What: "end", Recorded: "exit status 0", Now: "ended by SIGKILL"}}},
		{"an end that did not come", []string{ask1, `exit {"status":0}`}, []string{ask1, `exit {}`}, []Difference{{What: "end", Recorded: "exit status 0", Now: "did not end"}}},
	} {
		got := Compare(exchange(t, tc.before...), exchange(t, tc.now...))
		if len(tc.want) == 0 {
			assert.Empty(t, got, tc.name)
			continue
		}
		assert.Equal(t, tc.want, got, tc.name)
	}
}

// MSG-11: an error without an id belongs to the only call that waits; NTF-4: so
// does a notification without request.
func TestMessagesWithoutAnIDBelongToTheOnlyCallThatWaits(t *testing.T) {
	calls, _ := exchange(
		t, ask1, `< {"jsonrpc":"2.0","id":1,"result":1}`, ask2,
		`< {"jsonrpc":"2.0","method":"log","params":{"message":"a"}}`,
		`< {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}`,
	).Script()
	require.Len(t, calls, 2)
	assert.Empty(t, calls[0].Said)
	assert.Len(t, calls[1].Said, 1)
	require.NotNil(t, calls[1].Answer)
	assert.Equal(t, "x", calls[1].Answer.Error.Message)
}

func TestScriptOfWhatTheHostDoes(t *testing.T) {
	calls, steps := exchange(
		t, ask1, ask2,
		`< {"jsonrpc":"2.0","method":"log","params":{"request":1,"message":"a"}}`,
		`< {"jsonrpc":"2.0","id":"q","method":"config.get","params":{"request":1,"pointer":"/a"}}`,
		`> {"jsonrpc":"2.0","id":"q","result":{"found":false}}`,
		`< {"jsonrpc":"2.0","id":2,"result":1}`,
		`> {"jsonrpc":"2.0","method":"cancel","params":{"id":1}}`,
		`> {"jsonrpc":"2.0","method":"cancel","params":{"id":9}}`,
		`> {"jsonrpc":"2.0","id":3,"method":"describe"}`,
	).Script()
	assert.Equal(t, []Step{{Call: 0}, {Call: 1}, {Call: 0, Cancel: true, After: []int{1}, Said: 2}, {Call: 2, After: []int{1}}}, steps)

	asked := &protocol.Request{Method: "config.get", Params: []byte(`{"pointer":"/a","request":7}`)}
	found := map[int]bool{}
	q, ok := calls[0].Find(asked, found)
	require.True(t, ok)
	assert.Equal(t, `{"found":false}`, string(q.Answer.Result))
	_, ok = calls[0].Find(asked, found)
	assert.False(t, ok, "it was asked once")
}

func TestReplaceKeepsTheOthersInPlace(t *testing.T) {
	var text strings.Builder
	for _, process := range []int{1, 2, 1, 3} {
		fmt.Fprintf(&text, head+`"from":"plugin","text":"old"}`+"\n", process)
	}
	r, err := Parse("t.jsonl", []byte(text.String()))
	require.NoError(t, err)
	same, err := r.Encode()
	require.NoError(t, err)
	assert.Equal(t, text.String(), string(same))

	now := &Exchange{Process: 1, Lines: []Line{{Process: 1, Text: "a<b"}}}
	r.Replace(now)
	var got []string
	for _, line := range r.Lines {
		got = append(got, fmt.Sprint(line.Process, line.Text))
	}
	assert.Equal(t, []string{"1a<b", "2old", "3old"}, got)
	changed, err := r.Encode()
	require.NoError(t, err)
	assert.Contains(t, string(changed), `"text":"a<b"`)
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	good := fmt.Sprintf(head, 1) + `"from":"host"}` + "\n"
	for text, want := range map[string]string{
		"":                  "t.jsonl: nothing is recorded in it",
		good + "[]\n":       `t.jsonl:2: expected a JSON object with a line of a recording, got "[]"`,
		good + `{"time":"x`: `t.jsonl:2: expected a JSON object`,
		good + "{}\n":       "t.jsonl:2: process must be a number from 1",
		`{"process":1}`:     `t.jsonl:1: plugin must be the name of a plugin, not ""`,
		`{"process":1,"plugin":"../x","from":"host"}`:              `plugin must be the name of a plugin, not "../x"`,
		`{"process":1,"plugin":"a","from":"host"}`:                 "method is missing",
		`{"process":1,"plugin":"a","method":"modify","from":"me"}`: `from must be host or plugin, not "me"`,
	} {
		_, err := Parse("t.jsonl", []byte(text))
		var e *Error
		require.ErrorAs(t, err, &e, text)
		assert.ErrorContains(t, err, want, text)
		assert.NotEmpty(t, e.Hint())
	}
}

// Whatever is in a file, reading it ends with a recording or an error.
func FuzzParse(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(head, 1) + `"from":"host","message":{"jsonrpc":"2.0","id":1,"method":"modify"}}`))
	f.Add([]byte(fmt.Sprintf(head, 1) + `"from":"plugin","message":{"jsonrpc":"2.0","id":null,"error":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse("f", text)
		if err != nil {
			return
		}
		for _, e := range r.Exchanges() {
			for _, d := range Compare(e, e) {
				t.Errorf("an exchange differs from itself: %+v", d)
			}
			r.Replace(e)
		}
		again, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse("f", again); err != nil {
			t.Errorf("cannot read what was written: %v", err)
		}
	})
}
