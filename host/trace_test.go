//go:build linux

package host_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// A trace masks what the step hides, and what one call of it hides besides.
func TestTraceMasksWhatACallHides(t *testing.T) {
	for _, mode := range []string{protocol.ModeOneShot, protocol.ModeKeptRunning} {
		h := newHost()
		var mu sync.Mutex
		var trace strings.Builder
		h.Runner.Trace = func(e host.TraceEntry) {
			mu.Lock()
			defer mu.Unlock()
			trace.Write(e.Line)
		}
		step := pluginStep(t, "zorb", `read -r line; echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"hostname":"first second"}}}'`)
		step.Mode, step.Hide = mode, []string{"first"}
		_, err := h.Call(t.Context(), step, host.Request{Method: "modify", Params: []byte(`{"protocol":1}`), Hide: []string{"second"}})
		require.NoError(t, err, mode)
		_, err = h.Close()
		require.NoError(t, err, mode)
		mu.Lock()
		assert.Contains(t, trace.String(), `"hostname":"******** ********"`, mode)
		mu.Unlock()
	}
}
