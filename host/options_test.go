package host

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/discovery"
)

func applyOptions(t *testing.T, schema, options string) ([]string, error) {
	t.Helper()
	compiled, err := newOptionsSchema([]byte(schema))
	require.NoError(t, err)
	value, err := tree.Parse([]byte(options))
	require.NoError(t, err)
	_, secrets, err := compiled.apply(Step{Plugin: discovery.Plugin{Name: "zorb"}, Options: value})
	return secrets, err
}

// secretPlaces are schemas in which the value "hunter2" is write-only, and the
// options that hold it. VALUE stands for the schema of the value.
var secretPlaces = []struct{ name, schema, options string }{
	{"properties", `{"properties":{"a":VALUE}}`, `{"a":"hunter2"}`},
	{"properties of properties", `{"properties":{"a":{"properties":{"b":VALUE}}}}`, `{"a":{"b":"hunter2"}}`},
	{"items", `{"properties":{"a":{"items":VALUE}}}`, `{"a":["x-ok","hunter2"]}`},
	{"properties of items", `{"properties":{"a":{"items":{"properties":{"b":VALUE}}}}}`, `{"a":[{"b":"hunter2"}]}`},
	{"above the value", `{"properties":{"a":{"writeOnly":true,"properties":{"b":{"pattern":"^x"}}}}}`, `{"a":{"b":"hunter2"}}`},
	{"above a name", `{"properties":{"a":{"writeOnly":true,"additionalProperties":{"type":"string"}}}}`, `{"a":{"hunter2":1}}`},
	{"above a name that is not allowed", `{"properties":{"a":{"writeOnly":true,"additionalProperties":false}}}`, `{"a":{"hunter2":"hunter2"}}`},
	{"$ref to $defs", `{"properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":VALUE}}`, `{"a":"hunter2"}`},
	{"$ref to a property", `{"properties":{"a":{"$ref":"#/properties/b"},"b":VALUE}}`, `{"a":"hunter2"}`},
	{"$dynamicRef", `{"properties":{"a":{"$dynamicRef":"#t"},"b":{"$dynamicAnchor":"t","pattern":"^x","writeOnly":true}}}`, `{"a":"hunter2"}`},
	{"allOf", `{"properties":{"a":{"allOf":[VALUE]}}}`, `{"a":"hunter2"}`},
	{"allOf beside it", `{"properties":{"a":{"pattern":"^x"}},"allOf":[{"properties":{"a":{"writeOnly":true}}}]}`, `{"a":"hunter2"}`},
	{"anyOf", `{"properties":{"a":{"anyOf":[VALUE,{"type":"integer"}]}}}`, `{"a":"hunter2"}`},
	{"oneOf", `{"properties":{"a":{"oneOf":[VALUE,{"type":"integer"}]}}}`, `{"a":"hunter2"}`},
	{"additionalProperties", `{"additionalProperties":VALUE}`, `{"a":"hunter2"}`},
	{"patternProperties", `{"patternProperties":{"^a":VALUE}}`, `{"a":"hunter2"}`},
	{"prefixItems", `{"properties":{"a":{"prefixItems":[VALUE]}}}`, `{"a":["hunter2"]}`},
	{"items of an earlier draft", `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"items":[VALUE]}}}`, `{"a":["hunter2"]}`},
	{"properties and items", `{"properties":{"a":{"properties":{"0":{}},"items":VALUE}}}`, `{"a":["hunter2"]}`},
	{"if and then", `{"if":{},"then":{"properties":{"a":VALUE}}}`, `{"a":"hunter2"}`},
	{"dependentSchemas", `{"dependentSchemas":{"a":{"properties":{"a":VALUE}}}}`, `{"a":"hunter2"}`},
	{"unevaluatedProperties", `{"unevaluatedProperties":VALUE}`, `{"a":"hunter2"}`},
	{"a property of that name", `{"properties":{"writeOnly":true,"a":VALUE}}`, `{"a":"hunter2"}`},
}

const valueSchema = `{"pattern":"%s","writeOnly":true}`

// OPT-6: wherever the mark stands, the value is not in the error and is masked
// in a trace.
func TestWriteOnlyValuesAreNotShown(t *testing.T) {
	for _, tc := range secretPlaces {
		t.Run(tc.name, func(t *testing.T) {
			_, err := applyOptions(t, expand(tc.schema, "^x"), tc.options)
			require.ErrorContains(t, err, "plugin zorb: ")
			assert.NotContains(t, err.Error(), "hunter2")
			if tc.schema == expand(tc.schema, "") {
				return // no schema that the value fits
			}
			secrets, err := applyOptions(t, expand(tc.schema, "."), tc.options)
			require.NoError(t, err)
			assert.Contains(t, secrets, "hunter2")
		})
	}
}

func expand(schema, pattern string) string {
	return strings.ReplaceAll(schema, "VALUE", fmt.Sprintf(valueSchema, pattern))
}

// What cannot be secret is shown, and not masked.
func TestOtherValuesAreShown(t *testing.T) {
	for _, tc := range []struct{ schema, options, want string }{
		{`{"properties":{"a":{"pattern":"^x"},"b":{"writeOnly":true}}}`, `{"a":"plain"}`, `the option /a: 'plain' does not match pattern '^x'`},
		{`{"properties":{"a":{"pattern":"^x"},"writeOnly":true}}`, `{"a":"plain"}`, `the option /a: 'plain' does not match pattern '^x'`},
		{`{"properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":{"pattern":"^x","writeOnly":false}}}`, `{"a":"plain"}`, `'plain' does not match`},
		{`{"properties":{"a":{"type":"integer","writeOnly":true}}}`, `{"a":"hunter2"}`, `the option /a: got string, want integer`},
		{`{"$ref":"#/$defs/t","$defs":{"t":{"required":["token"],"properties":{"token":{"writeOnly":true}}}}}`, `{}`, `the options: missing property 'token'`},
		{`{"additionalProperties":false,"properties":{"token":{"$ref":"#/$defs/t"}},"$defs":{"t":{"writeOnly":true}}}`, `{"tokne":"hunter2"}`, `the options: additional properties 'tokne' not allowed`},
	} {
		_, err := applyOptions(t, tc.schema, tc.options)
		require.ErrorContains(t, err, tc.want, tc.schema)
		assert.NotContains(t, err.Error(), "hunter2")
	}
	secrets, err := applyOptions(t, `{"properties":{"a":{},"b":{"writeOnly":true}}}`, `{"a":"plain","b":["hunter2",{"pin":1234}]}`)
	require.NoError(t, err)
	assert.Equal(t, []string{"hunter2", "1234"}, secrets)
}

// The error is the same each time, whatever order the validator finds faults in.
func TestTheFirstFaultIsNamed(t *testing.T) {
	const schema = `{"properties":{"d":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"a":{"anyOf":[{"type":"null"},{"type":"boolean"}]}}}`
	for range 50 {
		_, err := applyOptions(t, schema, `{"d":"x","c":"x","b":"x","a":"x"}`)
		require.EqualError(t, err, "plugin zorb: the option /a: got string, want boolean (and 4 more)")
		_, err = applyOptions(t, schema, `{"d":"x","a":true}`)
		require.EqualError(t, err, "plugin zorb: the option /d: got string, want integer")
	}
}
