package sdk

import (
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/natesales/pathvector-plugin/protocol"
)

// job is one request on its way to its answer.
type job struct {
	server    *server
	request   *protocol.Request
	given     params // what is in its params; nil if they are not read yet
	broken    error  // why the line is no request; then request has no id
	line      []byte // as it came
	kept      bool   // the plugin holds a part of line
	size      int    // what it takes of server.held
	ending    ending
	cancelled atomic.Bool // by the host
	returned  bool        // its handler has; guarded by server.mu
	stuck     bool        // it counts in server.stuck; guarded by server.mu

	mu   sync.Mutex
	over bool // it has its answer: nothing more is said of it
}

// The errors of requests that are not handled to their end (rule INV-17).
var (
	errCancelled = &Error{Code: protocol.CodeCancelled, Message: "the host cancelled the call"}
	errEnding    = &Error{Code: protocol.CodeCancelled, Message: "the plugin ends, and its function did not return in time"}
)

func (s *server) job(request *protocol.Request, broken error, line []byte) *job {
	return &job{server: s, request: request, broken: broken, line: line, size: len(line) + perRequest}
}

// answer writes the answer, if there is none yet (rule MSG-4), and reports
// whether it did.
func (j *job) answer(result json.RawMessage, err error) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.over {
		return false
	}
	j.over = true
	j.ending.come()
	if j.cancelled.Load() {
		err = errCancelled
	}
	j.server.out.write(answerLine(j.request.ID, result, err))
	j.server.forget(j)
	return true
}

func answerLine(id, result json.RawMessage, err error) []byte {
	if err != nil {
		return failure(id, err)
	}
	line := protocol.AppendMessage(nil, &protocol.Response{ID: id, Result: result})
	if err := sendable(line); err != nil {
		return failure(id, &Error{Code: protocol.CodeInternalError, Message: "the result cannot be sent: " + err.Error()})
	}
	return line
}

// write writes a line that belongs to the request, and reports whether it did:
// after the answer there must be none (rules MSG-13, NTF-8).
func (j *job) write(line []byte) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.over {
		return false
	}
	j.server.out.write(line)
	return true
}

// notify sends a notification. Params that cannot be sent are given back as an
// error.
func (j *job) notify(method string, params any) error {
	text, err := protocol.EncodeParams(params)
	if err != nil {
		return err
	}
	line := protocol.AppendMessage(nil, &protocol.Notification{Method: method, Params: text})
	if err := sendable(line); err != nil {
		return err
	}
	j.write(line)
	return nil
}
