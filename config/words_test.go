package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInWords(t *testing.T) {
	for _, tt := range []struct{ patterns, want string }{
		{"", "everything"},
		{"/asn /peers", "asn, peers"},
		{"/peers/*/asn /templates/* /peers/*/tags /peers/Calico*/asn", "asn, tags of every peer; every template; asn of every peer named Calico*"},
		{"/peers/X/as-prefs/174", "174 of as-prefs of the peer X"},
		{"/bird-* /mrt/*/file /kernel/learn /bfd/*", "bird-*, learn of kernel, every BFD session; file of every MRT dump"},
		{"/peers/*x*/y~1z", "y/z of every peer named *x*"},
	} {
		assert.Equal(t, tt.want, strings.Join(InWords(patterns(t, strings.Split(tt.patterns, " ")...)), "; "), tt.patterns)
	}
}

// Two patterns meet if and only if some key matches both.
func TestPatternsMeet(t *testing.T) {
	globs := []string{"", "*", "a", "b", "ab", "a*", "*b", "*a", "a*b", "*a*", "a*a", "b*a", "**", "*ab*", "aa", "a*b*a"}
	var keys []string
	for n := range 5 {
		for i := range 1 << n {
			var key strings.Builder
			for bit := range n {
				key.WriteString(string("ab"[i>>bit&1]))
			}
			keys = append(keys, key.String())
		}
	}
	for _, a := range globs {
		for _, b := range globs {
			p, q := patterns(t, "/"+a)[0], patterns(t, "/"+b)[0]
			common := false
			for _, key := range keys {
				common = common || p.segments[0].match(key) && q.segments[0].match(key)
			}
			assert.Equal(t, common, p.meets(q), "%s and %s", a, b)
		}
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"", "/peers/*/password", true},
		{"/peers", "/peers/*/password", true},
		{"/peers/*/password/x", "/peers/*/password", true},
		{"/peers/*/tags", "/peers/*/password", false},
		{"/peers/*/pass*", "/peers/*/password", true},
		{"/templates", "/peers/*/password", false},
		{"/peers/ü*", "/peers/*ü", true},
	} {
		a, b := patterns(t, tt.a)[0], patterns(t, tt.b)[0]
		assert.Equal(t, tt.want, a.meets(b), "%s and %s", tt.a, tt.b)
		assert.Equal(t, tt.want, b.meets(a), "%s and %s", tt.b, tt.a)
	}
}

// SCP-10, SCP-11: what is said to be withheld is what is withheld.
func TestWithheld(t *testing.T) {
	for _, tt := range []struct {
		scopes           Scopes
		secrets, guarded string
	}{
		{Scopes{Secrets: true, Guarded: true}, "", ""},
		{Scopes{Reads: patterns(t, "/asn"), Writes: patterns(t)}, "", ""},
		{Scopes{Reads: patterns(t, "/peers"), Writes: patterns(t, "/peers/*/pre-*t")}, "password of every peer", "pre-export, pre-import-accept of every peer"},
		{Scopes{Reads: patterns(t, "/peers"), NarrowReads: patterns(t, "/peers/*/asn"), Writes: patterns(t, "/peeringdb-*")}, "peeringdb-api-key", "peeringdb-url"},
	} {
		secrets, guarded := tt.scopes.Withheld()
		assert.Equal(t, tt.secrets, strings.Join(InWords(secrets), "; "))
		assert.Equal(t, tt.guarded, strings.Join(InWords(guarded), "; "))
	}
	secrets, guarded := Scopes{}.Withheld()
	assert.Len(t, secrets, 3)
	assert.Greater(t, len(guarded), 25)
	for _, p := range append(secrets, guarded...) {
		pointer := strings.ReplaceAll("/"+joined(p), "*", "X")
		d := load(t, "asn: 1\n")
		_, err := NewView(d.Tree(), d, Scopes{}).Apply(byPatch(patchTo(pointer)))
		var r *RefusedError
		require.ErrorAs(t, err, &r, pointer)
		assert.Contains(t, []string{RuleSecret, RuleGuarded}, r.Rule, pointer)
	}
}

func joined(p Pattern) string {
	var words []string
	for _, g := range p.segments {
		words = append(words, g.words())
	}
	return strings.Join(words, "/")
}

// patchTo sets a value of some type at a pointer, with what is around it.
func patchTo(pointer string) string {
	value := `"x"`
	switch {
	case strings.HasPrefix(pointer, "/blocklist-"):
		value = `["https://example.net/"]`
	case pointer == "/plugins":
		value = `{"x":"a: 1"}`
	case strings.HasSuffix(pointer, "server"):
		value = `"192.0.2.1:323"`
	}
	keys := strings.Split(pointer[1:], "/")
	var patch strings.Builder
	for i := 1; i < len(keys); i++ {
		patch.WriteString(`{"op":"add","path":"/` + strings.Join(keys[:i], "/") + `","value":{}},`)
	}
	return `[` + patch.String() + `{"op":"add","path":"` + pointer + `","value":` + value + `}]`
}
