package conn

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

const (
	good   = `{"jsonrpc":"2.0","id":1,"result":{}}` + "\n"
	noKind = protocol.Kind(0)
)

// wire is what a plugin may print to stdout, and what becomes of it. With kind
// 0 the call ends with the result or error in want, else with a violation
// whose text holds want. Late violations are noticed after a good answer.
var wire = []struct {
	out  string
	kind protocol.Kind
	rule string
	want string
	late bool
}{
	// Answers, in whatever form JSON has them (MSG-9, FRM-2).
	{out: good, want: `{}`},
	{out: `{"jsonrpc":"2.0","id":1,"result":{"b":1,"a":2}}` + "\r\n", want: `{"b":1,"a":2}`},
	{out: ` { "result" : [ 1.0 , "\u0041<&>" ] , "x" : null , "id" : 1 , "jsonrpc" : "2.0" } ` + "\n", want: `[ 1.0 , "\u0041<&>" ]`},
	{out: `{"jsonrpc":"2.0","id":1,"result":null}` + "\n", want: `null`},
	{out: `{"jsonrpc":"2.0","id":1,"result":{},"error":null}` + "\n", want: `{}`},
	{out: `{"\u006asonrpc":"\u0032.0","id":1,"result":7}` + "\n", want: `7`},
	{out: `{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"no site file"}}` + "\n", want: "no site file (code 7)"},
	{out: `{"jsonrpc":"2.0","id":1,"error":{"message":"no","code":-32001,"data":{"supported":[2]},"x":1}}` + "\n", want: "no (code -32001)"},
	{out: `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}` + "\n", want: "no JSON (code -32700)"}, // MSG-11
	{out: `{"jsonrpc":"2.0","method":"log","params":{"level":"info"}}` + "\n" + good, want: `{}`},
	{out: `{"jsonrpc":"2.0","method":"x-unknown"}` + "\n" + good, want: `{}`}, // NTF-5
	{out: good + `{"jsonrpc":"2.0","method":"log","params":{}}` + "\n", want: `{}`},

	// Lines that are no message.
	{out: "starting up\n" + good, kind: protocol.NotAMessage, rule: "FRM-9", want: `"starting up"`},
	{out: "\n" + good, kind: protocol.NotAMessage, rule: "FRM-9", want: `""`},
	{out: "\r\n" + good, kind: protocol.NotAMessage, rule: "FRM-9", want: `""`},
	{out: "[" + strings.TrimSpace(good) + "]\n", kind: protocol.NotAMessage, rule: "FRM-9", want: "batch"}, // FRM-10
	{out: "[]\n", kind: protocol.NotAMessage, rule: "FRM-9", want: "batch"},
	{out: "true\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"true"`},
	{out: `"text"` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: "no object"},
	{out: "{}\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `no "jsonrpc"`},
	{out: `{"id":1,"result":{}}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `no "jsonrpc"`}, // MSG-1
	{out: `{"jsonrpc":"1.0","id":1,"result":{}}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"\"1.0\""`},
	{out: `{"jsonrpc":2.0,"id":1,"result":{}}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `its "jsonrpc" is "2.0"`},
	{out: `{"jsonrpc":"2.0"}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `no "method"`},
	{out: `{"jsonrpc":"2.0","method":7}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"method"`},
	{out: `{"jsonrpc":"2.0","method":"log","params":[1]}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"params"`},
	{out: `{"jsonrpc":"2.0","id":1,"method":"modify","result":{}}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: "as a request"},
	{out: strings.TrimSpace(good) + " " + good, kind: protocol.NotAMessage, rule: "FRM-9", want: "nothing after the value"},
	{out: "{\n" + `  "jsonrpc": "2.0"` + "\n}\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"{"`},
	{out: `{"jsonrpc":"2.0","id":1,"result":{'a':1}}` + "\n", kind: protocol.NotAMessage, rule: "FRM-9", want: "at byte 35"},
	{out: "\x1b[31mred\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"\x1b[31mred"`},
	{out: good + "done\n", kind: protocol.NotAMessage, rule: "FRM-9", want: `"done"`, late: true},

	// Lines that may not be read.
	{out: strings.Repeat("x", 5000) + "\n", kind: protocol.TooLong, rule: "FRM-7", want: `"xxxxx`},
	{out: strings.Repeat("y", 5000), kind: protocol.TooLong, rule: "FRM-7", want: "longer than 4096 bytes"},
	{out: good + strings.Repeat("z", 5000), kind: protocol.TooLong, rule: "FRM-7", want: "zzz", late: true},
	{out: strings.TrimSpace(good), kind: protocol.Unterminated, rule: "FRM-8", want: `\"result\":{}}"`},
	{out: `{"jsonrpc":"2.0","id":1,"res`, kind: protocol.Unterminated, rule: "FRM-8", want: `\"res"`},
	{out: good + "half", kind: protocol.Unterminated, rule: "FRM-8", want: `"half"`, late: true},
	{out: `{"jsonrpc":"2.0","id":1,"result":"` + "\xff" + `"}` + "\n", kind: protocol.InvalidUTF8, rule: "FRM-3", want: `\xff`},
	{out: `{"jsonrpc":"2.0","id":1,"result":"\ud800"}` + "\n", kind: protocol.InvalidUTF8, rule: "FRM-3", want: "surrogate"},
	{out: "\ufeff" + good, kind: protocol.InvalidUTF8, rule: "FRM-3", want: "byte order mark"},
	{out: `{"jsonrpc":"2.0","id":1,"result":"\u0000"}` + "\n", kind: protocol.NULByte, rule: "FRM-4", want: `\u0000`},
	{out: "\x00\n", kind: protocol.NULByte, rule: "FRM-4", want: `"\x00"`},
	{out: `{"jsonrpc":"2.0","id":1,"id":2,"result":{}}` + "\n", kind: protocol.DuplicateKey, rule: "FRM-5", want: `"id" stands`},
	{out: `{"jsonrpc":"2.0","id":1,"result":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}\n", kind: protocol.TooDeep, rule: "FRM-6", want: "1000 levels"},

	// Answers that are none.
	{out: `{"jsonrpc":"2.0","id":2,"result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `its id is "2"`},
	{out: `{"jsonrpc":"2.0","id":0,"result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `the request's is 1`},
	{out: `{"jsonrpc":"2.0","id":"1","result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `its id is "\"1\""`},
	{out: `{"jsonrpc":"2.0","id":1.0,"result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `"1.0"`},
	{out: `{"jsonrpc":"2.0","id":-1,"result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `"-1"`},
	{out: `{"jsonrpc":"2.0","id":18446744073709551617,"result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: `"18446744073709551617"`},
	{out: `{"jsonrpc":"2.0","result":{}}` + "\n", kind: protocol.WrongID, rule: "MSG-3", want: "without an id"},
	{out: `{"jsonrpc":"2.0","id":null,"result":{}}` + "\n", kind: protocol.BadID, rule: "MSG-3", want: `is "null"`},
	{out: `{"jsonrpc":"2.0","id":[1],"result":{}}` + "\n", kind: protocol.BadID, rule: "MSG-3", want: `is "[1]"`},
	{out: `{"jsonrpc":"2.0","id":true,"error":{"code":1,"message":"no"}}` + "\n", kind: protocol.BadID, rule: "MSG-3", want: `is "true"`},
	{out: good + good, kind: protocol.TwoAnswers, rule: "MSG-4", want: "has an answer already", late: true},
	{out: good + `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}` + "\n", kind: protocol.TwoAnswers, rule: "MSG-4", want: `\"no\"`, late: true},
	{out: good + `{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}` + "\n", kind: protocol.TwoAnswers, rule: "MSG-4", want: `null`, late: true},
	{out: `{"jsonrpc":"2.0","id":1}` + "\n", kind: protocol.NoResultNorError, rule: "MSG-5", want: "neither"},
	{out: `{"jsonrpc":"2.0","id":1,"error":null}` + "\n", kind: protocol.NoResultNorError, rule: "MSG-5", want: "neither"},
	{out: `{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"no"}}` + "\n", kind: protocol.ResultAndError, rule: "MSG-6", want: "both"},
	{out: `{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"no"}}` + "\n", kind: protocol.ResultAndError, rule: "MSG-6", want: "both"},
	{out: `{"jsonrpc":"2.0","id":1,"error":"no"}` + "\n", kind: protocol.BadError, rule: "ERR-1", want: "error must be an object"},
	{out: `{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"no"}}` + "\n", kind: protocol.BadError, rule: "ERR-1", want: "error.code must be an integer"},
	{out: `{"jsonrpc":"2.0","id":1,"error":{"code":1}}` + "\n", kind: protocol.BadError, rule: "ERR-1", want: "error.message is missing"},
	{out: "", kind: protocol.NoAnswer, rule: "MSG-7", want: `got none: stdout ended before the answer to "describe"`},
	{out: `{"jsonrpc":"2.0","method":"log","params":{}}` + "\n", kind: protocol.NoAnswer, rule: "MSG-7", want: "got none"},

	// Requests, which a plugin that runs for one call cannot have answered.
	{out: `{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"pointer":"/asn"}}` + "\n", kind: protocol.UnexpectedRequest, rule: "MSG-12", want: `"config.get"`},
	{out: `{"jsonrpc":"2.0","id":null,"method":"config.get"}` + "\n", kind: protocol.BadID, rule: "FRM-9", want: `the id of a request is "null"`},
	{out: good + `{"jsonrpc":"2.0","id":9,"method":"x"}` + "\n", kind: protocol.UnexpectedRequest, rule: "MSG-12", want: `"x"`, late: true},
}

// TestWire feeds what no library would print, before and after the request
// comes (INV-3, FRM-12, MSG-8).
func TestWire(t *testing.T) {
	o := Options{Limit: 4096}
	for _, row := range wire {
		t.Run(row.out[:min(len(row.out), 60)], func(t *testing.T) {
			for _, c := range []*Conn{printed(t, row.out, o), connected(t, o, after(row.out))} {
				result, err := c.Call(patient(t), Call{Method: "describe", Params: []byte(`{"protocol":1}`)})
				wait(t, c.Done())
				if row.late {
					require.NoError(t, err)
					assert.Equal(t, `{}`, string(result))
					err = c.Err()
				}
				if row.kind == noKind {
					checkAnswer(t, row.want, result, err)
					assert.NoError(t, c.Err())
				} else {
					checkViolation(t, row.kind, row.rule, row.want, err)
				}
			}
		})
	}
}

func checkAnswer(t *testing.T, want string, result []byte, err error) {
	t.Helper()
	var wire *protocol.Error
	if err != nil {
		require.ErrorAs(t, err, &wire)
		result = []byte(wire.Error())
	}
	assert.Equal(t, want, string(result))
}

func checkViolation(t *testing.T, kind protocol.Kind, rule, want string, err error) {
	t.Helper()
	var v *protocol.Violation
	require.ErrorAs(t, err, &v)
	assert.Equal(t, kind, v.Kind, "%s", v.Kind)
	assert.Equal(t, rule, v.Rule)
	assert.Contains(t, v.Error(), want)
	assert.NotEmpty(t, v.Hint())
}
