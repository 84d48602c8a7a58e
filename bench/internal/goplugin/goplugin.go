// Package goplugin is what host and plugin need to talk by HashiCorp's
// go-plugin: bytes in, bytes out, over gRPC or net/rpc.
package goplugin

import (
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"github.com/natesales/pathvector-plugin/bench/internal/work"
)

// Name is the plugin's name in the sets of both sides.
const Name = "bench"

// Handshake is the same on both sides.
var Handshake = plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "PATHVECTOR_BENCH", MagicCookieValue: "bench"}

// Caller is what the host gets of a plugin, by either transport.
type Caller interface {
	// Caller returns the function that makes the call with the payload again and
	// again.
	Caller(method string, payload []byte) func() ([]byte, error)
}

// The methods of a plugin.
const (
	Noop   = "Noop"
	Modify = "Modify"
)

// answer is what the plugin does, whichever the transport.
func answer(method string, payload []byte) ([]byte, error) {
	if method == Noop {
		return []byte(work.Nothing), nil
	}
	return work.Modify(payload)
}

// Quiet is a logger that costs nothing.
func Quiet() hclog.Logger { return hclog.NewNullLogger() }
