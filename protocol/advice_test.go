package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
)

// The commonest mistakes of authors get advice of their own.
func TestAdviceOnLinesThatAreNoMessage(t *testing.T) {
	for line, want := range map[string]string{
		`{"merge":{"asn":1}}`:          `"result":…`,
		`{"id":1,"result":{}}`:         `begins with {"jsonrpc":"2.0"`,
		`{"jsonrpc":"1.0","id":1}`:     `begins with {"jsonrpc":"2.0"`,
		`{'jsonrpc': '2.0', 'id': 1}`:  "json.dumps",
		`{"id":1,"result":None}`:       "json.dumps",
		`{"id":1,"result":[-Infinity]`: "no number that is infinite",
		`{"id":1,"result":NaN}`:        "no number that is infinite",
		`'hello'`:                      "write everything else to stderr",
		`None`:                         "write everything else to stderr",
		`hello`:                        "write everything else to stderr",
		`[]`:                           "write everything else to stderr",
	} {
		_, err := protocol.ParseMessage([]byte(line))
		var v *protocol.Violation
		require.ErrorAs(t, err, &v, line)
		assert.Equal(t, protocol.NotAMessage, v.Kind, line)
		assert.Contains(t, v.Hint(), want, line)
	}
}
