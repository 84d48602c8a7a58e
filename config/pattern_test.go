package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func patterns(t testing.TB, texts ...string) []Pattern {
	t.Helper()
	out := []Pattern{}
	for _, s := range texts {
		p, err := ParsePattern(s)
		require.NoError(t, err)
		out = append(out, p)
	}
	return out
}

// SCP-1, SCP-2
func TestPatternCovers(t *testing.T) {
	tests := []struct {
		pattern, pointer string
		covers, leads    bool // leads: something below may be covered
	}{
		{"", "", true, true},
		{"", "/anything/below", true, true},
		{"/peers", "/peers", true, true},
		{"/peers", "/peers/X/asn", true, true},
		{"/peers", "", false, true},
		{"/peers", "/peer", false, false},
		{"/peers", "/peersX", false, false},
		{"/peers/*", "/peers", false, true},
		{"/peers/*", "/peers/X", true, true},
		{"/peers/*", "/peers/", true, true},
		{"/peers/*", "/peers/a~1b", true, true},
		{"/peers/*/asn", "/peers/X", false, true},
		{"/peers/*/asn", "/peers/X/asn", true, true},
		{"/peers/*/asn", "/peers/X/Y/asn", false, false},
		{"/peers/Calico*", "/peers/Calico", true, true},
		{"/peers/Calico*", "/peers/Calico 1", true, true},
		{"/peers/Calico*", "/peers/calico", false, false},
		{"/peers/*-node-*", "/peers/a-node-b", true, true},
		{"/peers/*-node-*", "/peers/-node-", true, true},
		{"/peers/*-node-*", "/peers/a-node", false, false},
		{"/peers/a*a", "/peers/a", false, false},
		{"/peers/a*a", "/peers/aa", true, true},
		{"/peers/a*b*a", "/peers/aba", true, true},
		{"/peers/a*bb*a", "/peers/aba", false, false},
		{"/peers/*x*y*", "/peers/yx", false, false},
		{"/peers/**", "/peers/X", true, true},
		{"/peers/~2", "/peers/*", true, true},
		{"/peers/~2", "/peers/X", false, false},
		{"/a~1b/~0", "/a~1b/~0", true, true},
		{"/", "/", true, true},
		{"/", "/x", false, false},
		{"/prefixes/0", "/prefixes", false, true},
	}
	for _, tt := range tests {
		r := reach{newLens(patterns(t, tt.pattern)), newLens(nil)}.to(path(t, tt.pointer))
		assert.Equal(t, tt.covers, r.whole(), "%s covers %s", tt.pattern, tt.pointer)
		assert.Equal(t, tt.leads, !r.nothing(), "%s leads below %s", tt.pattern, tt.pointer)
	}
}

// SCP-3, SCP-4
func TestReach(t *testing.T) {
	at := path(t, "/peers/X/asn")
	both := func(declared, narrowed []Pattern) bool {
		return reach{newLens(declared), newLens(narrowed)}.to(at).whole()
	}
	asn, peers, other, none := patterns(t, "/peers/*/asn"), patterns(t, "/hostname", "/peers"), patterns(t, "/peers/*/tags"), patterns(t)
	assert.True(t, both(nil, nil))
	assert.True(t, both(asn, nil))
	assert.True(t, both(nil, asn))
	assert.True(t, both(asn, peers))
	assert.True(t, both(peers, asn))
	assert.False(t, both(asn, other))
	assert.False(t, both(none, nil))
	assert.False(t, both(nil, none))
	assert.False(t, both(peers, none))
}

func TestParsePattern(t *testing.T) {
	for _, s := range []string{"", "/peers/*/a~0~1~2b"} {
		p, err := ParsePattern(s)
		require.NoError(t, err)
		assert.Equal(t, s, p.String())
	}
	for s, want := range map[string]string{
		"peers":   `expected a pattern that starts with a slash, got "peers"`,
		"*":       "starts with a slash",
		"/a~":     `expected ~0, ~1 or ~2 after a tilde in the pattern "/a~"`,
		"/a~3":    "expected ~0, ~1 or ~2",
		"/a~*":    "expected ~0, ~1 or ~2",
		"/a/~~00": "expected ~0, ~1 or ~2",
	} {
		_, err := ParsePattern(s)
		assert.ErrorContains(t, err, want, s)
	}
}
