package host

import (
	"bytes"
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/protocol"
)

// encodeWith encodes params of which the field config is not set, with the view
// in its place. A view may be large, so it is written just once, and not read
// again as all that encoding/json is given is.
func encodeWith(view *config.View, params any) (json.RawMessage, error) {
	text, err := protocol.EncodeParams(params)
	if err != nil {
		return nil, err
	}
	before, after, _ := bytes.Cut(text, []byte(`"config":null`)) // in no text, where quotes are escaped
	out := make([]byte, 0, len(text)+view.Room())
	out = append(append(out, before...), `"config":`...)
	return append(view.AppendJSON(out), after...), nil
}
