package conform

import (
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

const serveHint = "read stdin line by line until it ends, answer each request and flush the output"

func (t *tester) serves() error     { return t.servesWith(protocol.ArgServe) }
func (t *tester) servesBare() error { return t.servesWith() }

// servesWith asks three times, with integers and then a string as ids.
func (t *tester) servesWith(args ...string) error {
	return t.serving("INV-14", serveHint, func(s *session) error {
		for _, id := range []string{"1", "2", "3"} {
			if err := s.describe(id); err != nil {
				return err
			}
		}
		return nil
	}, args...)
}

// serving has do make calls of a plugin that is kept running, and ends it.
func (t *tester) serving(rule, hint string, do func(*session) error, args ...string) error {
	if err := t.notKept(); err != nil {
		return err
	}
	s, err := t.serve(rule, hint, args...)
	if err != nil {
		return err
	}
	return s.end(do(s))
}

// describe asks what the plugin is, which must be what it said before.
func (s *session) describe(id string) error {
	if err := s.send(request(id, protocol.MethodDescribe, describeParams)); err != nil {
		return err
	}
	if err := s.await(id); err != nil {
		return err
	}
	answer := s.answers[id]
	if answer.Error != nil {
		return s.blame("expected a result, got the error %d: %s", answer.Error.Code, answer.Error.Message)
	}
	return s.t.same(answer.Result, s.args, s.sent)
}

// played plays the host's part of a dialogue. Its first rule is the one that a
// plugin breaks when it comes to another outcome.
func played(d spec.Dialogue) func(*tester) error {
	return func(t *tester) error {
		return t.serving(d.Rules[0], mends[d.Rules[0]], func(s *session) error { return s.play(d) }, protocol.ArgServe)
	}
}

func (s *session) play(d spec.Dialogue) error {
	var above []string // answered above the line
	for _, step := range d.Steps {
		if !step.Host {
			if m, err := protocol.ParseMessage(trimmed(step.Text)); err == nil && isAnswer(m) {
				above = append(above, string(m.(*protocol.Response).ID))
			}
			continue
		}
		if err := s.await(above...); err != nil {
			return err
		}
		if err := s.send(step.Text); err != nil {
			return err
		}
	}
	for _, call := range d.Calls {
		if err := s.await(call.ID); err != nil {
			return err
		}
		if err := s.came(call); err != nil {
			return err
		}
	}
	return nil
}

// came compares how a call ended with how it must.
func (s *session) came(call spec.CallOutcome) error {
	answer := s.answers[call.ID]
	switch {
	case call.Kind == spec.Result && answer.Error == nil:
		return nil
	case call.Kind == spec.Error && answer.Error != nil && answer.Error.Code == call.Code:
		return nil
	case call.Kind == spec.Error:
		return s.blame("expected the error %d to the request with the id %s, got %s", call.Code, call.ID, outcome(answer))
	}
	return s.blame("expected a result to the request with the id %s, got %s", call.ID, outcome(answer))
}

// serveModify makes the call of the check modify twice in one process.
func (t *tester) serveModify() error {
	if t.changed == nil {
		return &skipped{reason: "it does not modify"}
	}
	return t.serving("MSG-7", serveHint, func(s *session) error {
		for _, id := range []string{"1", "2"} {
			if err := s.modify(id); err != nil {
				return err
			}
		}
		return nil
	}, protocol.ArgServe)
}

func (s *session) modify(id string) error {
	t := s.t
	params, view, err := t.host.ModifyParams(t.prepared, t.doc, t.doc.Tree())
	if err != nil {
		return err
	}
	s.ask = host.Answers(view)
	if err := s.send(request(id, protocol.MethodModify, params)); err != nil {
		return err
	}
	if err := s.await(id); err != nil {
		return err
	}
	out, err := t.applied(s.answers[id], view)
	if f, ok := err.(*fault); ok {
		return f.during(s.args, s.sent, nil)
	}
	if err == nil && !tree.Equal(out.Tree, t.changed.Tree) {
		t.warn(broke("MOD-9", "let the result depend on the request alone", "expected the same change as in a call of its own, %s, got %s", pointers(t.changed.Changes), pointers(out.Changes)).during(s.args, s.sent, nil))
	}
	return err
}

// serveCancel takes any answer: it may have been on the way.
func (t *tester) serveCancel() error {
	method, params := protocol.MethodDescribe, describeParams
	if t.changed != nil {
		var err error
		method = protocol.MethodModify
		if params, _, err = t.host.ModifyParams(t.prepared, t.doc, t.doc.Tree()); err != nil {
			return err
		}
	}
	return t.serving("MSG-7", "answer a call that was cancelled with the error -32800", func(s *session) error {
		if err := s.send(request("1", method, params)); err != nil {
			return err
		}
		if err := s.send([]byte(`{"jsonrpc":"2.0","method":"cancel","params":{"id":1}}` + "\n")); err != nil {
			return err
		}
		if err := s.await("1"); err != nil {
			return err
		}
		return s.describe("2")
	}, protocol.ArgServe)
}

// serveNoRequest sends half a request. What comes of the process after it is
// left open.
func (t *tester) serveNoRequest() error {
	return t.serving("MSG-10", `answer {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the request is no JSON"}}`, func(s *session) error {
		if err := s.describe("1"); err != nil {
			return err
		}
		return s.send(unreadable)
	}, protocol.ArgServe)
}

func (t *tester) serveLarge() error {
	return t.serving("MSG-7", "read the whole line, however long it is", func(s *session) error {
		if err := s.send(request("1", protocol.MethodDescribe, greased(describeParams, 1<<20))); err != nil {
			return err
		}
		if err := s.await("1"); err != nil {
			return err
		}
		return s.describe("2")
	}, protocol.ArgServe)
}

func (t *tester) serveSigterm() error {
	if err := t.notKept(); err != nil {
		return err
	}
	s, err := t.serve("INV-14", serveHint, protocol.ArgServe)
	if err != nil {
		return err
	}
	if err := s.describe("1"); err != nil {
		return s.end(err)
	}
	var lines [][]byte
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case line := <-s.lines:
				lines = append(lines, line)
			case <-s.reading.done:
				return
			}
		}
	}()
	ended := t.terminated(s.process)
	<-stopped
	close(s.out)
	<-s.written
	return t.lastWords(lines, ended, protocol.ArgServe)
}
