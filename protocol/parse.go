package protocol

import "fmt"

// ParseMessage reads a line as a message. It checks everything that Validate
// checks, in the same pass, and that the line has one of the three forms.
// Unknown keys are ignored (MSG-9). What it returns holds parts of line. The
// error is a *Violation, also for an empty line (FRM-9).
func ParseMessage(line []byte) (Message, error) {
	members, v := scan(line)
	if v != nil {
		return nil, v
	}
	e := envelope{line: line}
	if problem := e.read(members); problem != "" {
		v := NewViolation(NotAMessage, line, problem)
		v.Advice = e.advice(members)
		return nil, v
	}
	var m Message
	if e.method != nil {
		m, v = e.call()
	} else {
		m, v = e.response()
	}
	if v != nil {
		return nil, v
	}
	return m, nil
}

// envelope is what a message may have at its outermost level; nil is absent.
type envelope struct {
	line                                       []byte
	jsonrpc, id, method, params, result, error []byte
}

// read takes the members and returns why they make no message of any kind.
func (e *envelope) read(members []member) string {
	for _, m := range members {
		switch string(m.key) {
		case "jsonrpc":
			e.jsonrpc = m.value
		case "id":
			e.id = m.value
		case "method":
			e.method = m.value
		case "params":
			e.params = m.value
		case "result":
			e.result = m.value
		case "error":
			e.error = m.value
		}
	}
	switch {
	case members == nil && e.first() == '[':
		return "it is an array, and messages are not put together in batches"
	case members == nil:
		return "it is JSON, but no object"
	case e.jsonrpc == nil:
		return `it has no "jsonrpc"`
	case !isText(e.jsonrpc, "2.0"):
		return fmt.Sprintf(`its "jsonrpc" is %s, and not "2.0"`, Quote(e.jsonrpc))
	case e.method == nil && e.id == nil && e.result == nil && e.error == nil:
		return `it has no "method", and nothing that an answer has`
	}
	return ""
}

// advice is for the author who forgot the envelope, or a part of it; for
// others the usual one holds.
func (e *envelope) advice(members []member) string {
	switch {
	case members == nil:
		return ""
	case e.jsonrpc == nil && e.id == nil && e.method == nil:
		return `if this is the answer, put it into an envelope: {"jsonrpc":"2.0","id":1,"result":…}; write everything else to stderr`
	case !isTwo(e.jsonrpc):
		return `a message begins with {"jsonrpc":"2.0",…`
	}
	return ""
}

func isTwo(raw []byte) bool { return raw != nil && isText(raw, "2.0") }

// first returns the first byte of the line that is no white space.
func (e *envelope) first() byte {
	s := scanner{b: e.line}
	s.space()
	return s.peek()
}

// isText reports whether raw is a string that says want.
func isText(raw []byte, want string) bool {
	s, ok := textOf(raw)
	return ok && s == want
}

// textOf returns what the value raw says if it is a string. A program that
// answers one call and ends has no use for the tables that encoding/json
// builds first, so it does without them.
func textOf(raw []byte) (string, bool) {
	if raw[0] != '"' {
		return "", false
	}
	s := scanner{b: raw}
	said, v := s.text(true)
	return string(said), v == nil
}

// call makes a request or a notification.
func (e *envelope) call() (Message, *Violation) {
	method, _ := textOf(e.method)
	if method == "" {
		return nil, e.violation(NotAMessage, `its "method" is no name`)
	}
	if e.result != nil || e.error != nil {
		return nil, e.violation(NotAMessage, `it has a "method", as a request, and a "result" or "error", as an answer`)
	}
	if e.params != nil && e.params[0] != '{' {
		return nil, e.violation(NotAMessage, `its "params" are no object`)
	}
	if e.id == nil {
		return &Notification{Method: method, Params: e.params}, nil
	}
	if !isID(e.id) {
		v := e.violation(BadID, "the id of a request is "+Quote(e.id))
		v.Rule = NotAMessage.about().rule
		return nil, v
	}
	return &Request{ID: e.id, Method: method, Params: e.params}, nil
}

// response makes an answer. An error that is null beside a result counts as
// absent, since libraries write it (MSG-6).
func (e *envelope) response() (Message, *Violation) {
	failed := e.error != nil && string(e.error) != "null"
	switch {
	case e.id == nil:
		return nil, e.violation(WrongID, "an answer without an id")
	case !isID(e.id) && !(failed && string(e.id) == "null"):
		return nil, e.violation(BadID, "the id of an answer is "+Quote(e.id))
	case failed && e.result != nil:
		return nil, e.violation(ResultAndError, "it has both")
	case failed:
		wire, problem := decodeError(e.error)
		if problem != "" {
			return nil, e.violation(BadError, problem)
		}
		return &Response{ID: e.id, Error: wire}, nil
	case e.result == nil:
		return nil, e.violation(NoResultNorError, "it has neither")
	}
	return &Response{ID: e.id, Result: e.result}, nil
}

func (e *envelope) violation(kind Kind, detail string) *Violation {
	return NewViolation(kind, e.line, detail)
}

// isID reports whether raw, a JSON value, is a string or a number.
func isID(raw []byte) bool {
	return raw[0] == '"' || raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9'
}
