package config

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// oracle is what the parser that Pathvector uses reads into a T, as JSON.
func oracle[T any](t *testing.T, scalar string) (string, bool) {
	t.Helper()
	var m map[string]*T
	if yaml.Unmarshal([]byte("v: "+scalar), &m) != nil {
		return "", false
	}
	if f, ok := any(m["v"]).(*float64); ok && f != nil && !finite(*f) {
		return "", false // JSON has no such number
	}
	text, err := json.Marshal(m["v"])
	require.NoError(t, err)
	return string(text), true
}

func finite(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }

// bent reports whether the parser reads the scalar into an integer only by
// changing it, or over a float that cannot hold every integer.
func bent(scalar string) bool {
	var v struct{ V any }
	if yaml.Unmarshal([]byte("v: "+scalar), &v) != nil {
		return false
	}
	f, ok := v.V.(float64)
	return ok && (strings.Contains(scalar, ".") || !finite(f) || f != math.Trunc(f) || math.Abs(f) > 1<<53)
}

// The parser is the judge of what a scalar means: where both take it, they
// agree, and where it refuses, so do we. The other way round only numbers are
// refused here that it would change on the way into an integer, and items that
// it would leave out.
func TestScalarsAgreeWithTheParser(t *testing.T) {
	scalars := strings.Fields(`
		0 00 7 07 08 0123 -0 +0 +12 -12 1_000 1__0 _1 0x1F 0X1f -0x1 +0x1 0x 0xG 0o17 0O17 -0o7 0b101 0B1 -0b11 0b2 0b-101
		1e3 1E3 1e+3 1e-3 1.5 1. .5 -.5 +.5 . 1.0 1e400 .inf -.inf .nan Infinity NaN 0777 0888 1_0.5 0x_1F 0b_1 1e15 1e16 1e300
		4294967295 4294967296 9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
		18446744073709551615 18446744073709551616 true True TRUE tRUE false yes Yes YES no on off y n Y N null Null ~
		2024-01-01 2024-01-01T00:00:00Z 12:30:45 1:20 abc '1' "1" "yes" 'true' "" '~'`)
	scalars = append(scalars, "", "a b", "2024-01-01 10:00:00", "!!int 5", "!!int '5'", "!!str 5", "!!float 5", "!!float 1.5", "!!bool yes",
		"!!bool true", "!!null x", "!!null ''", "!!binary YQ==", "!x 5", "!x yes", "! 5", "!!timestamp 2024-01-01", "!!timestamp x", "|-\n  5", ">-\n  yes")
	kinds := []struct {
		form    string
		pointer string
		oracle  func(*testing.T, string) (string, bool)
	}{
		{"hostname: ", "/hostname", oracle[string]},
		{"asn: ", "/asn", oracle[int]},
		{"irr-query-timeout: ", "/irr-query-timeout", oracle[uint]},
		{"transit-asns:\n- ", "/transit-asns/0", oracle[uint32]},
		{"stun: ", "/stun", oracle[bool]},
		{"optimizer:\n packet-loss-threshold: ", "/optimizer/packet-loss-threshold", oracle[float64]},
	}
	for _, k := range kinds {
		for _, scalar := range scalars {
			text := k.form + scalar
			want, takes := k.oracle(t, scalar)
			d, err := Parse("x.yml", []byte(text))
			if err != nil {
				leftOut := strings.Contains(err.Error(), "got an empty item") && want == "null"
				assert.True(t, !takes || bent(scalar) || leftOut, "only we refuse %q: %v", text, err)
				continue
			}
			got, _ := tree.Lookup(d.Tree(), path(t, k.pointer))
			expected, _ := tree.Parse([]byte(want))
			if n, ok := got.(json.Number); ok && strings.HasPrefix(k.form, "optimizer") {
				f, err := n.Float64()
				require.NoError(t, err)
				got = json.Number(strconv.FormatFloat(f, 'g', -1, 64)) // the tree has all digits
			}
			assert.True(t, takes && tree.Equal(expected, got), "%q: want %s, got %s", text, want, asJSON(got))
		}
	}
}
