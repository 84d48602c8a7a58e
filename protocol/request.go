package protocol

import (
	"bytes"
	"encoding/json"
	"slices"
)

// unreadFrom is the length of a line from which on ParseRequest leaves config
// unread. Shorter ones are what people type, and take a few microseconds.
const unreadFrom = 4 << 10

// inFront are the keys that hosts write in front of config, for the methods
// that have it (MSG-2). Where one is missing it may stand behind (MSG-9), so
// that config is not the rest of the line.
var inFront = map[string][]string{
	MethodModify:  {"protocol", "options", "context"},
	MethodCheck:   {"protocol", "options", "context", "changes"},
	MethodCommand: {"protocol", "name", "arguments", "options", "context"},
}

// ParseRequest reads a request that is written as hosts write it (MSG-2), and
// returns it with its params by their names. It checks what ParseMessage
// checks, with one exception: the config of a long line is the rest of that
// line, and is not looked at. Whoever decodes it finds where it is no JSON, and
// asks ParseMessage why. What else a message must not hold (FRM-3 to FRM-6)
// encoding/json lets pass; that no host writes it is relied upon. Every other
// line ParseRequest leaves to ParseMessage, and reports false; so it does when
// something is wrong.
func ParseRequest(line []byte) (r *Request, params map[string]json.RawMessage, ok bool) {
	return parseRequest(line, unreadFrom)
}

func parseRequest(line []byte, unreadFrom int) (*Request, map[string]json.RawMessage, bool) {
	r, ok := cutEnvelope(line)
	if !ok {
		return nil, nil, false
	}
	s := scanner{b: r.Params, around: 1, stacks: newStacks()}
	defer s.stacks.drop()
	if s.value() != nil {
		return nil, nil, false
	}
	keys, hasConfig := inFront[r.Method]
	for unread := hasConfig && len(line) >= unreadFrom; len(s.open) > 0; {
		if unread && s.inConfig() && s.has(keys) {
			s.skipTo(len(s.b) - 1)
			break
		}
		if s.next() != nil {
			return nil, nil, false
		}
	}
	params := make(map[string]json.RawMessage, len(s.members))
	for _, m := range s.members {
		params[string(m.key)] = m.value
	}
	return r, params, len(s.open) > 0 || s.i == len(s.b)
}

// cutEnvelope takes off what stands around the params, if it is in the form of
// MSG-2, with an integer as id and a name as method.
func cutEnvelope(line []byte) (*Request, bool) {
	rest, ok1 := bytes.CutPrefix(line, []byte(`{"jsonrpc":"2.0","id":`))
	id, rest := cutWhile(rest, func(c byte) bool { return '0' <= c && c <= '9' })
	rest, ok2 := bytes.CutPrefix(rest, []byte(`,"method":"`))
	method, rest := cutWhile(rest, func(c byte) bool { return 'a' <= c && c <= 'z' || c == '.' })
	rest, ok3 := bytes.CutPrefix(rest, []byte(`","params":`))
	params, ok4 := bytes.CutSuffix(rest, []byte("}"))
	if !ok1 || !ok2 || !ok3 || !ok4 || len(method) == 0 || len(id) == 0 || id[0] == '0' || !bytes.HasPrefix(params, []byte("{")) {
		return nil, false
	}
	return &Request{ID: json.RawMessage(id), Method: string(method), Params: json.RawMessage(params)}, true
}

func cutWhile(b []byte, is func(byte) bool) (head, rest []byte) {
	i := 0
	for i < len(b) && is(b[i]) {
		i++
	}
	return b[:i:i], b[i:]
}

// inConfig reports whether the scanner stands right behind the brace that opens
// the member config, and the text ends as such a one does.
func (s *scanner) inConfig() bool {
	return len(s.open) == 2 && s.i == s.start+1 && s.b[s.start] == '{' &&
		string(s.members[len(s.members)-1].key) == "config" && bytes.HasSuffix(s.b[s.i:], []byte("}}"))
}

// has reports whether the outermost object has the keys so far.
func (s *scanner) has(keys []string) bool {
	for _, key := range keys {
		if !slices.ContainsFunc(s.members, func(m member) bool { return string(m.key) == key }) {
			return false
		}
	}
	return true
}

// skipTo takes what comes before the end for the value of the last member.
func (s *scanner) skipTo(end int) { s.members[len(s.members)-1].value = s.b[s.start:end] }
