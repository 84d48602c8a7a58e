package recording

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Call is one request of the host's, with all that the plugin said during it.
type Call struct {
	Request   *protocol.Request
	Answer    *protocol.Response // nil if none came
	Said      []Said             // in order, but for progress and output
	Output    map[string]string  // what the plugin printed, by stream
	Questions []Question         // those of Said

	answer json.RawMessage // the whole line
}

// Said is a notification or a question of the plugin's.
type Said struct {
	Method string
	Params tree.Value // without request; nil for none
}

// Question is a request of the plugin's, with what the host answered.
type Question struct {
	Said
	Answer *protocol.Response // nil if the plugin was told nothing
	id     string
}

// Step is something that the host does in an exchange that has several calls.
type Step struct {
	Call   int   // which one, from 0
	Cancel bool  // the host cancels the call; otherwise it makes it
	After  []int // the calls that were answered before
	Said   int   // how much the plugin had said during the call before
}

// script is an exchange taken apart.
type script struct {
	calls []*Call
	steps []Step
	loose []string // lines of the plugin's that belong to no call, or are no message
	exit  *Exit    // nil if the end is not recorded
	byID  map[string]int
}

// Script returns the calls of the exchange, and what the host does in which
// order.
func (e *Exchange) Script() ([]*Call, []Step) {
	s := e.script()
	return s.calls, s.steps
}

func (e *Exchange) script() *script {
	s := &script{byID: map[string]int{}}
	for _, line := range e.Lines {
		switch {
		case line.Exit != nil:
			s.exit = line.Exit
		case line.From == FromHost:
			s.host(line)
		case line.From == FromPlugin:
			s.plugin(line)
		}
	}
	return s
}

func (s *script) host(line Line) {
	m, err := protocol.ParseMessage(line.Message)
	if err != nil {
		return // the host writes messages only
	}
	switch m := m.(type) {
	case *protocol.Request:
		s.steps = append(s.steps, Step{Call: len(s.calls), After: s.answered()})
		s.byID[string(m.ID)] = len(s.calls)
		s.calls = append(s.calls, &Call{Request: m, Output: map[string]string{}})
	case *protocol.Notification:
		var p protocol.CancelParams
		_ = json.Unmarshal(m.Params, &p) // params are an object, or absent
		if i, ok := s.byID[string(p.ID)]; ok && m.Method == protocol.NoteCancel {
			s.steps = append(s.steps, Step{Call: i, Cancel: true, After: s.answered(), Said: len(s.calls[i].Said)})
		}
	case *protocol.Response:
		s.answerQuestion(m)
	}
}

func (s *script) answerQuestion(m *protocol.Response) {
	for _, c := range s.calls {
		for i := range c.Questions {
			if q := &c.Questions[i]; q.Answer == nil && q.id == string(m.ID) {
				q.Answer = m
				return
			}
		}
	}
}

// answered returns the calls that have an answer.
func (s *script) answered() []int {
	var all []int
	for i, c := range s.calls {
		if c.Answer != nil {
			all = append(all, i)
		}
	}
	return all
}

func (s *script) plugin(line Line) {
	m, err := protocol.ParseMessage(line.Message)
	if err != nil {
		text := line.Text
		if line.Message != nil {
			text = string(line.Message)
		}
		s.loose = append(s.loose, text)
		return
	}
	var c *Call
	switch m := m.(type) {
	case *protocol.Response:
		if c = s.byRequest(m.ID); c != nil && c.Answer == nil {
			c.Answer, c.answer = m, line.Message
			return
		}
	case *protocol.Notification:
		if m.Method == protocol.NoteProgress || m.Method == protocol.NoteChanged {
			return // when, and how often, they come depends on time
		}
		if c = s.belonging(m.Params); c != nil {
			c.notified(m)
			return
		}
	case *protocol.Request:
		if c = s.belonging(m.Params); c != nil {
			said := Said{m.Method, withoutRequest(m.Params)}
			c.Said = append(c.Said, said)
			c.Questions = append(c.Questions, Question{Said: said, id: string(m.ID)})
			return
		}
	}
	s.loose = append(s.loose, string(line.Message))
}

// notified takes up a notification. What is printed may be split anywhere
// (CMD-8).
func (c *Call) notified(m *protocol.Notification) {
	var p protocol.OutputParams
	if m.Method == protocol.NoteOutput && json.Unmarshal(m.Params, &p) == nil {
		c.Output[p.Stream] += p.Text
		return
	}
	c.Said = append(c.Said, Said{m.Method, withoutRequest(m.Params)})
}

// belonging returns the call that a notification or a question is part of.
func (s *script) belonging(params json.RawMessage) *Call {
	var p struct {
		Request json.RawMessage `json:"request"`
	}
	_ = json.Unmarshal(params, &p) // params are an object, or absent
	return s.byRequest(p.Request)
}

// byRequest returns the call with that id. Without one, or for null (MSG-11),
// it is the only call, or the only one that waits.
func (s *script) byRequest(id json.RawMessage) *Call {
	if len(id) > 0 && string(id) != "null" {
		if i, ok := s.byID[string(id)]; ok {
			return s.calls[i]
		}
		return nil
	}
	waiting := s.calls
	if len(waiting) > 1 {
		waiting = nil
		for _, c := range s.calls {
			if c.Answer == nil {
				waiting = append(waiting, c)
			}
		}
	}
	if len(waiting) != 1 {
		return nil
	}
	return waiting[0]
}

func withoutRequest(params json.RawMessage) tree.Value {
	v, err := tree.Parse(params)
	if err != nil {
		return nil
	}
	return tree.Without(v, tree.Path{"request"})
}

// Find returns the first question of the call that asks the same, and has not
// been found before.
func (c *Call) Find(asked *protocol.Request, found map[int]bool) (*Question, bool) {
	said := Said{asked.Method, withoutRequest(asked.Params)}
	for i := range c.Questions {
		if !found[i] && said.equal(c.Questions[i].Said) {
			found[i] = true
			return &c.Questions[i], true
		}
	}
	return nil, false
}

func (s Said) equal(o Said) bool { return s.Method == o.Method && tree.Equal(s.Params, o.Params) }

func (s Said) text() string {
	if s.Params == nil {
		return s.Method
	}
	return s.Method + " " + string(tree.Append(nil, s.Params))
}
