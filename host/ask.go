package host

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Answers returns what answers the questions of a plugin that was sent the view
// (ASK-3 to ASK-5), for Request.Ask: with a result in one line, or a
// *protocol.Error. The view is nil for a call that has none.
func Answers(view *config.View) func(*protocol.Request) (json.RawMessage, error) {
	return func(r *protocol.Request) (json.RawMessage, error) {
		if err := protocol.CheckQuestion(r.Method); err != nil {
			return nil, err
		}
		if view == nil {
			return nil, &protocol.Error{
				Code:    protocol.CodeInvalidParams,
				Message: "expected " + protocol.MethodConfigGet + " during a call that is sent a view of the configuration, got it during another one",
			}
		}
		p, err := protocol.DecodeConfigGet(r.Params)
		if err != nil {
			return nil, err
		}
		path, err := tree.ParsePointer(p.Pointer)
		if err != nil {
			return nil, &protocol.Error{Code: protocol.CodeInvalidParams, Message: err.Error()}
		}
		value, found, readable := view.Get(path)
		if !readable {
			return nil, &protocol.Error{
				Code:    protocol.CodeInvalidParams,
				Message: "expected a pointer to what the plugin may read, got " + protocol.Quote([]byte(p.Pointer)),
			}
		}
		result := protocol.ConfigGetResult{Found: found}
		if found {
			result.Value = tree.Append(nil, value)
		}
		return protocol.EncodeParams(result)
	}
}
