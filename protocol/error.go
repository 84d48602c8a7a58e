package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// The codes of errors. Those of a plugin's own are positive (ERR-2).
const (
	CodeParseError          = -32700 // the request is no JSON
	CodeInvalidRequest      = -32600 // the request is no request
	CodeMethodNotFound      = -32601 // no such method
	CodeInvalidParams       = -32602 // wrong parameters
	CodeInternalError       = -32603 // the plugin failed inside
	CodeUnsupportedProtocol = -32001 // data.supported lists the versions that are spoken
	CodeInvalidOptions      = -32002 // data.pointer says which option
	CodeUnavailable         = -32003 // data.retryAfter says when to try again, in seconds
	CodeCancelled           = -32800 // the host no longer wanted the answer
)

// Error is the error of an answer (ERR-1). Two errors match (errors.Is) when
// their codes are the same, whichever side of the pipe they were made on.
type Error struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// Error returns the message and the code.
func (e *Error) Error() string { return fmt.Sprintf("%s (code %d)", e.Message, e.Code) }

// Is reports whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// CodeOf returns the code with which to answer when err came up. It is the one
// mapping from errors to codes: an Error has its own; a Violation is the
// sender's fault; the end of a context is a cancellation, its deadline makes
// the peer unavailable; everything else is an internal error. The code of nil
// is 0, which is no error's.
func CodeOf(err error) int {
	var wire *Error
	var violation *Violation
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wire):
		return wire.Code
	case errors.As(err, &violation):
		return violation.code()
	case errors.Is(err, context.Canceled):
		return CodeCancelled
	case errors.Is(err, context.DeadlineExceeded):
		return CodeUnavailable
	}
	return CodeInternalError
}

func (v *Violation) code() int {
	switch v.Kind {
	case TooLong, Unterminated, InvalidUTF8, NULByte:
		return CodeParseError
	case NotAMessage:
		if v.syntax {
			return CodeParseError
		}
	case NoCommonVersion:
		return CodeUnsupportedProtocol
	case BadResult, UnknownFeature, NoAnswer:
		return CodeInternalError
	}
	return CodeInvalidRequest
}
