package plugintest

import (
	"encoding/json"
	"testing"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

// Checked is what came of a check.
type Checked struct {
	// Findings are as the plugin returned them, but for Proposed, which is JSON
	// (json.RawMessage) where there is one.
	Findings []sdk.Finding
	// Err is the error that the plugin answered with; nil for none.
	Err *sdk.Error
}

// Check lets the plugin check the configuration.
func Check(t testing.TB, p *sdk.Plugin, inputs ...Input) *Checked {
	t.Helper()
	c := newCall(t, p, inputs)
	result, failed := c.ask(protocol.MethodCheck, map[string]any{"changes": c.changes})
	if failed != nil {
		return &Checked{Err: failed}
	}
	decoded, err := protocol.DecodeCheckResult(result)
	if err != nil {
		t.Fatalf("the result breaks the protocol: %v", err)
	}
	checked := &Checked{}
	for _, f := range decoded.Findings {
		finding := sdk.Finding{Severity: f.Severity, Pointer: f.Pointer, Message: f.Message, Code: f.Code}
		if f.Proposed != nil {
			finding.Proposed = f.Proposed
		}
		checked.Findings = append(checked.Findings, finding)
	}
	return checked
}

// Ran is what came of a command.
type Ran struct {
	Stdout, Stderr string
	ExitCode       int
	// Err is the error that the plugin answered with; nil for none.
	Err *sdk.Error
}

// Command runs a command of the plugin's.
func Command(t testing.TB, p *sdk.Plugin, name string, arguments []string, inputs ...Input) *Ran {
	t.Helper()
	c := newCall(t, p, inputs)
	result, failed := c.ask(protocol.MethodCommand, map[string]any{"name": name, "arguments": append([]string{}, arguments...)})
	ran := &Ran{Err: failed}
	if failed == nil {
		var decoded protocol.CommandResult
		if err := json.Unmarshal(result, &decoded); err != nil {
			t.Fatalf("the result breaks the protocol: %v", err)
		}
		ran.ExitCode = decoded.ExitCode
		c.stdout.WriteString(decoded.Output)
	}
	ran.Stdout, ran.Stderr = c.stdout.String(), c.stderr.String()
	return ran
}
