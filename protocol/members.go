package protocol

import (
	"encoding/json"
	"errors"
	"strconv"
)

// Members returns what is in the object raw, by its keys. The values are parts
// of raw. The error is a *Violation: raw is no object, or breaks what Validate
// checks.
func Members(raw []byte) (map[string]json.RawMessage, error) {
	d := &decoder{raw: raw}
	all := map[string]json.RawMessage{}
	for _, m := range d.object(raw, "") {
		all[string(m.key)] = m.value
	}
	return all, d.err()
}

// DecodeContext reads the context of a call. Fields may be missing, as when a
// person asks. The error says which field is something else than it must be.
func DecodeContext(raw []byte) (*Context, error) {
	d := &decoder{raw: raw}
	c := &Context{}
	each(d.object(raw, "context"), "context", map[string]field{
		"configFile":  d.text(&c.ConfigFile, false),
		"configDir":   d.text(&c.ConfigDir, false),
		"stateDir":    d.text(&c.StateDir, false),
		"timeoutMs":   d.milliseconds(&c.TimeoutMs),
		"hostVersion": d.text(&c.HostVersion, false),
		"dryRun":      d.truth(&c.DryRun),
	})
	if d.violation != nil {
		return nil, errors.New(d.violation.Detail)
	}
	return c, nil
}

func (d *decoder) milliseconds(to *int64) field {
	return func(raw []byte, at string) {
		var err error
		if *to, err = strconv.ParseInt(string(raw), 10, 64); err != nil {
			d.wrong(d.rule, at, "an integer", raw)
		}
	}
}

func (d *decoder) truth(to *bool) field {
	return func(raw []byte, at string) {
		*to = string(raw) == "true"
		if !*to && string(raw) != "false" {
			d.wrong(d.rule, at, "true or false", raw)
		}
	}
}
