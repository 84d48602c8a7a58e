package conform

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// like makes a call of describe that is to have the result of the plain one. The
// rule is broken when there is none.
func (t *tester) like(rule, hint string, input []byte, args ...string) error {
	raw, x, err := t.described(input, args...)
	var f *fault
	if errors.As(err, &f) && (f.rule == "MSG-7" || f.rule == "DSC-1") {
		return f.blamed(rule, hint)
	}
	if err != nil {
		return err
	}
	return t.same(raw, x.args, x.sent)
}

// replayed makes the call of a transcript. Its first rule is the one that a
// plugin breaks when it comes to another outcome.
func replayed(c spec.Transcript) func(*tester) error {
	return func(t *tester) error {
		rule := c.Rules[0]
		bare := len(c.Args) == 0
		if bare && t.keptRunning() {
			return &skipped{reason: "it is kept running, see serve-no-argument"}
		}
		err := t.like(rule, mends[rule], c.Request, c.Args...)
		var f *fault
		if bare && errors.As(err, &f) && f.rule == rule { // a SHOULD
			t.warn(f)
			return nil
		}
		return err
	}
}

// blamed returns the fault as one against the rule that was tried.
func (f *fault) blamed(rule, hint string) *fault {
	other := *f
	other.rule, other.hint = rule, hint
	return &other
}

func (t *tester) crlf() error {
	line := request("1", protocol.MethodDescribe, describeParams)
	return t.like("FRM-2", "drop one CR at the end of a line", append(line[:len(line)-1], "\r\n"...), protocol.MethodDescribe)
}

func large(size int) func(*tester) error {
	return func(t *tester) error {
		line := request("1", protocol.MethodDescribe, greased(describeParams, size))
		return t.like("MSG-7", "read the whole line, however long it is", line, protocol.MethodDescribe)
	}
}

func (t *tester) largest() error {
	if !t.o.Large {
		return &skipped{reason: "it takes a while; --large makes it"}
	}
	return large(protocol.DefaultLimit - 1024)(t)
}

// noRequest sends half a request. A plugin that does not read its stdin answers
// all the same, and one that does may say that the id is null, or what it is by
// its argument.
func (t *tester) noRequest() error {
	for _, method := range []string{protocol.MethodDescribe, protocol.MethodModify} {
		if method != protocol.MethodDescribe && !t.provides(method) {
			continue
		}
		x, err := t.once(unreadable, method)
		if err != nil {
			return err
		}
		answer, err := t.answer(x)
		var f *fault
		if errors.As(err, &f) && f.rule == "MSG-7" {
			return f.blamed("MSG-10", `answer {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the request is no JSON"}}`)
		}
		if err != nil {
			return err
		}
		t.deaf = answer.Error == nil
	}
	return nil
}

// unknownMethod allows what INV-5 does: an error, or a status other than 0.
func (t *tester) unknownMethod() error {
	const method = "x-unknown"
	x, err := t.once(request("1", method, describeParams), method)
	if err != nil {
		return err
	}
	const advice = `answer {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"…"}}, or exit with a status other than 0`
	if len(x.lines) == 0 && x.cut == nil && x.late == 0 {
		if x.ended.Status == 0 {
			t.warn(broke("INV-5", advice, "expected an error or a status other than 0, got no answer and the status 0").during(x.args, x.sent, nil))
		}
		return nil
	}
	answer, err := t.answer(x)
	switch {
	case err != nil:
		return err
	case answer.Error == nil || answer.Error.Code != protocol.CodeMethodNotFound:
		t.warn(broke("INV-5", advice, "expected the error -32601, got %s", outcome(answer)).during(x.args, x.sent, x.ended.Stderr))
	}
	return nil
}

func outcome(answer *protocol.Response) string {
	if answer.Error != nil {
		return protocol.Quote(json.RawMessage(answer.Error.Error()))
	}
	return "a result"
}

// laterVersion can tell nothing of a plugin that does not read its input.
func (t *tester) laterVersion() error {
	if t.deaf {
		return &skipped{reason: "it does not read its input"}
	}
	if slices.Contains(t.desc.Protocols, protocol.Version+1) {
		return &skipped{reason: "it speaks later versions, too"}
	}
	method := protocol.MethodDescribe
	if t.provides(protocol.MethodModify) {
		method = protocol.MethodModify
	}
	x, err := t.once(request("1", method, json.RawMessage(`{"protocol":2,"options":7,"context":null,"config":[]}`)), method)
	if err != nil {
		return err
	}
	answer, err := t.answer(x)
	switch {
	case err != nil:
		return err
	case answer.Error == nil || answer.Error.Code != protocol.CodeUnsupportedProtocol:
		t.warn(broke("VER-2", "look at params.protocol first", "expected the error -32001, got %s", outcome(answer)).during(x.args, x.sent, x.ended.Stderr))
	}
	return nil
}

// sigterm starts a call, and ends it as a host does that no longer wants the
// answer (ENV-5). The request is never sent, so that the plugin waits for it.
func (t *tester) sigterm() error {
	p, err := t.o.Runner.Start(t.ctx, t.program(), protocol.MethodDescribe)
	if err != nil {
		return err
	}
	var lines [][]byte
	r := t.read(p.Stdout, func(line []byte) { lines = append(lines, line) })
	p.Settle(100 * time.Millisecond) // until it waits, or has answered
	ended := t.terminated(p)
	<-r.done
	return t.lastWords(lines, ended, protocol.MethodDescribe)
}

// terminated sends SIGTERM and waits for the end, stdin still being open.
func (t *tester) terminated(p *host.Process) host.Ended {
	p.Terminate()
	settled := p.Settle(t.o.Patience)
	ended := p.End(0)
	ended.Exited = settled
	return ended
}

// lastWords judges what a plugin wrote until SIGTERM ended it.
func (t *tester) lastWords(lines [][]byte, ended host.Ended, args ...string) error {
	for _, line := range lines {
		if _, err := protocol.ParseMessage(line); err != nil {
			var f *fault
			if errors.As(refused(err), &f) {
				return f.during(args, nil, ended.Stderr)
			}
		}
	}
	if !ended.Exited {
		t.warn(broke("ENV-5", "leave SIGTERM as it is, or exit when it comes", "expected SIGTERM to end the plugin, and it still ran %s later", t.o.Patience).during(args, nil, ended.Stderr))
	}
	return nil
}
