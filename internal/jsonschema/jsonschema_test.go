package jsonschema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func parse(t *testing.T, text string) tree.Value {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	require.NoError(t, err, text)
	return v
}

// faults lists them as POINTER: problem.
func faults(t *testing.T, schema, value string) []string {
	t.Helper()
	s, err := Compile("", parse(t, schema), nil)
	require.NoError(t, err, schema)
	var words []string
	for _, f := range s.Validate(parse(t, value)) {
		words = append(words, f.Path.String()+": "+f.Problem)
	}
	return words
}

// Each fault says where it stands, what came and what was wanted.
func TestFaults(t *testing.T) {
	for _, row := range []struct{ schema, value, want string }{
		{`{"type":"integer"}`, `1.5`, `: got number, want integer`},
		{`{"type":["integer","null"]}`, `"1"`, `: got string, want integer or null`},
		{`{"type":"integer"}`, `1e99999`, `: got number, want integer`},
		{`{"const":"a"}`, `"b"`, `: value must be 'a'`},
		{`{"const":{}}`, `"b"`, `: 'const' failed`},
		{`{"enum":["a",1,null]}`, `"b"`, `: value must be one of 'a', 1, null`},
		{`{"enum":["it's \"a\""]}`, `"b"`, `: value must be 'it\'s "a"'`},
		{`{"minLength":3}`, `"äö"`, `: minLength: got 2, want 3`},
		{`{"maxLength":1}`, `"äö"`, `: maxLength: got 2, want 1`},
		{`{"pattern":"^a"}`, `"b"`, `: 'b' does not match pattern '^a'`},
		{`{"minimum":1}`, `0.5`, `: minimum: got 0.5, want 1`},
		{`{"maximum":9007199254740992}`, `9007199254740993`, `: maximum: got 9007199254740993, want 9007199254740992`},
		{`{"maximum":1}`, `1e99999`, `: maximum: got 1e99999, want 1`},
		{`{"exclusiveMinimum":1}`, `1`, `: exclusiveMinimum: got 1, want 1`},
		{`{"exclusiveMaximum":1}`, `1`, `: exclusiveMaximum: got 1, want 1`},
		{`{"multipleOf":0.1}`, `0.35`, `: multipleOf: got 0.35, want 0.1`},
		{`{"minProperties":1}`, `{}`, `: minProperties: got 0, want 1`},
		{`{"maxItems":1}`, `[1,2]`, `: maxItems: got 2, want 1`},
		{`{"uniqueItems":true}`, `[1,2,1.0]`, `: items at 0 and 2 are equal`},
		{`{"required":["a"]}`, `{}`, `: missing property 'a'`},
		{`{"required":["a","b","c"]}`, `{"b":1}`, `: missing properties 'a', 'c'`},
		{`{"properties":{"a":{"properties":{"b/c":false}}}}`, `{"a":{"b/c":1}}`, `/a/b~1c: false schema`},
		{`{"additionalProperties":false}`, `{"b":1,"a":2}`, `: additional properties 'a', 'b' not allowed`},
		{`{"propertyNames":{"pattern":"^a"}}`, `{"b":1}`, `: invalid propertyName 'b': 'b' does not match pattern '^a'`},
		{`{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, `: properties 'b' required, if 'a' exists`},
		{`{"items":{"type":"string"}}`, `["a",1]`, `/1: got number, want string`},
		{`{"prefixItems":[true],"items":false}`, `["a",1]`, `/1: false schema`},
		{`{"contains":{"type":"string"}}`, `[1]`, `: no items match contains schema`},
		{`{"contains":true,"minContains":3}`, `[1]`, `: min 3 items required to match contains schema, but matched 1`},
		{`{"contains":true,"maxContains":1}`, `[1,2]`, `: max 1 items may match contains schema, but matched 2: 0, 1`},
		{`{"not":{}}`, `1`, `: 'not' failed`},
		{`{"anyOf":[{"type":"null"},{"minimum":2}]}`, `1`, `: got number, want null|: minimum: got 1, want 2`},
		{`{"oneOf":[{"type":"null"},{"minimum":2}]}`, `1`, `: got number, want null|: minimum: got 1, want 2`},
		{`{"oneOf":[false,true,{}]}`, `1`, `: 'oneOf' failed, subschemas 1, 2 matched`},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{"a":1}`, `: missing property 'b'`},
		{`{"$ref":"#/$defs/d","$defs":{"d":{"type":"null"}}}`, `1`, `: got number, want null`},
		{`{"$ref":"#"}`, `1`, `: the schema refers to itself without end`},
		{`{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}`, `{"a":1,"b":2}`, `/b: false schema`},
		{`{"prefixItems":[true],"contains":{"const":2},"unevaluatedItems":{"type":"null"}}`, `[1,2,3]`, `/2: got number, want null`},
	} {
		assert.Equal(t, strings.Split(row.want, "|"), faults(t, row.schema, row.value), "%s for %s", row.value, row.schema)
	}
}

// References lead to names, pointers, schemas with a URI of their own, and
// dynamically to the outermost schema with the name.
func TestReferences(t *testing.T) {
	const list = `{"$id":"http://example.net/strings","$ref":"list","$defs":{
		"item":{"$dynamicAnchor":"item","type":"string"},
		"list":{"$id":"list","items":{"$dynamicRef":"#item"},"$defs":{"any":{"$dynamicAnchor":"item"}}}}}`
	assert.Empty(t, faults(t, list, `["a"]`))
	assert.Equal(t, []string{"/0: got number, want string"}, faults(t, list, `[1]`))

	const grows = `{"properties":{"v":{"type":"integer"},"next":{"$ref":"#"}}}`
	assert.Equal(t, []string{"/next/next/v: got string, want integer"}, faults(t, grows, `{"v":1,"next":{"v":2,"next":{"v":"x"}}}`))
	assert.Equal(t, []string{": got number, want string"}, faults(t, `{"$ref":"#/x/0","x":[{"type":"string"}]}`, `1`), "a schema under a keyword that is none")
	assert.Equal(t, []string{": got number, want string"}, faults(t, `{"$ref":"#a%25b","$defs":{"d":{"$anchor":"a%b","type":"string"}}}`, `1`))
}

// What is no schema is refused, with its place.
func TestNoSchemas(t *testing.T) {
	for schema, want := range map[string]string{
		`1`:                                  `"": expected a schema, that is an object or a boolean, got 1`,
		`{"type":"strng"}`:                   `"/type": expected null, boolean, integer, number, string, array or object, got "strng"`,
		`{"type":["null","null"]}`:           `"/type": expected each type once`,
		`{"properties":{"a":{"items":[]}}}`:  `"/properties/a/items": expected a schema`,
		`{"properties":[]}`:                  `"/properties": expected an object of schemas, got []`,
		`{"allOf":{}}`:                       `"/allOf": expected an array of schemas, got {}`,
		`{"required":"a"}`:                   `"/required": expected an array of names`,
		`{"pattern":"(?=a)"}`:                `"/pattern": expected a regular expression`,
		`{"patternProperties":{"(":{}}}`:     `"/patternProperties": expected a regular expression`,
		`{"minimum":"1"}`:                    `"/minimum": expected a number`,
		`{"minimum":1e99999}`:                `"/minimum": expected a number, with an exponent of at most 4 digits`,
		`{"multipleOf":0}`:                   `"/multipleOf": expected a number above zero`,
		`{"minLength":1.5}`:                  `"/minLength": expected a whole number that is not negative`,
		`{"uniqueItems":1}`:                  `"/uniqueItems": expected a boolean`,
		`{"title":1}`:                        `"/title": expected a string`,
		`{"enum":1}`:                         `"/enum": expected an array`,
		`{"dependentRequired":{"a":"b"}}`:    `"/dependentRequired/a": expected an array of names`,
		`{"$ref":"#/$defs/a"}`:               `a $ref to #/$defs/a: nothing is there`,
		`{"$ref":"http://example.net/"}`:     `a $ref to http://example.net/: only references within the schema are followed`,
		`{"$ref":"file:///etc/passwd"}`:      `a $ref to file:///etc/passwd: only references within the schema are followed`,
		`{"$ref":":"}`:                       `a $ref to :: expected a URI`,
		`{"$schema":"http://example.net/"}`:  `"/$schema": expected https://json-schema.org/draft/2020-12/schema`,
		`{"$id":"a","not":{"$id":"a"}}`:      `"/not/$id": expected a URI that no other schema has`,
		`{"minItems":123456789012345678901}`: `"/minItems": expected a whole number`,
	} {
		_, err := Compile("", parse(t, schema), nil)
		require.ErrorContains(t, err, want, schema)
	}
	_, err := Compile("", parse(t, `{"const":`+fmt.Sprintf("%q", strings.Repeat("x", 100))+`,"type":`+fmt.Sprintf("%q", strings.Repeat("x", 100))+`}`), nil)
	assert.ErrorContains(t, err, "got a long string")
}

// Other schemas come from the Loader alone, each of them once.
func TestLoader(t *testing.T) {
	asked := map[string]int{}
	load := func(uri string) (tree.Value, error) {
		asked[uri]++
		if uri == "urn:x:none" {
			return nil, errors.New("there is none")
		}
		return parse(t, `{"type":"string"}`), nil
	}
	s, err := Compile("urn:x:a", parse(t, `{"items":{"$ref":"urn:x:b"},"prefixItems":[{"$ref":"urn:x:b#"}]}`), load)
	require.NoError(t, err)
	assert.Len(t, s.Validate(parse(t, `[1,2,"3"]`)), 2)
	assert.Equal(t, map[string]int{"urn:x:b": 1}, asked)
	_, err = Compile("urn:x:a", parse(t, `{"$ref":"urn:x:none"}`), load)
	assert.EqualError(t, err, "a $ref to urn:x:none: there is none")
}

// Whatever a schema and a value hold, there is a verdict.
func FuzzSchema(f *testing.F) {
	f.Add(`{"$ref":"#/$defs/a","$defs":{"a":{"$dynamicRef":"#b","items":{"$dynamicAnchor":"b"}}}}`, `[[1]]`)
	f.Add(`{"$schema":"https://json-schema.org/draft/2019-09/schema","$recursiveAnchor":true,"items":{"$recursiveRef":"#"}}`, `[[1]]`)
	f.Add(`{"allOf":[{"contains":{"minimum":1e9}}],"unevaluatedItems":{"multipleOf":0.1},"patternProperties":{"^a":false}}`, `{"a":[1.5]}`)
	f.Fuzz(func(t *testing.T, schema, value string) {
		s, err := tree.Parse([]byte(schema))
		v, notJSON := tree.Parse([]byte(value))
		if err != nil || notJSON != nil {
			return
		}
		if compiled, err := Compile("", s, nil); err == nil {
			compiled.Validate(v)
		}
	})
}
