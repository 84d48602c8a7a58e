package main

import (
	"fmt"
	"strings"
)

// The sizes that are measured: 64 bytes, and configurations by their peers.
const (
	peersSmall   = 100    // 17 KB, as routers have it
	peersLarge   = 10_000 // 1.7 MB
	peersLargest = 51_000 // 8.8 MB
	peersYAML    = 43_500 // 8.8 MB as YAML
)

// tiny is a configuration of 64 bytes.
const tiny = `{"asn":65530,"router-id":"192.0.2.1","hostname":"edge.example"}`

// configuration is one with so many peers, as JSON in one line: what a plugin
// gets that reads everything. It is the same each time. Without peers it is the
// tiny one.
func configuration(peers int) []byte {
	if peers == 0 {
		return []byte(tiny)
	}
	var b strings.Builder
	b.WriteString(`{"asn":65530,"router-id":"192.0.2.1","hostname":"edge1","peers":{`)
	for i := range peers {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"P%d":{"asn":%d,"template":"ixp","neighbors":["192.0.2.%d","2001:db8::%x"],"tags":["rs"],"import-limit4":%d,"pre-import-filter":"if net.len > 24 then reject;\n"}`,
			i, 64512+i%1000, i%256, i, 1000+i%100)
	}
	b.WriteString("}}")
	return []byte(b.String())
}

// configurationYAML is the same as an operator would write it.
func configurationYAML(peers int) []byte {
	var b strings.Builder
	b.WriteString("asn: 65530\nrouter-id: 192.0.2.1\nhostname: edge1\n\ntemplates:\n  ixp:\n    local-pref: 80\n\npeers:\n")
	for i := range peers {
		fmt.Fprintf(&b, "  P%d:\n    asn: %d   # theirs\n    template: ixp\n    neighbors: [192.0.2.%d, \"2001:db8::%x\"]\n    tags: [rs]\n    import-limit4: %d\n    pre-import-filter: |\n      if net.len > 24 then reject;\n",
			i, 64512+i%1000, i%256, i, 1000+i%100)
	}
	return []byte(b.String())
}
