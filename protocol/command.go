package protocol

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// CommandSpec is a command that a plugin offers on the command line.
type CommandSpec struct {
	Name        string `json:"name"`            // words of a-z and 0-9 (CMD-1)
	Usage       string `json:"usage,omitempty"` // the arguments, in short
	Description string `json:"description,omitempty"`
	Flags       []Flag `json:"flags,omitzero"`
}

// Flag is an option of a CommandSpec. It is for help and completion: the
// plugin alone reads flags (CMD-4).
type Flag struct {
	Name        string          `json:"name"` // without hyphens
	Type        string          `json:"type"` // FlagBoolean and so on; others count as FlagString
	Description string          `json:"description,omitempty"`
	Default     json.RawMessage `json:"default,omitempty"`
}

// The types of a Flag that mean something to a host (CMD-4).
const (
	FlagBoolean   = "boolean" // no value follows
	FlagString    = "string"
	FlagFile      = "file"
	FlagDirectory = "directory"
)

// CommandParams are the params of command (CMD-3). Config is the view.
type CommandParams struct {
	Protocol  int             `json:"protocol"`
	Name      string          `json:"name"`
	Arguments []string        `json:"arguments"` // never nil
	Options   json.RawMessage `json:"options"`
	Context   Context         `json:"context"`
	Config    json.RawMessage `json:"config"`
}

// CommandResult is the result of command (CMD-5).
type CommandResult struct {
	ExitCode int      `json:"exitCode"`         // 0 to 255
	Output   string   `json:"output,omitempty"` // for stdout, after all notifications
	Requires []string `json:"requires,omitzero"`
}

// OutputParams are the params of NoteOutput: what a command prints (CMD-8).
type OutputParams struct {
	Request json.RawMessage `json:"request,omitempty"` // the id of the call (NTF-4)
	Stream  string          `json:"stream"`            // one of the streams
	Text    string          `json:"text"`              // may be a part of a line
}

// The streams of OutputParams. What a host does not know counts as
// StreamStderr (CMD-9).
const (
	StreamStdout = "stdout"
	StreamStderr = "stderr"
)

// DecodeCommandResult reads the result of command (CMD-5). What it requires is
// looked at first (VER-5). The error is a *Violation.
func DecodeCommandResult(raw []byte) (*CommandResult, error) {
	d := &decoder{raw: raw, rule: "CMD-5"}
	r := &CommandResult{}
	members := d.object(raw, "")
	each(members, "", map[string]field{"requires": d.texts(&r.Requires, true)})
	d.checkFeatures(r.Requires)
	d.require(members, "", "exitCode")
	each(members, "", map[string]field{
		"exitCode": d.exitCode(&r.ExitCode),
		"output":   d.text(&r.Output, false),
	})
	if err := d.err(); err != nil {
		return nil, err
	}
	return r, nil
}

const maxExitCode = 255

func (d *decoder) exitCode(to *int) field {
	return func(raw []byte, at string) {
		n, err := strconv.ParseUint(string(raw), 10, 8)
		if err != nil {
			d.wrong(d.rule, at, fmt.Sprintf("an integer from 0 to %d", maxExitCode), raw)
		}
		*to = int(n)
	}
}
