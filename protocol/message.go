package protocol

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Message is a *Request, a *Notification or a *Response, and nothing else.
//
// Ids, params and results are the bytes as they came: an id is sent back as it
// is (MSG-3), and a payload is read by whoever knows what it means.
type Message interface{ isMessage() }

// Request asks for an answer. ID is a string or a number; Params is an object,
// or nil when there are none.
type Request struct {
	ID     json.RawMessage
	Method string
	Params json.RawMessage
}

// Notification asks for nothing. Params is an object, or nil.
type Notification struct {
	Method string
	Params json.RawMessage
}

// Response is an answer: Result, or Error if that is not nil. ID is the
// request's; null where the plugin could not read one, which only an Error
// may say (MSG-10).
type Response struct {
	ID     json.RawMessage
	Result json.RawMessage
	Error  *Error
}

func (*Request) isMessage()      {}
func (*Notification) isMessage() {}
func (*Response) isMessage()     {}

// AppendMessage appends the message as a line without LF: the keys in the
// order jsonrpc, id, method, params or jsonrpc, id, result or error, without
// white space (MSG-2). ID, Params and Result go in as they are. A Response
// with neither result nor error has the result null, one without an ID the
// id null.
func AppendMessage(dst []byte, m Message) []byte {
	switch m := m.(type) {
	case *Request:
		return AppendRequest(dst, m.ID, m.Method, m.Params)
	case *Notification:
		dst = append(room(dst, m.Params), `{"jsonrpc":"2.0","method":`...)
		return appendParams(appendString(dst, m.Method), m.Params)
	case *Response:
		dst = append(room(dst, m.Result), `{"jsonrpc":"2.0","id":`...)
		dst = appendRaw(dst, m.ID)
		if m.Error != nil {
			return append(appendError(append(dst, `,"error":`...), m.Error), '}')
		}
		return append(appendRaw(append(dst, `,"result":`...), m.Result), '}')
	}
	return dst
}

// AppendRequest appends a request as AppendMessage does. Params of length 0
// are left out.
func AppendRequest(dst []byte, id json.RawMessage, method string, params json.RawMessage) []byte {
	dst = append(room(dst, params), `{"jsonrpc":"2.0","id":`...)
	dst = append(appendRaw(dst, id), `,"method":`...)
	return appendParams(appendString(dst, method), params)
}

// room makes room for a payload, for what is around it as a rule, and for an LF.
func room(dst, payload []byte) []byte { return slices.Grow(dst, len(payload)+128) }

func appendParams(dst []byte, params json.RawMessage) []byte {
	if len(params) > 0 {
		dst = append(append(dst, `,"params":`...), params...)
	}
	return append(dst, '}')
}

func appendError(dst []byte, e *Error) []byte {
	dst = strconv.AppendInt(append(dst, `{"code":`...), int64(e.Code), 10)
	dst = appendString(append(dst, `,"message":`...), e.Message)
	if len(e.Data) > 0 {
		dst = append(append(dst, `,"data":`...), e.Data...)
	}
	return append(dst, '}')
}

func appendRaw(dst, raw []byte) []byte {
	if len(raw) == 0 {
		return append(dst, "null"...)
	}
	return append(dst, raw...)
}

// appendString appends s as a JSON string. What is no UTF-8 in it, or NUL,
// becomes U+FFFD, since a message can hold neither (FRM-3, FRM-4).
func appendString(dst []byte, s string) []byte {
	isPlain := true
	for i := 0; i < len(s) && isPlain; i++ {
		isPlain = plain[s[i]]
	}
	if isPlain {
		return append(append(append(dst, '"'), s...), '"')
	}
	b := bytes.ReplaceAll([]byte(s), []byte{0}, []byte("\uFFFD"))
	text, err := EncodeParams(string(b))
	if err != nil { // a string always has an encoding
		return append(dst, `""`...)
	}
	return append(dst, text...)
}

// EncodeParams returns v as JSON in one line: without white space, without
// HTML escaping, the fields of a struct in their order. It is for params,
// results and whatever else goes into a message.
func EncodeParams(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
