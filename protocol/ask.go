package protocol

import "encoding/json"

// ConfigGetParams are the params of config.get (ASK-2).
type ConfigGetParams struct {
	Request json.RawMessage `json:"request"` // the id of the host's call
	Pointer string          `json:"pointer"` // a JSON Pointer into the configuration
}

// ConfigGetResult is the result of config.get (ASK-3).
type ConfigGetResult struct {
	Found bool            `json:"found"`
	Value json.RawMessage `json:"value,omitempty"` // only if Found
}

// CancelParams are the params of the host's notification cancel (INV-17).
type CancelParams struct {
	ID json.RawMessage `json:"id"` // of the request whose answer is not wanted any more
}

// ProgressParams are the params of the notification progress (NTF-3).
type ProgressParams struct {
	Request json.RawMessage `json:"request,omitempty"`
	Message string          `json:"message,omitempty"`
	Done    float64         `json:"done,omitempty"`
	Total   float64         `json:"total,omitempty"` // 0: not known
}

// RequestOf returns params.request, the id of the host's call that a
// notification or a request of the plugin's belongs to (NTF-4, ASK-2); nil
// without one.
func RequestOf(params json.RawMessage) json.RawMessage {
	if len(params) == 0 {
		return nil
	}
	members, _ := scan(params) // what a message holds is valid
	for _, m := range members {
		if string(m.key) == "request" {
			return m.value
		}
	}
	return nil
}

// CheckQuestion returns the error that answers a request of a plugin's with a
// method that no host knows (ASK-5), nil for one that it knows.
func CheckQuestion(method string) error {
	if method == MethodConfigGet {
		return nil
	}
	return &Error{Code: CodeMethodNotFound, Message: "expected the method " + MethodConfigGet + ", got " + Quote([]byte(method))}
}

// DecodeConfigGet reads the params of config.get. The error is an *Error with
// the code CodeInvalidParams (ASK-4).
func DecodeConfigGet(raw json.RawMessage) (*ConfigGetParams, error) {
	d := &decoder{raw: raw, rule: "ASK-2"}
	p := &ConfigGetParams{}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	members := d.object(raw, "")
	d.require(members, "", "request", "pointer")
	each(members, "", map[string]field{
		"request": d.keep(&p.Request, 0, "ASK-2"),
		"pointer": d.text(&p.Pointer, false),
	})
	if d.violation != nil {
		return nil, &Error{Code: CodeInvalidParams, Message: MethodConfigGet + ": params." + d.violation.Detail}
	}
	return p, nil
}
