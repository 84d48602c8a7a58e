package conform

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// noteRules are the rules for what the params of a notification hold. The names
// are those of the schemas, too.
var noteRules = map[string]string{
	protocol.NoteLog:      "NTF-2",
	protocol.NoteProgress: "NTF-3",
	protocol.NoteOutput:   "CMD-8",
}

// noteForm judges the params of a notification. One that is not known may hold
// anything.
func noteForm(m *protocol.Notification, line []byte) *fault {
	rule, known := noteRules[m.Method]
	if !known {
		return nil
	}
	var mismatch *spec.MismatchError
	if !errors.As(spec.Validate(m.Method, line), &mismatch) {
		return nil
	}
	return broke(rule, "see the example in the protocol", "the notification %q has another form than the protocol says: %s", m.Method, mismatch.Problem())
}

// errorForm judges an error answer; nil is none.
func errorForm(e *protocol.Error) *fault {
	switch {
	case e == nil:
		return nil
	case e.Code <= 0 && !tabled[e.Code]:
		return broke("ERR-2", "take a code from the table, or one of the plugin's own from 1 on", "expected an error code of the table, or one from 1 to 2147483647, got %d", e.Code)
	case e.Code == protocol.CodeUnsupportedProtocol:
		return supportedForm(e.Data)
	}
	return nil
}

var tabled = map[int]bool{
	protocol.CodeParseError: true, protocol.CodeInvalidRequest: true, protocol.CodeMethodNotFound: true,
	protocol.CodeInvalidParams: true, protocol.CodeInternalError: true, protocol.CodeUnsupportedProtocol: true,
	protocol.CodeInvalidOptions: true, protocol.CodeUnavailable: true, protocol.CodeCancelled: true,
}

func supportedForm(data json.RawMessage) *fault {
	var d struct {
		Supported []int `json:"supported"`
	}
	if err := json.Unmarshal(data, &d); err == nil && len(d.Supported) > 0 {
		return nil
	}
	got := "no data"
	if len(data) > 0 {
		got = protocol.Quote(data)
	}
	return broke("ERR-3", `add "data":{"supported":[1]} to the error`, "expected data.supported, a list of versions that is not empty, got %s", got)
}

// request returns a request line.
func request(id, method string, params json.RawMessage) []byte {
	return append(protocol.AppendRequest(nil, json.RawMessage(id), method, params), '\n')
}

// greased returns params, an object, with fields behind its first, where no
// config is pushed from the end (MSG-2), that no version of the protocol has; if
// size is not 0, one of that size.
func greased(params json.RawMessage, size int) json.RawMessage {
	at := len(`{"protocol":1`)
	if size == 0 {
		return fmt.Appendf(nil, `%s,"x-later":{"id":7,"method":"modify","list":[null,1.5e3,"\u00fc"]},"x-trace":"a"%s`, params[:at], params[at:])
	}
	return fmt.Appendf(nil, `%s,"x-large":%q%s`, params[:at], strings.Repeat("0123456789abcdef", size/16), params[at:])
}
