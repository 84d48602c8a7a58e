package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const allowed = "; allowed are router-id, source4, source6, hostname and communities"

// A mistake is named with its line, also in the entry of another router.
func TestReadSitesRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "1: expected a mapping of router names, got an empty file"},
		{"comments only", "# nothing yet\n", "1: expected a mapping of router names, got an empty file"},
		{"no router", "{}\n", "1: expected a mapping of router names, got no router"},
		{"a list", "- a\n", "1: the site file must be a mapping, got a list"},
		{"null", "~\n", "1: the site file must be a mapping, got nothing"},
		{"broken", "a: {\n", "1: did not find expected node content"},
		{"no UTF-8", "a: \xff\n", " invalid leading UTF-8 octet"},
		{"two documents", "a: {}\n---\nb: {}\n", "2: expected one YAML document, got a second one; write all routers into the first"},
		{"broken second document", "a: {}\n---\nb: {\n", "3: did not find expected node content"},
		{"router without entry", "a:\nb: {}\n", `1: router "a" must be a mapping, got nothing`},
		{"router twice", "a: {}\nb: {}\na: {}\n", `3: "a" stands twice in the site file, first in line 1`},
		{"key twice", "a:\n  source4: 192.0.2.1\n  source4: 192.0.2.1\n", `3: "source4" stands twice in router "a", first in line 2`},
		{"unknown key", "a:\n  sourcev4: 192.0.2.1\n", `2: unknown key "sourcev4" in router "a"` + allowed},
		{"merge key", "a: &a {}\nb:\n  <<: *a\n", `3: unknown key "<<" in router "b"` + allowed},
		{"null value", "a:\n  hostname:\n", `2: hostname must have one value, got nothing`},
		{"empty value", "a:\n  hostname: ''\n", `2: hostname must have one value, got nothing`},
		{"list as value", "a:\n  hostname: [b]\n", `2: hostname must have one value, got a list`},
		{"router-id", "a:\n  router-id: 192.0.2.256\n", `2: router-id must be an IPv4 address, got "192.0.2.256"`},
		{"router-id of IPv6", "a:\n  router-id: 2001:db8::1\n", `2: router-id must be an IPv4 address, got "2001:db8::1"`},
		{"router-id 0", "a:\n  router-id: 0.0.0.0\n", `2: router-id must be an IPv4 address, got "0.0.0.0"`},
		{"source4 of IPv6", "a:\n  source4: \"::1\"\n", `2: source4 must be an IPv4 address, got "::1"`},
		{"source4 with length", "a:\n  source4: 192.0.2.1/32\n", `2: source4 must be an IPv4 address, got "192.0.2.1/32"`},
		{"source6 of IPv4", "a:\n  source6: 192.0.2.1\n", `2: source6 must be an IPv6 address, got "192.0.2.1"`},
		{"source6 mapped", "a:\n  source6: ::ffff:192.0.2.1\n", `2: source6 must be an IPv6 address, got "::ffff:192.0.2.1"`},
		{"source6 with zone", "a:\n  source6: fe80::1%eth0\n", `2: source6 must be an IPv6 address, got "fe80::1%eth0"`},
		{"hostname", "a:\n  hostname: 'a\"; b'\n", `2: hostname must consist of letters, digits, dots, hyphens and underscores, got "a\"; b"`},
		{"communities", "a:\n  communities: 65000:1\n", `2: communities must be a list such as [65000:1:2], got "65000:1"`},
		{"a list in the list", "a:\n  communities:\n    - [65000:1]\n", `3: a community must have one value, got a list`},
		{"one part", "a:\n  communities: [65000]\n", `2: a community must be A:B or A:B:C, got "65000"`},
		{"four parts", "a:\n  communities: [1:2:3:4]\n", `2: a community must be A:B or A:B:C, got "1:2:3:4"`},
		{"standard too big", "a:\n  communities:\n    - 1:2\n    - 65536:1\n", `4: in a community of 2 parts each must be a number from 0 to 65535, got "65536:1"`},
		{"large too big", "a:\n  communities: [1:2:4294967296]\n", `2: in a community of 3 parts each must be a number from 0 to 4294967295, got "1:2:4294967296"`},
		{"negative", "a:\n  communities: [-1:2]\n", `2: in a community of 2 parts each must be a number from 0 to 65535, got "-1:2"`},
		{"leading zero", "a:\n  communities: [01:2]\n", `2: in a community of 2 parts each must be a number from 0 to 65535, got "01:2"`},
		{"wildcard", "a:\n  communities: ['65000:*']\n", `2: in a community of 2 parts each must be a number from 0 to 65535, got "65000:*"`},
		{"long", "a:\n  hostname: '" + strings.Repeat("é", 200) + "'\n", `2: hostname must consist of letters, digits, dots, hyphens and underscores, got "` + strings.Repeat("é", 100) + `…"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(folder(t, test.text), "sites.yml")
			_, err := readSites(file)
			assert.EqualError(t, err, file+":"+test.want)
		})
	}
}

// Values stay as they are written: YAML's own reading would make a number or
// a date of some.
func TestReadSitesKeepsText(t *testing.T) {
	file := filepath.Join(folder(t, `
0123:
  hostname: 2024-01-01
  communities: [1:2, 65535:65535, "4294967295:0:1", '1,2,3']
`), "sites.yml")
	s, err := readSites(file)
	require.NoError(t, err)
	assert.Equal(t, []string{"0123"}, s.names)
	assert.Equal(t, router{
		Hostname:    "2024-01-01",
		Communities: []string{"1:2", "65535:65535", "4294967295:0:1", "1,2,3"},
	}, s.routers["0123"])
}

// The site file of the example configuration is a good one.
func TestExampleSites(t *testing.T) {
	s, err := readSites("../../testdata/edge/sites.yml")
	require.NoError(t, err)
	assert.Contains(t, s.names, "edge1-ams")
}
