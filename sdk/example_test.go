package sdk_test

import (
	"context"
	"os"
	"strings"

	"github.com/natesales/pathvector-plugin/sdk"
)

// A whole plugin: it gives peers without an import limit one. Its main is
// os.Exit(limits.Main()); the example runs it on one request.
func Example() {
	type options struct {
		Default int `json:"default"`
	}
	type peer struct {
		Limit int `json:"import-limit4,omitempty"`
	}
	type view struct {
		Peers map[string]peer `json:"peers"`
	}
	limits := sdk.Plugin{
		Name: "limits", Version: "1.0.0",
		Reads: []string{"/peers"}, Writes: []string{"/peers/*/import-limit4"},
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[options, view]) (sdk.Result, error) {
			for name, p := range c.View.Peers {
				if p.Limit == 0 {
					c.View.Peers[name] = peer{Limit: c.Options.Default}
				}
			}
			return sdk.Changed(c.View), nil
		}),
	}
	request := `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,` +
		`"config":{"peers":{"A":{"asn":65001}}},"options":{"default":1000}}}` + "\n"
	limits.Run(context.Background(), []string{"modify"}, strings.NewReader(request), os.Stdout, os.Stderr)
	// Output:
	// {"jsonrpc":"2.0","id":1,"result":{"config":{"peers":{"A":{"asn":65001,"import-limit4":1000}}}}}
}
