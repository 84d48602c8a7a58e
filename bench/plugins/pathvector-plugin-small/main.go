// Command pathvector-plugin-small is a plugin with the SDK that reads one value
// of the configuration and sets another.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/natesales/pathvector-plugin/sdk"
)

type view struct {
	ASN uint32 `json:"asn"`
}

func main() {
	plugin := sdk.Plugin{
		Name: "small", Version: "1.0.0", KeptRunning: true,
		Reads: []string{"/asn"}, Writes: []string{"/hostname"},
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[struct{}, view]) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": fmt.Sprintf("as%d", c.View.ASN)}), nil
		}),
	}
	os.Exit(plugin.Main())
}
