package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func TestMaskMessage(t *testing.T) {
	for _, tc := range []struct{ message, want string }{
		{`{"params":{"config":{"peers":{"A":{"password":"x","asn":1}}}}}`, `{"params":{"config":{"peers":{"A":{"password":"********","asn":1}}}}}`},
		{`{"result":{"merge":{"peeringdb-api-key":"new"}}}`, `{"result":{"merge":{"peeringdb-api-key":"********"}}}`},
		{`{"patch":[{"op":"add","path":"/peers/A/password","value":"new"}]}`, `{"patch":[{"op":"add","path":"/peers/A/password","value":"********"}]}`},
		{`{"patch":[{"op":"add","path":"/peers/A","value":{"password":"new"}}]}`, `{"patch":[{"op":"add","path":"/peers/A","value":{"password":"********"}}]}`},
		{`{"changes":[{"pointer":"/peers/A/password","op":"replace","before":"old","after":"new","plugin":"keys"}]}`, `{"changes":[{"pointer":"/peers/A/password","op":"replace","before":"********","after":"********","plugin":"keys"}]}`},
		{`{"findings":[{"pointer":"/peers/A/password","message":"m","proposed":"new"},{"pointer":"/peers/A","proposed":{"password":"new","asn":1}}]}`, `{"findings":[{"pointer":"/peers/A/password","message":"m","proposed":"********"},{"pointer":"/peers/A","proposed":{"password":"********","asn":1}}]}`},
		{`{"message":"logged in with hunter2 at 17","n":17}`, `{"message":"logged in with ******** at ********","n":"********"}`},
		{`{"options":{"properties":{"password":{"type":"string"}}}}`, `{"options":{"properties":{"password":{"type":"string"}}}}`},
		{`{"path":"not a pointer","value":1.50,"on":true,"none":null}`, `{"path":"not a pointer","value":1.50,"on":true,"none":null}`},
	} {
		v, err := tree.Parse([]byte(tc.message))
		require.NoError(t, err)
		assert.Equal(t, tc.want, string(tree.Append(nil, MaskMessage(v, []string{"hunter2", "17"}))))
	}
}
