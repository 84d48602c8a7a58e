package host

import (
	"bytes"
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/protocol"
)

// encodeWith encodes params of which config is not set, with the view in its
// place, the last one (MOD-1). A view may be large, so it is written just once,
// and not read again as all is that encoding/json is given.
func encodeWith(view *config.View, params any) (json.RawMessage, error) {
	text, err := protocol.EncodeParams(params)
	if err != nil {
		return nil, err
	}
	before := bytes.TrimSuffix(text, []byte("null}"))
	out := append(make([]byte, 0, len(text)+view.Room()), before...)
	return append(view.AppendJSON(out), '}'), nil
}
