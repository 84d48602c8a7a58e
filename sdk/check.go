package sdk

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Checker is a function to check the configuration, as Check makes it.
type Checker handler

// CheckCall is one request to check the configuration, as it is after all
// plugins have made their changes.
type CheckCall[Options, View any] struct {
	Request[Options, View]

	// Changes are those that led to it, in order, as far as the plugin may read
	// them.
	Changes []Change
}

// Change is a change that a plugin made: its Before and After are JSON, nil
// where there is none.
type Change = protocol.Change

// Finding is something that a plugin finds wrong with a configuration.
type Finding struct {
	Severity string // SeverityError, SeverityWarning or SeverityInfo
	Pointer  string // to the value, a JSON Pointer; Pointer makes them
	Message  string // what was expected, and what is there
	Code     string // names the kind of finding, for programs; may be empty
	Proposed any    // what the plugin would put there, for people to see; nil for nothing
}

// The severities of a Finding. With an error, nothing of the result is used.
const (
	SeverityError   = protocol.LevelError
	SeverityWarning = protocol.LevelWarning
	SeverityInfo    = protocol.LevelInfo
)

// Check makes a Plugin's Check of a function over the plugin's own types, which
// are decoded as those of Modify. It returns what it finds, and nothing when
// all is well; an error is for a check that could not be made, and becomes the
// answer.
func Check[Options, View any](f func(ctx context.Context, c *CheckCall[Options, View]) ([]Finding, error)) Checker {
	return func(ctx context.Context, in *received) (json.RawMessage, error) {
		c := &CheckCall[Options, View]{}
		if err := c.read(in); err != nil {
			return nil, err
		}
		if raw := in.params["changes"]; raw != nil { // absent is none, which makes asking by hand easier
			if err := decode(raw, &c.Changes); err != nil {
				pointer, problem := explain(err)
				return nil, invalidParams("params.changes%s: %s", pointer, problem)
			}
		}
		findings, err := f(ctx, c)
		if err != nil {
			return nil, err
		}
		return encodeFindings(findings)
	}
}

func encodeFindings(findings []Finding) (json.RawMessage, error) {
	result := protocol.CheckResult{Findings: make([]protocol.Finding, len(findings))}
	for i, f := range findings {
		result.Findings[i] = protocol.Finding{Severity: f.Severity, Pointer: f.Pointer, Message: f.Message, Code: f.Code}
		if f.Proposed == nil {
			continue
		}
		var err error
		if result.Findings[i].Proposed, err = protocol.EncodeParams(f.Proposed); err != nil {
			return nil, fmt.Errorf("cannot encode Proposed of the finding at %q: %w", f.Pointer, err)
		}
	}
	text, err := protocol.EncodeParams(result)
	if err != nil {
		return nil, fmt.Errorf("cannot encode the findings: %w", err)
	}
	if _, err := protocol.DecodeCheckResult(text); err != nil { // the author's mistakes, in the host's words
		return nil, fmt.Errorf("the findings break the protocol: %w", err)
	}
	return text, nil
}
