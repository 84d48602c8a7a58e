// Pathvector-plugin-names does with the Go SDK all that a plugin can, for the
// conformance test: it names the router by its AS, kept running.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/natesales/pathvector-plugin/sdk"
)

func main() {
	os.Exit(names.Main())
}

type options struct {
	Domain string `json:"domain"`
}

type view struct {
	ASN      uint32 `json:"asn"`
	Hostname string `json:"hostname,omitempty"`
}

var names = &sdk.Plugin{
	Name: "names", Version: "1.0.0", KeptRunning: true,
	Reads: []string{"/asn", "/hostname"}, Writes: []string{"/hostname"},
	Options: `{"type":"object","properties":{"domain":{"type":"string","default":"example.net"}}}`,
	Modify: sdk.Modify(func(ctx context.Context, c *sdk.Call[options, view]) (sdk.Result, error) {
		c.Log().InfoContext(ctx, "naming", "asn", c.View.ASN)
		c.Progress(1, 2, "half of it")
		c.Infof("/hostname", "named by AS %d", c.View.ASN)
		c.View.Hostname = fmt.Sprintf("as%d.%s", c.View.ASN, c.Options.Domain)
		return sdk.Changed(c.View), nil
	}),
	Check: sdk.Check(func(_ context.Context, c *sdk.CheckCall[options, view]) ([]sdk.Finding, error) {
		return []sdk.Finding{{Severity: sdk.SeverityInfo, Pointer: "/hostname", Message: "the name is " + c.View.Hostname}}, nil
	}),
	Commands: []sdk.Command{{Name: "show", Run: sdk.Run(func(_ context.Context, c *sdk.CommandCall[options, view]) (int, error) {
		_, err := fmt.Fprintln(c.Stdout, c.View.Hostname)
		return 0, err
	})}},
}
