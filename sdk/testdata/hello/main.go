// Hello is the smallest plugin with options; a test looks at its size.
package main

import (
	"context"
	"os"

	"github.com/natesales/pathvector-plugin/sdk"
)

type options struct{ Name string `json:"name"` }

func main() {
	os.Exit((&sdk.Plugin{
		Name: "hello", Version: "1.0.0",
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[options, map[string]any]) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": c.Options.Name}), nil
		}),
	}).Main())
}
