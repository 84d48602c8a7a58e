// Command pathvector-plugin-noop is a plugin with the SDK that takes the
// configuration and leaves it as it came.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/natesales/pathvector-plugin/sdk"
)

func main() {
	plugin := sdk.Plugin{
		Name: "noop", Version: "1.0.0", KeptRunning: true,
		Modify: sdk.Modify(func(context.Context, *sdk.Call[struct{}, json.RawMessage]) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": "edge1"}), nil
		}),
	}
	os.Exit(plugin.Main())
}
