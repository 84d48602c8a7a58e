package plugintest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/sdk/plugintest"
)

type options struct {
	Limit int `json:"limit"`
}

type peer struct {
	Limit int `json:"import-limit4,omitempty"`
}

type view struct {
	Peers map[string]peer `json:"peers"`
}

// limits gives peers without an import limit one.
var limits = &sdk.Plugin{
	Name: "limits", Version: "1.0.0",
	Reads: []string{"/peers"}, Writes: []string{"/peers/*/import-limit4"},
	Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[options, view]) (sdk.Result, error) {
		if c.Options.Limit < 1 {
			return sdk.Result{}, sdk.InvalidOptions("/limit", "expected a limit from 1 on, got %d", c.Options.Limit)
		}
		for name, p := range c.View.Peers {
			if p.Limit == 0 {
				c.View.Peers[name] = peer{Limit: c.Options.Limit}
			}
		}
		return sdk.Changed(c.View), nil
	}),
	Check: sdk.Check(func(_ context.Context, c *sdk.CheckCall[struct{}, view]) ([]sdk.Finding, error) {
		if len(c.View.Peers) == 0 {
			return nil, errors.New("there are no peers")
		}
		return []sdk.Finding{{Severity: sdk.SeverityInfo, Message: fmt.Sprintf("%d changes", len(c.Changes)), Proposed: 1}}, nil
	}),
	Commands: []sdk.Command{{
		Name: "count",
		Run: sdk.Run(func(_ context.Context, c *sdk.CommandCall[struct{}, view]) (int, error) {
			fmt.Fprintf(c.Stdout, "%d peers, asked with %q\n", len(c.View.Peers), c.Arguments)
			fmt.Fprintln(c.Stderr, "counted")
			return 3, nil
		}),
	}},
}

// In a test, t is the test's own.
func ExampleModify() {
	t := &testing.T{}
	got := plugintest.Modify(t, limits,
		plugintest.Config(`{"asn":65000,"peers":{"A":{"asn":65001},"B":{"import-limit4":5}}}`),
		plugintest.Options(`{"limit":1000}`))
	for _, change := range got.Changes {
		fmt.Println(change.Op, change.Pointer, string(change.After))
	}
	fmt.Println(got.Config)

	got = plugintest.Modify(t, limits)
	fmt.Println(got.Err.Message, string(got.Err.Data))
	// Output:
	// add /peers/A/import-limit4 1000
	// {"asn":65000,"peers":{"A":{"asn":65001,"import-limit4":1000},"B":{"import-limit4":5}}}
	// expected a limit from 1 on, got 0 {"pointer":"/limit"}
}

func ExampleCommand() {
	ran := plugintest.Command(&testing.T{}, limits, "count", []string{"-v"}, plugintest.Config(`{"peers":{"A":{}}}`))
	fmt.Printf("%s%s%d\n", ran.Stdout, ran.Stderr, ran.ExitCode)
	// Output:
	// 1 peers, asked with ["-v"]
	// counted
	// 3
}

func ExampleCheck() {
	checked := plugintest.Check(&testing.T{}, limits,
		plugintest.Config(`{"peers":{"A":{}}}`),
		plugintest.Changes(sdk.Change{Pointer: "/peers/A/asn", Op: "remove", Plugin: "other"}))
	fmt.Printf("%s: %s (%s)\n", checked.Findings[0].Severity, checked.Findings[0].Message, checked.Findings[0].Proposed)
	// Output:
	// info: 1 changes (1)
}
