package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("pathvector.json", doc))
	s, err := c.Compile("pathvector.json")
	require.NoError(t, err, "pathvector.json must be a JSON Schema")
	return s
}

// MOD-6: what the schema rejects. A JSON Schema validator must agree.
func TestFit(t *testing.T) {
	s := compiled(t)
	tests := []struct {
		config string
		want   string // what was expected, "" if the value fits
		at     string
	}{
		{`{"asn":65001}`, "", ""},
		{`{"asn":"65001"}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":0}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":4294967296}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":99999999999999999999999}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":1.5}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":true}`, "a whole number from 1 to 4294967295", "/asn"},
		{`{"asn":null}`, "", ""},
		{`{"irr-query-timeout":-1}`, "a whole number from 0", "/irr-query-timeout"},
		{`{"peers":{"X":{"kernel":-1}},"optimizer":{"cache-size":-1}}`, "", ""},
		{`{"peers":{"X":{"local-pref":-1}}}`, "a whole number from 0 to 4294967295", "/peers/X/local-pref"},
		{`{"peers":{"X":{"local-asn":4294967296}}}`, "a whole number from 0 to 4294967295", "/peers/X/local-asn"},
		{`{"optimizer":{"cache-size":"2"}}`, "a whole number", "/optimizer/cache-size"},
		{`{"router-id":1}`, "text", "/router-id"},
		{`{"hostname":""}`, "", ""},
		{`{"rtr-server":"rtr.example.net:323"}`, "", ""},
		{`{"rtr-server":""}`, "", ""},
		{`{"rtr-server":"[2001:db8::1]:323"}`, "text of the form host-port", "/rtr-server"},
		{`{"keep-filtered":"yes"}`, "true or false", "/keep-filtered"},
		{`{"keep-filtered":false}`, "", ""},
		{`{"prefixes":"192.0.2.0/24"}`, "a list", "/prefixes"},
		{`{"prefixes":["192.0.2.0/24",7]}`, "text", "/prefixes/1"},
		{`{"prefixes":[null]}`, "text", "/prefixes/0"},
		{`{"prefixes":[]}`, "", ""},
		{`{"peers":{"X":{"neighbors":[]}}}`, "a list of at least 1", "/peers/X/neighbors"},
		{`{"transit-asns":[174,4294967295]}`, "", ""},
		{`{"transit-asns":[-1]}`, "a whole number from 0 to 4294967295", "/transit-asns/0"},
		{`{"peers":null}`, "", ""},
		{`{"peers":[]}`, "an object", "/peers"},
		{`{"peers":{"X":null}}`, "an object", "/peers/X"},
		{`{"kernel":null}`, "an object", "/kernel"},
		{`{"peers":{"X":{"role":"rs-client"}}}`, "", ""},
		{`{"peers":{"X":{"role":"rs_client"}}}`, "", ""},
		{`{"peers":{"X":{"role":null}}}`, "", ""},
		{`{"templates":{"X":{"role":"boss"}}}`, "one of provider, rs-server, rs-client, customer, peer, rs_server, rs_client", "/templates/X/role"},
		{`{"vrrp":{"X":{"vrid":256}}}`, "a whole number from 1 to 255", "/vrrp/X/vrid"},
		{`{"optimizer":{"packet-loss-threshold":0.25}}`, "", ""},
		{`{"optimizer":{"packet-loss-threshold":"0.25"}}`, "a number", "/optimizer/packet-loss-threshold"},
		{`{"authorized-providers":{"174":[3356],"4294967295":[]}}`, "", ""},
		{`{"authorized-providers":{"AS174":[]}}`, "a key that is a whole number from 0 to 4294967295 in decimal", "/authorized-providers/AS174"},
		{`{"authorized-providers":{"0174":[]}}`, "a key that is a whole number from 0 to 4294967295 in decimal", "/authorized-providers/0174"},
		{`{"peers":{"X":{"as-prefs":{"174":"100"}}}}`, "a whole number from 0 to 4294967295", "/peers/X/as-prefs/174"},
		{`{"kernel":{"statics":{"192.0.2.0/24":"203.0.113.1"}}}`, "", ""},
		{`{"plugins":{"x":"a: 1","y":null}}`, "", ""},
		{`{"plugins":{"x":{"a":1}}}`, "text", "/plugins/x"},
		{`{"later":{"a":[1,{"b":null}]},"peers":{"X":{"later":1.5}}}`, "", ""},
		{`[]`, "an object", ""},
	}
	for _, tt := range tests {
		v, err := tree.Parse([]byte(tt.config))
		require.NoError(t, err, tt.config)
		fitted, m := Root().Fit(v)
		valid := validates(t, s, tt.config)
		if tt.want == "" {
			require.Nil(t, m, tt.config)
			assert.True(t, tree.Equal(v, fitted), tt.config)
			assert.True(t, valid, "a JSON Schema validator rejects %s", tt.config)
			continue
		}
		require.NotNil(t, m, tt.config)
		assert.Equal(t, tt.want, m.Want, tt.config)
		assert.Equal(t, tt.at, m.Path.String(), tt.config)
		assert.False(t, valid, "a JSON Schema validator accepts %s", tt.config)
	}
	_, m := Root().Fit(mustParse(t, `{"authorized-providers":{"4294967296":[]}}`))
	require.NotNil(t, m, "the limit of an integer key, which JSON Schema has no word for")
}

// validates asks the validator, with the keys that a configuration needs.
func validates(t *testing.T, s *jsonschema.Schema, config string) bool {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(config))
	require.NoError(t, err)
	if o, ok := v.(map[string]any); ok {
		for key, value := range map[string]any{"asn": json.Number("1"), "router-id": "192.0.2.1"} {
			if _, has := o[key]; !has {
				o[key] = value
			}
		}
	}
	return s.Validate(v) == nil
}

func mustParse(t *testing.T, s string) tree.Value {
	t.Helper()
	v, err := tree.Parse([]byte(s))
	require.NoError(t, err)
	return v
}

// TYP-2: integers are written without fraction and exponent.
func TestFitWritesIntegersPlainly(t *testing.T) {
	for number, want := range map[string]string{
		"65001": "65001", "-0": "0", "0.0": "0", "0e9": "0", "65001.0": "65001", "65001.000": "65001",
		"6.5e4": "65000", "650e2": "65000", "65000e-1": "6500", "6500.0e+1": "65000", "1E3": "1000",
		"-1e3": "-1000", "-1.0": "-1", "12e0": "12", "1000e-3": "1",
		"1.5": "", "1e-1": "", "65e-3": "", "1e99999": "", "1e99999999999999999999": "",
		"1e9223372036854775807": "", "1.1e-9223372036854775808": "", "12e-9223372036854775807": "", "1e2147483648": "", "-0.5": "",
	} {
		config := mustParse(t, fmt.Sprintf(`{"optimizer":{"cache-size":%s}}`, number))
		fitted, m := Root().Fit(config)
		if want == "" {
			assert.NotNil(t, m, number)
			continue
		}
		require.Nil(t, m, number)
		got, _ := tree.Lookup(fitted, tree.Path{"optimizer", "cache-size"})
		assert.Equal(t, json.Number(want), got, number)
		assert.True(t, tree.Equal(config, fitted), number)
	}
}

func TestReads(t *testing.T) {
	for key, limits := range map[string][]string{
		"asn":               {"-9223372036854775808", "9223372036854775807", "9223372036854775808"},
		"irr-query-timeout": {"0", "18446744073709551615", "18446744073709551616"},
	} {
		n := At(tree.Path{key})
		assert.True(t, n.Reads(limits[0]), key)
		assert.True(t, n.Reads(limits[1]), key)
		assert.False(t, n.Reads(limits[2]), key)
	}
	assert.False(t, At(tree.Path{"irr-query-timeout"}).Reads("-1"))
	asn := At(tree.Path{"transit-asns"}).Item()
	assert.True(t, asn.Reads("4294967295"))
	assert.False(t, asn.Reads("4294967296"))
}

func TestIntegerKeys(t *testing.T) {
	for pointer, want := range map[string]bool{
		"/authorized-providers": true, "/peers/X/as-prefs": true, "/templates/X/as-prefs": true,
		"/peers/X/community-prefs": false, "/peers": false, "": false, "/unknown": false,
	} {
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		assert.Equal(t, want, At(path).IntegerKeys(), pointer)
	}
}

func BenchmarkFitPeer(b *testing.B) {
	v, err := tree.Parse([]byte(`{"asn":65001,"neighbors":["192.0.2.1"],"as-prefs":{"174":50},"filter-irr":true}`))
	require.NoError(b, err)
	n := At(tree.Path{"peers", "X"})
	for b.Loop() {
		if _, m := n.Fit(v); m != nil {
			b.Fatal(m.Want)
		}
	}
}
