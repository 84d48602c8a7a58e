package conform

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// take judges one line of a plugin that is kept running.
func (s *session) take(line []byte) *fault {
	message, err := protocol.ParseMessage(line)
	var f *fault
	if err != nil && !errors.As(refused(err), &f) {
		f = broke("FRM-9", "", "%s", err)
	}
	switch m := message.(type) {
	case *protocol.Request:
		f = s.question(m)
	case *protocol.Notification:
		if f = noteForm(m, line); f == nil {
			f = s.belongs(m)
		}
	case *protocol.Response:
		f = s.answer(m)
	}
	if f != nil {
		f.got = line
		return f.during(s.args, s.sent, nil)
	}
	return nil
}

func (s *session) waits(id string) bool {
	return slices.Contains(s.waiting, id) && s.answers[id] == nil
}

func (s *session) answer(m *protocol.Response) *fault {
	id := string(m.ID)
	switch {
	case s.waits(id):
		s.answers[id] = m
		return errorForm(m.Error)
	case s.answers[id] != nil && !sameNumber(id, s.pending()):
		return broke("MSG-4", "answer each request once", "expected no second answer to the request with the id %s", id)
	case id == "null" && s.unreadable > 0:
		s.unreadable--
		return errorForm(m.Error)
	case id == "null":
		return broke("MSG-10", "copy the id of the request into the answer as it is", "expected the id of a request, got null, which is for requests whose id cannot be read")
	}
	return broke("MSG-3", "copy the id of the request into the answer byte for byte", "expected the id of a request that waits, such as %s, got %s", s.pending(), id)
}

// sameNumber reports whether two ids are one number in two spellings.
func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}

// belongs holds a notification to a call that waits (NTF-4).
func (s *session) belongs(m *protocol.Notification) *fault {
	if m.Method == protocol.NoteChanged {
		return nil
	}
	id, ok := requestOf(m.Params)
	if ok && s.waits(id) {
		return nil
	}
	const hint = "add the id of the host's call as params.request"
	if !ok {
		return broke("NTF-4", hint, "expected the id of a call in params.request of the notification %q, got none", m.Method)
	}
	return broke("NTF-4", hint, "expected the id of a call that waits in params.request of the notification %q, got %s", m.Method, id)
}

// requestOf returns params.request as it stands there.
func requestOf(params json.RawMessage) (string, bool) {
	var p struct {
		Request json.RawMessage `json:"request"`
	}
	if json.Unmarshal(params, &p) != nil || len(p.Request) == 0 {
		return "", false
	}
	return string(p.Request), true
}

// question judges a request of the plugin's and answers it.
func (s *session) question(m *protocol.Request) *fault {
	switch {
	case m.ID[0] != '"':
		return violated(protocol.NewViolation(protocol.BadRequestID, m.ID, ""))
	case s.pending() == "null":
		return broke("ASK-1", "ask only while a call waits for its answer", "expected no request while no call waits, got %q", m.Method)
	}
	if m.Method == protocol.MethodConfigGet {
		if _, err := protocol.DecodeConfigGet(m.Params); err != nil {
			return broke("ASK-2", "send request and pointer", "%s", err)
		}
	}
	id, named := requestOf(m.Params)
	if named && !s.waits(id) {
		return broke("ASK-1", "ask before the plugin answers that call", "expected a request that belongs to a call that waits, got %q for the call %s", m.Method, id)
	}
	reply := &protocol.Response{ID: m.ID}
	err := error(&protocol.Error{Code: protocol.CodeInvalidParams, Message: "this call has no view"})
	if named && s.ask != nil {
		reply.Result, err = s.ask(m)
	}
	var answered *protocol.Error
	if errors.As(err, &answered) {
		reply.Error = answered
	}
	return s.reply(append(protocol.AppendMessage(nil, reply), '\n'))
}

// reply writes an answer. A plugin that asks and does not read is at fault.
func (s *session) reply(line []byte) *fault {
	timer := time.NewTimer(s.t.deadline())
	defer timer.Stop()
	select {
	case s.out <- line:
	case <-s.reading.done: // step tells of it
	case <-s.t.ctx.Done():
	case <-timer.C:
		return s.blame("expected the plugin to read the answer to its question, and it did not for %s", s.t.deadline())
	}
	return nil
}
