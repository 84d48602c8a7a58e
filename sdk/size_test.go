package sdk_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hello = `package main

import (
	"context"
	"os"

	"github.com/natesales/pathvector-plugin/sdk"
)

type options struct{ Name string }

func main() {
	os.Exit((&sdk.Plugin{
		Name: "hello", Version: "1.0.0",
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[options, map[string]any]) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": c.Options.Name}), nil
		}),
	}).Main())
}
`

// A plugin stays small: nothing heavy may get into the SDK's imports.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	info, err := os.Stat(compiled(t, "hello", hello))
	require.NoError(t, err)
	t.Logf("hello plugin, stripped: %d bytes", info.Size())
	assert.Less(t, info.Size(), int64(3_500_000))
}
