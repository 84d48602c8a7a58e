package sdk_test

import (
	"context"
	"encoding/json"
	"math"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/sdk"
)

// change runs a plugin that changes its view with f and returns its answer.
func change[View any](t *testing.T, config string, f func(v *View)) string {
	t.Helper()
	p := &sdk.Plugin{
		Name: "change", Version: "1",
		Modify: sdk.Modify(func(_ context.Context, c *sdk.Call[struct{}, View]) (sdk.Result, error) {
			f(&c.View)
			return sdk.Changed(c.View), nil
		}),
	}
	out, _, _ := ask(t, p, modify(config, `{}`)+"\n")
	return out
}

func changed(config string) string { return result(`{"config":`+config+`}`) + "\n" }

// Only what the plugin changed differs from what it was sent, whatever its
// type leaves out or adds: MOD-5 would remove it, or set it to zero.
func TestChanged(t *testing.T) {
	type kernel struct {
		ScanTime int  `json:"scan-time"`
		Learn    bool `json:"learn"`
	}
	type view struct {
		Hostname string         `json:"hostname"`
		Kernel   kernel         `json:"kernel"`
		Tags     []string       `json:"tags"`
		Prefs    map[string]int `json:"prefs"`
	}
	for _, test := range []struct {
		name, config, want string
		change             func(v *view)
	}{
		{"nothing", `{"x":[1.0,{"y":1e3}],"hostname":null}`, `{"hostname":null,"x":[1.0,{"y":1e3}]}`, func(*view) {}},
		{"no zero values", `{"x":1}`, `{"hostname":"a","x":1}`, func(v *view) { v.Hostname = "a" }},
		{"not in a new object", `{}`, `{"kernel":{"scan-time":3}}`, func(v *view) { v.Kernel.ScanTime = 3 }},
		{"nor in a null", `{"kernel":null}`, `{"kernel":{"scan-time":3}}`, func(v *view) { v.Kernel.ScanTime = 3 }},
		{"the rest of an object", `{"kernel":{"table":254,"learn":true}}`, `{"kernel":{"learn":true,"scan-time":3,"table":254}}`, func(v *view) { v.Kernel.ScanTime = 3 }},
		{"an array is one value", `{"tags":["a","b"]}`, `{"tags":["b"]}`, func(v *view) { v.Tags = v.Tags[1:] }},
		{"removed from a map", `{"prefs":{"174":1,"1299":2}}`, `{"prefs":{"1299":2}}`, func(v *view) { delete(v.Prefs, "174") }},
		{"added to a map", `{"prefs":null}`, `{"prefs":{"174":1}}`, func(v *view) { v.Prefs = map[string]int{"174": 1} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, changed(test.want), change(t, test.config, test.change))
		})
	}
}

// Integers in a view without types keep all digits (TYP-2).
func TestChangedWithoutTypes(t *testing.T) {
	got := change(t, `{"asn":12345678901234567890,"a":{"b":1.10}}`, func(v *map[string]any) {
		assert.Equal(t, json.Number("12345678901234567890"), (*v)["asn"])
		(*v)["c"] = 1
	})
	assert.Equal(t, changed(`{"a":{"b":1.10},"asn":12345678901234567890,"c":1}`), got)
}

func TestChangedUnencodable(t *testing.T) {
	got := change(t, `{}`, func(v *struct{ X float64 }) { v.X = math.NaN() })
	assert.Equal(t, failed(-32603, "cannot encode the result: json: unsupported value: NaN")+"\n", got)
}

// Options of every kind are refused in the words of JSON (OPT-5).
func TestOptionTypes(t *testing.T) {
	type embedded struct {
		Inner string `json:"inner"`
	}
	type options struct {
		embedded
		Yes     bool           `json:"yes"`
		Share   float64        `json:"share"`
		Sub     struct{}       `json:"sub"`
		Map     map[string]int `json:"map"`
		Address netip.Addr     `json:"address"`
		Ptr     *embedded      `json:"ptr"`
		Plain   string
		Hidden  string `json:"-"`
	}
	p := &sdk.Plugin{
		Name: "options", Version: "1",
		Modify: sdk.Modify(func(context.Context, *sdk.Call[options, struct{}]) (sdk.Result, error) {
			return sdk.Result{}, nil
		}),
	}
	const known = `, expected one of: Plain, address, inner, map, ptr, share, sub, yes`
	for _, test := range []struct{ options, want string }{
		{`{"inner":"a","Plain":"b","address":"192.0.2.1","ptr":{"inner":""},"sub":{},"map":{"x":1}}`, result(`{"merge":{}}`)},
		{`{"yes":1}`, badOption("/yes", `option \"/yes\": expected true or false, got number`)},
		{`{"share":"1"}`, badOption("/share", `option \"/share\": expected a number, got string`)},
		{`{"sub":[]}`, badOption("/sub", `option \"/sub\": expected an object, got array`)},
		{`{"sub":{"x":1}}`, badOption("/sub/x", `unknown option \"/sub/x\", expected no option here`)},
		{`{"ptr":{"x":1}}`, badOption("/ptr/x", `unknown option \"/ptr/x\", expected one of: inner`)},
		{`{"map":[]}`, badOption("/map", `option \"/map\": expected an object, got array`)},
		{`{"yes":[{"x":1}]}`, badOption("/yes", `option \"/yes\": expected true or false, got array`)},
		{`{"address":"x"}`, badOption("", `options: ParseAddr(\"x\"): unable to parse IP`)},
		{`{"address":{"x":1}}`, badOption("/address", `option \"/address\": expected a string, got object`)},
		{`{"plain":"b"}`, badOption("/plain", `unknown option \"/plain\"`+known)},
		{`{"Hidden":"b"}`, badOption("/Hidden", `unknown option \"/Hidden\"`+known)},
		{`{"embedded":{}}`, badOption("/embedded", `unknown option \"/embedded\"`+known)},
	} {
		out, _, _ := ask(t, p, modify(`{}`, test.options)+"\n")
		assert.Equal(t, test.want+"\n", out, test.options)
	}
}
