package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Members returns what is in the object raw, by its keys. The values are parts
// of raw. The error says that raw is no object, or breaks what Validate checks.
func Members(raw []byte) (map[string]json.RawMessage, error) {
	members, v := scan(raw)
	switch {
	case v != nil:
		return nil, v
	case members == nil:
		return nil, errors.New("expected an object, got " + Quote(raw))
	}
	all := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		all[string(m.key)] = m.value
	}
	return all, nil
}

// DecodeContext reads the context of a call. Fields may be missing, as when a
// person asks. The error says which field is something else than it must be.
func DecodeContext(raw []byte) (*Context, error) {
	members, v := scan(raw)
	if v != nil || members == nil {
		return nil, errors.New("context must be an object, and is " + Quote(raw))
	}
	c := &Context{}
	for _, m := range members {
		if want, ok := c.read(string(m.key), m.value); !ok {
			return nil, fmt.Errorf("context.%s must be %s, and is %s", m.key, want, Quote(m.value))
		}
	}
	return c, nil
}

// read reads one field, and reports whether it is what is wanted.
func (c *Context) read(key string, raw []byte) (want string, ok bool) {
	want, ok = "a string", true
	switch key {
	case "configFile":
		c.ConfigFile, ok = textOf(raw)
	case "configDir":
		c.ConfigDir, ok = textOf(raw)
	case "stateDir":
		c.StateDir, ok = textOf(raw)
	case "hostVersion":
		c.HostVersion, ok = textOf(raw)
	case "timeoutMs":
		n, err := strconv.ParseInt(string(raw), 10, 64)
		c.TimeoutMs = n
		return "an integer", err == nil
	case "dryRun":
		c.DryRun = string(raw) == "true"
		return "true or false", c.DryRun || string(raw) == "false"
	}
	return want, ok
}
