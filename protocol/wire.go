package protocol

import "encoding/json"

// Describe is what a plugin says about itself: the result of describe (DSC-2).
type Describe struct {
	Name        string          `json:"name"`    // the NAME of its file (NAM-2)
	Version     string          `json:"version"` // its own, free text
	Protocols   []int           `json:"protocols"`
	Description string          `json:"description,omitempty"`
	Methods     []string        `json:"methods,omitzero"` // nil: describe and modify
	Mode        string          `json:"mode,omitempty"`   // "" is ModeOneShot
	Commands    []CommandSpec   `json:"commands,omitzero"`
	Reads       []string        `json:"reads,omitzero"`  // nil: the default (SCP-3); empty: nothing
	Writes      []string        `json:"writes,omitzero"` // nil: the default (SCP-3); empty: nothing
	Options     json.RawMessage `json:"options,omitempty"`
	Needs       *Needs          `json:"needs,omitempty"`
	Requires    []string        `json:"requires,omitzero"`
}

// The values of Describe.Mode: one process per call, or one for many (INV-14).
const (
	ModeOneShot     = "one-shot"
	ModeKeptRunning = "kept-running"
)

// ValidMode reports whether s can be the value of Describe.Mode.
func ValidMode(s string) bool { return s == ModeOneShot || s == ModeKeptRunning }

// Needs is what a plugin uses from outside. It grants nothing (DSC-5).
type Needs struct {
	Env     []string `json:"env,omitzero"`     // names of environment variables
	Files   []string `json:"files,omitzero"`   // paths
	Network []string `json:"network,omitzero"` // host:port
}

// DescribeParams are the params of describe.
type DescribeParams struct {
	Protocol int `json:"protocol"`
}

// ModifyParams are the params of modify (MOD-1). Config is the view, and last
// (MSG-2).
type ModifyParams struct {
	Protocol int             `json:"protocol"`
	Options  json.RawMessage `json:"options"`
	Context  Context         `json:"context"`
	Config   json.RawMessage `json:"config"`
}

// Context says where a call comes from (MOD-1).
type Context struct {
	ConfigFile  string `json:"configFile"` // absolute; empty when it is no file
	ConfigDir   string `json:"configDir"`  // where relative paths in options start
	StateDir    string `json:"stateDir"`   // the plugin's own, kept between calls
	TimeoutMs   int64  `json:"timeoutMs"`  // how long the call may take, in milliseconds
	HostVersion string `json:"hostVersion"`
	DryRun      bool   `json:"dryRun"` // the result is only shown
}

// ModifyResult is the result of modify: exactly one of Merge, Patch and Config
// (MOD-2), the others nil.
type ModifyResult struct {
	Merge    json.RawMessage `json:"merge,omitempty"`  // an object, RFC 7396 (MOD-3)
	Patch    json.RawMessage `json:"patch,omitempty"`  // an array, RFC 6902 (MOD-4)
	Config   json.RawMessage `json:"config,omitempty"` // an object, the whole view (MOD-5)
	Messages []PluginMessage `json:"messages,omitempty"`
	Requires []string        `json:"requires,omitzero"`
}

// PluginMessage is a remark beside a result (MOD-7).
type PluginMessage struct {
	Level   string `json:"level"` // one of the levels
	Message string `json:"message"`
	Pointer string `json:"pointer,omitempty"` // what it is about, a JSON Pointer
}

// The levels of a PluginMessage and of LogParams. What a host does not know
// counts as LevelInfo (MOD-8).
const (
	LevelError   = "error"
	LevelWarning = "warning"
	LevelInfo    = "info"
	LevelDebug   = "debug"
)

// LogParams are the params of the notification log (NTF-2).
type LogParams struct {
	Request json.RawMessage `json:"request,omitempty"` // the id of the call (NTF-4)
	Level   string          `json:"level"`
	Message string          `json:"message"`
	Fields  json.RawMessage `json:"fields,omitempty"`
}
