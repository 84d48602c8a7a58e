package protocol

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// CheckParams are the params of check (CHK-1). Config is the view of the
// result.
type CheckParams struct {
	Protocol int             `json:"protocol"`
	Options  json.RawMessage `json:"options"`
	Context  Context         `json:"context"`
	Changes  []Change        `json:"changes"` // in order, never nil
	Config   json.RawMessage `json:"config"`
}

// Change is a change that a plugin made, as far as the plugin that checks may
// read it (CHK-2).
type Change struct {
	Pointer string          `json:"pointer"`
	Op      string          `json:"op"`               // add, replace or remove
	Before  json.RawMessage `json:"before,omitempty"` // nil with add
	After   json.RawMessage `json:"after,omitempty"`  // nil with remove
	Plugin  string          `json:"plugin"`
}

// CheckResult is the result of check (CHK-3).
type CheckResult struct {
	Findings []Finding `json:"findings"` // never nil
	Requires []string  `json:"requires,omitzero"`
}

// Finding is something that a plugin finds wrong with a configuration (CHK-3).
type Finding struct {
	Severity string          `json:"severity"` // LevelError, LevelWarning or LevelInfo
	Pointer  string          `json:"pointer"`
	Message  string          `json:"message"`
	Code     string          `json:"code,omitempty"`
	Proposed json.RawMessage `json:"proposed,omitempty"` // for people alone (CHK-5)
}

// severities are those of a Finding.
var severities = []string{LevelError, LevelWarning, LevelInfo}

// DecodeCheckResult reads the result of check (CHK-3). What it requires is
// looked at first (VER-5). The error is a *Violation.
func DecodeCheckResult(raw []byte) (*CheckResult, error) {
	d := &decoder{raw: raw, rule: "CHK-3"}
	r := &CheckResult{}
	members := d.object(raw, "")
	each(members, "", map[string]field{"requires": d.texts(&r.Requires, true)})
	d.checkFeatures(r.Requires)
	d.require(members, "", "findings")
	each(members, "", map[string]field{"findings": d.findings(r)})
	if err := d.err(); err != nil {
		return nil, err
	}
	return r, nil
}

func (d *decoder) findings(r *CheckResult) field {
	return d.array(func(raw []byte, at string) {
		f := Finding{}
		members := d.object(raw, at)
		d.require(members, at, "severity", "pointer", "message")
		each(members, at, map[string]field{
			"severity": d.severity(&f.Severity),
			"pointer":  d.pointer(&f.Pointer),
			"message":  d.text(&f.Message, true),
			"code":     d.text(&f.Code, true),
			"proposed": d.keep(&f.Proposed, 0, ""),
		})
		r.Findings = append(r.Findings, f)
	}, func() { r.Findings = []Finding{} })
}

func (d *decoder) severity(to *string) field {
	return func(raw []byte, at string) {
		d.text(to, false)(raw, at)
		if !slices.Contains(severities, *to) {
			d.wrong(d.rule, at, fmt.Sprintf("one of %q", severities), raw)
		}
	}
}

func (d *decoder) pointer(to *string) field {
	return func(raw []byte, at string) {
		d.text(to, false)(raw, at)
		if !isPointer(*to) {
			d.wrong(d.rule, at, "a JSON Pointer, as in /peers/Example/asn", raw)
		}
	}
}

// isPointer reports whether s follows the grammar of RFC 6901.
func isPointer(s string) bool {
	escapes := strings.Count(s, "~0") + strings.Count(s, "~1")
	return (s == "" || s[0] == '/') && strings.Count(s, "~") == escapes
}
