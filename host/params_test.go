//go:build linux

package host_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// MOD-1, CHK-1: the view is the last of the params, whatever else is in them.
func TestParamsEndWithTheView(t *testing.T) {
	doc := parsed(t, "asn: 65530\n")
	h := &host.Host{Runner: &host.Runner{}}
	p := &host.Prepared{Options: []byte(`{"config":null}`)}
	params, _, err := h.ModifyParams(p, doc, doc.Tree())
	require.NoError(t, err)
	var modify protocol.ModifyParams
	require.NoError(t, json.Unmarshal(params, &modify))
	assert.JSONEq(t, `{"config":null}`, string(modify.Options))
	assert.Regexp(t, `,"config":\{"asn":65530\}\}$`, string(params))

	params, _, err = h.CheckParams(p, &host.Outcome{Document: doc, Tree: doc.Tree()})
	require.NoError(t, err)
	assert.Regexp(t, `,"config":\{"asn":65530\}\}$`, string(params))
}
