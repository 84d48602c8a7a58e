package sdk

import (
	"bytes"
	"sync/atomic"

	"github.com/natesales/pathvector-plugin/protocol"
)

// contexts remembers the last context. In a plugin that is kept running it is
// the same in most calls, and would be a good part of the work in a small one.
type contexts struct{ last atomic.Pointer[knownContext] }

type knownContext struct {
	raw     []byte // a copy: what came holds on to the whole line
	decoded *protocol.Context
}

func (c *contexts) decode(raw []byte) (*protocol.Context, error) {
	if known := c.last.Load(); known != nil && bytes.Equal(known.raw, raw) {
		return known.decoded, nil
	}
	decoded, err := protocol.DecodeContext(raw)
	if err == nil {
		c.last.Store(&knownContext{bytes.Clone(raw), decoded})
	}
	return decoded, err
}
