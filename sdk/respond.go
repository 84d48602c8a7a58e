package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/protocol"
)

// responder turns request lines into answer lines.
type responder struct {
	plugin *Plugin
	method string // the one given as argument, or empty
	stderr io.Writer
}

// reply is the answer to a line; nil when the line needs none: a notification
// (rule MSG-9), or an answer to what nobody asked.
func (r *responder) reply(ctx context.Context, line []byte) []byte {
	message, err := protocol.ParseMessage(line)
	if err != nil {
		return failure(nil, err)
	}
	request, ok := message.(*protocol.Request)
	if !ok {
		return nil
	}
	result, err := r.call(ctx, request)
	if err != nil {
		return failure(request.ID, err)
	}
	return protocol.AppendMessage(nil, &protocol.Response{ID: request.ID, Result: result})
}

// call answers a request; a panic of the plugin's is an error.
func (r *responder) call(ctx context.Context, request *protocol.Request) (result json.RawMessage, err error) {
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(r.stderr, "panic: %v\n\n%s", v, debug.Stack())
			err = &Error{
				Code:    protocol.CodeInternalError,
				Message: fmt.Sprintf("the plugin panicked: %v; its stderr shows where", v),
			}
		}
	}()
	given, err := readParams(request.Params)
	if err != nil {
		return nil, err
	}
	if r.method != "" && r.method != request.Method {
		return nil, &Error{
			Code:    protocol.CodeInvalidRequest,
			Message: fmt.Sprintf("expected a request for %q, as in the argument, got one for %s", r.method, protocol.Quote([]byte(request.Method))),
		}
	}
	return r.dispatch(ctx, request.Method, given)
}

func (r *responder) dispatch(ctx context.Context, method string, given params) (json.RawMessage, error) {
	switch {
	case method == protocol.MethodDescribe:
		return protocol.EncodeParams(r.plugin.describe())
	case method == protocol.MethodModify && r.plugin.Modify != nil:
		return r.modify(ctx, given)
	}
	return nil, &Error{
		Code: protocol.CodeMethodNotFound,
		Message: fmt.Sprintf("expected one of the methods %s, got %s",
			strings.Join(r.plugin.methods(), ", "), protocol.Quote([]byte(method))),
	}
}

func (r *responder) modify(ctx context.Context, given params) (json.RawMessage, error) {
	request := protocol.ModifyParams{Protocol: protocol.Version, Config: given["config"], Options: given["options"]}
	if raw, ok := given["context"]; ok {
		if err := decode(raw, &request.Context); err != nil {
			pointer, problem := explain(err)
			return nil, invalidParams("params.context%s: %s", pointer, problem)
		}
	}
	if limit := request.Context.TimeoutMs; limit > 0 {
		var cancel context.CancelFunc
		limit = min(limit, math.MaxInt64/int64(time.Millisecond))
		ctx, cancel = context.WithTimeout(ctx, time.Duration(limit)*time.Millisecond)
		defer cancel()
	}
	result, err := r.plugin.Modify(ctx, &request)
	if err != nil {
		return nil, err
	}
	return protocol.EncodeParams(result)
}

// params are the parameters of a request by their exact names; a struct would
// take Config for config.
type params map[string]json.RawMessage

// readParams checks the version before it looks at anything else (rule VER-2).
func readParams(raw json.RawMessage) (params, error) {
	var given params
	if len(raw) > 0 {
		if err := decode(raw, &given); err != nil {
			return nil, invalidParams("params: %v", err)
		}
	}
	asked, ok := given["protocol"]
	var version int
	switch {
	case !ok:
		return nil, unsupported("names none in params.protocol")
	case json.Unmarshal(asked, &version) != nil || version != protocol.Version:
		return nil, unsupported("is in version " + string(asked[:min(len(asked), 50)]))
	}
	return given, nil
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
	if len(own.Data) > 0 {
		if answer.Data, err = protocol.EncodeParams(own.Data); err != nil { // in one line
			return failure(id, fmt.Errorf("the data of the error %q is no JSON: %w", own.Message, err))
		}
	}
	return protocol.AppendMessage(nil, &protocol.Response{ID: id, Error: &answer})
}
