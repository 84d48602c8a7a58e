package sdk_test

import (
	"context"
	"fmt"
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
		`"options":{"default":1000},"config":{"peers":{"A":{"asn":65001}}}}}` + "\n"
	limits.Run(context.Background(), []string{"modify"}, strings.NewReader(request), os.Stdout, os.Stderr)
	// Output:
	// {"jsonrpc":"2.0","id":1,"result":{"config":{"peers":{"A":{"asn":65001,"import-limit4":1000}}}}}
}

// A plugin that is kept running answers many requests from one process, several
// at the same time, and may tell the host that its answer has changed. Its main
// is os.Exit(names.Main()), as that of any other.
func Example_keptRunning() {
	type view struct {
		ASN uint32 `json:"asn"`
	}
	news := make(chan struct{}) // of a watched file, say
	names := sdk.Plugin{
		Name: "names", Version: "1.0.0", KeptRunning: true,
		Reads: []string{"/asn"}, Writes: []string{"/hostname"},
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[struct{}, view]) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": fmt.Sprintf("as%d", c.View.ASN)}), nil
		}),
		Background: func(ctx context.Context, changed func()) error {
			for {
				select {
				case <-news:
					changed()
				case <-ctx.Done():
					return nil
				}
			}
		},
	}
	requests := `{"jsonrpc":"2.0","id":1,"method":"modify","params":{"protocol":1,"config":{"asn":65001}}}
{"jsonrpc":"2.0","id":2,"method":"modify","params":{"protocol":1,"config":{"asn":65002}}}
`
	names.Run(context.Background(), []string{"serve"}, strings.NewReader(requests), os.Stdout, os.Stderr)
	// Unordered output:
	// {"jsonrpc":"2.0","id":1,"result":{"merge":{"hostname":"as65001"}}}
	// {"jsonrpc":"2.0","id":2,"result":{"merge":{"hostname":"as65002"}}}
}
