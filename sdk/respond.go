package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// call answers a request; a panic of the plugin's is an error.
func (s *server) call(j *job) (result json.RawMessage, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = s.panicked(v)
		}
	}()
	if j.broken != nil {
		return nil, j.broken
	}
	given := j.given
	if given == nil {
		if given, err = readParams(j.request.Params); err != nil {
			return nil, err
		}
	}
	if err := checkVersion(given); err != nil {
		return nil, err
	}
	if s.method != "" && s.method != j.request.Method {
		return nil, &Error{
			Code:    protocol.CodeInvalidRequest,
			Message: fmt.Sprintf("expected a request for %q, as in the argument, got one for %s", s.method, protocol.Quote([]byte(j.request.Method))),
		}
	}
	return s.dispatch(j, given)
}

// panicked shows where the plugin panicked, and is the error for it.
func (s *server) panicked(v any) error {
	fmt.Fprintf(s.stderr, "panic: %v\n\n%s", v, debug.Stack())
	return &Error{
		Code:    protocol.CodeInternalError,
		Message: fmt.Sprintf("the plugin panicked: %v; its stderr shows where", v),
	}
}

func (s *server) dispatch(j *job, given params) (json.RawMessage, error) {
	method := j.request.Method
	if method == protocol.MethodDescribe {
		return protocol.EncodeParams(s.plugin.describe())
	}
	handle := s.plugin.handler(method)
	if handle == nil {
		return nil, &Error{
			Code: protocol.CodeMethodNotFound,
			Message: fmt.Sprintf("expected one of the methods %s, got %s",
				strings.Join(s.plugin.methods(), ", "), protocol.Quote([]byte(method))),
		}
	}
	in, err := receive(j, given)
	if err != nil {
		return nil, err
	}
	var deadline time.Time
	if limit := in.context.TimeoutMs; limit > 0 {
		limit = min(limit, math.MaxInt64/int64(time.Millisecond))
		deadline = time.Now().Add(time.Duration(limit) * time.Millisecond)
	}
	return handle(&lateContext{job: j, deadline: deadline}, in)
}

// params are the parameters of a request by their exact names; a struct would
// take Config for config.
type params map[string]json.RawMessage

func readParams(raw json.RawMessage) (params, error) {
	if len(raw) == 0 {
		return params{}, nil
	}
	given, err := protocol.Members(raw)
	if err != nil {
		return nil, invalidParams("params: %v", err)
	}
	return given, nil
}

// checkVersion comes before anything else (rule VER-2).
func checkVersion(given params) error {
	asked, ok := given["protocol"]
	switch {
	case !ok:
		return unsupported("names none in params.protocol")
	case string(asked) != strconv.Itoa(protocol.Version):
		return unsupported("is in version " + string(asked[:min(len(asked), 50)]))
	}
	return nil
}

func invalidParams(format string, args ...any) error {
	return &Error{Code: protocol.CodeInvalidParams, Message: fmt.Sprintf(format, args...)}
}

// failure is the answer for an error; without an id when it could not be read
// (rule MSG-10).
func failure(id json.RawMessage, err error) []byte {
	var own *Error
	if !errors.As(err, &own) {
		own = &Error{Code: protocol.CodeOf(err), Message: err.Error()}
	}
	answer := *own
	if answer.Message == "" { // rule ERR-1
		answer.Message = "the plugin failed, and does not say why"
	}
	if answer.Code == 0 || int(int32(answer.Code)) != answer.Code {
		answer.Code = protocol.CodeInternalError
	}
	if len(own.Data) > 0 {
		if answer.Data, err = protocol.EncodeParams(own.Data); err != nil { // in one line
			return failure(id, fmt.Errorf("the data of the error %q is no JSON: %w", own.Message, err))
		}
	}
	line := protocol.AppendMessage(nil, &protocol.Response{ID: id, Error: &answer})
	if err := sendable(line); err != nil {
		return failure(id, fmt.Errorf("the error of the plugin cannot be sent: %w", err))
	}
	return line
}
