// Package work is what the plugins of all transports do, so that they differ in
// the transport only.
package work

import "encoding/json"

// Config is the configuration as the plugins decode it.
type Config struct {
	ASN      uint32          `json:"asn"`
	RouterID string          `json:"router-id"`
	Hostname string          `json:"hostname"`
	Peers    map[string]Peer `json:"peers"`
}

// Peer is a peer of Config.
type Peer struct {
	ASN             uint32   `json:"asn"`
	Template        string   `json:"template"`
	Neighbors       []string `json:"neighbors"`
	Tags            []string `json:"tags"`
	ImportLimit4    int      `json:"import-limit4"`
	PreImportFilter string   `json:"pre-import-filter"`
}

// Operation is one of a JSON Patch.
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// Nothing is what every plugin answers to a call for which it has nothing to do.
const Nothing = `{"merge":{"hostname":"edge1"}}`

// At is the pointer to what a plugin sets that has looked at the configuration.
const At = "/peers/P0/import-limit4"

// Limit is what is set there. It needs the whole configuration.
func (c *Config) Limit() int { return 1000 + len(c.Peers) }

// Modify decodes the configuration and returns a small patch.
func Modify(text []byte) ([]byte, error) {
	var c Config
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"patch": []Operation{{Op: "add", Path: At, Value: c.Limit()}}})
}
