// Command pathvector-plugin-decode is a plugin with the SDK that decodes the
// configuration and sets one value.
package main

import (
	"context"
	"os"

	"github.com/natesales/pathvector-plugin/bench/internal/work"
	"github.com/natesales/pathvector-plugin/sdk"
)

func main() {
	plugin := sdk.Plugin{
		Name: "decode", Version: "1.0.0", KeptRunning: true,
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[struct{}, work.Config]) (sdk.Result, error) {
			return sdk.Patch(sdk.Add(work.At, c.View.Limit())), nil
		}),
	}
	os.Exit(plugin.Main())
}
