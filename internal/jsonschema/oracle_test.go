package jsonschema_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	oracle "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/jsonschema"
)

// noLoader lets the oracle load nothing.
type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errors.New("nothing is loaded") }

// theirs is what an established library says: whether the schema is one, and
// whether the value fits.
func theirs(t testing.TB, schema, value string) (valid, fits bool) {
	t.Helper()
	doc, err := oracle.UnmarshalJSON(strings.NewReader(schema))
	require.NoError(t, err, schema)
	c := oracle.NewCompiler()
	c.DefaultDraft(oracle.Draft2020)
	c.UseLoader(noLoader{})
	if err := c.AddResource("urn:test", doc); err != nil {
		return false, false
	}
	compiled, err := c.Compile("urn:test")
	if err != nil {
		return false, false
	}
	v, err := oracle.UnmarshalJSON(strings.NewReader(value))
	require.NoError(t, err, value)
	return true, compiled.Validate(v) == nil
}

// ours also follows references in schemas that nothing leads to.
func ours(t testing.TB, schema, value string) (valid, fits, dangles bool) {
	t.Helper()
	doc, err := tree.Parse([]byte(schema))
	require.NoError(t, err, schema)
	compiled, err := jsonschema.Compile("urn:test", doc, nil)
	if err != nil {
		return false, false, strings.HasPrefix(err.Error(), "a $ref to")
	}
	v, err := tree.Parse([]byte(value))
	require.NoError(t, err, value)
	return true, len(compiled.Validate(v)) == 0, false
}

// Random schemas and values: the same verdict as the library's.
func TestVerdictsAreThoseOfTheLibrary(t *testing.T) {
	const rounds = 600
	r := rand.New(rand.NewPCG(1, 2))
	fits := 0
	for range rounds {
		m := maker{r}
		schema := m.document()
		for range 5 {
			value := m.value(3)
			wantValid, wantFits := theirs(t, schema, value)
			valid, fit, dangles := ours(t, schema, value)
			if dangles {
				continue
			}
			require.Equal(t, wantValid, valid, "the schema %s", schema)
			require.Equal(t, wantFits, fit, "the value %s\nfor the schema %s", value, schema)
			if fit {
				fits++
			}
		}
	}
	assert.Greater(t, fits, rounds/2, "values that fit")
	assert.Less(t, fits, rounds*9/2, "values that do not")
}

// maker makes up schemas and values, from few names and numbers so that they
// have to do with each other.
type maker struct{ *rand.Rand }

func (m maker) one(of ...string) string { return of[m.IntN(len(of))] }

func (m maker) document() string {
	dialect := m.one("", "", "", `"$schema":"http://json-schema.org/draft-07/schema#",`, `"$schema":"https://json-schema.org/draft/2019-09/schema",`)
	anchor, defs := `"$anchor":"n"`, "$defs"
	if strings.Contains(dialect, "draft-07") {
		anchor, defs = `"$id":"#n"`, "definitions"
	}
	body := strings.TrimSuffix(strings.TrimPrefix(m.object(3), "{"), "}")
	if body != "" {
		body += ","
	}
	text := "{" + dialect + body + fmt.Sprintf(`"$defs":{"d":%s,"e":{%s,"type":"integer"}}}`, m.schema(2), anchor)
	return strings.ReplaceAll(text, "$defs", defs)
}

func (m maker) schema(depth int) string {
	if depth == 0 || m.IntN(6) == 0 {
		return m.one("true", "false", `{}`, `{"type":"integer"}`, `{"type":"string"}`, `{"type":["null","number"]}`, `{"const":1}`, `{"$ref":"#/$defs/e"}`, `{"minimum":1}`, `{"pattern":"^a"}`)
	}
	return m.object(depth)
}

// object is a schema of one to three keywords.
func (m maker) object(depth int) string {
	parts := map[string]string{}
	for range 1 + m.IntN(3) {
		key, value := m.keyword(depth - 1)
		parts[key] = value
	}
	var b []string
	for key, value := range parts {
		b = append(b, fmt.Sprintf("%q:%s", key, value))
	}
	return "{" + strings.Join(b, ",") + "}"
}

func (m maker) keyword(depth int) (key, value string) {
	switch m.IntN(9) {
	case 0:
		return m.one("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), m.one("0", "1", "1.5", "-2", "1e2", `"1"`)
	case 1:
		return m.one("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"), m.one("0", "1", "2", "2.0", "-1")
	case 2:
		return m.one("additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems", "contains", "not", "if", "then", "else", "items", "additionalItems"), m.schema(depth)
	case 3:
		return m.one("allOf", "anyOf", "oneOf", "prefixItems", "items"), m.list(depth)
	case 4:
		return m.one("properties", "properties", "dependentSchemas", "dependencies"), m.members(depth, "a", "b", "c")
	case 5:
		return "patternProperties", m.members(depth, "^a", "b", "(")
	case 6:
		if m.IntN(2) == 0 {
			return "enum", m.one(`["a"]`, `["a",1]`, `[{"a":1.0},[],null]`, `"a"`)
		}
		return "required", m.one(`["a"]`, `["a","b"]`, `["a",1]`, `["a","a"]`, `[]`)
	case 7:
		return m.one("dependentRequired", "dependencies"), m.one(`{"a":["b"]}`, `{"b":["a","c"]}`, `{"a":"b"}`)
	}
	return m.rare()
}

func (m maker) rare() (key, value string) {
	switch m.IntN(6) {
	case 0:
		return "type", m.one(`"integer"`, `"number"`, `"string"`, `["array","object"]`, `"object"`, `"array"`, `"strng"`, `["null","null"]`)
	case 1:
		return "uniqueItems", m.one("true", "true", "false", "1")
	case 2:
		return "multipleOf", m.one("0.1", "2", "0")
	case 3:
		return "const", m.value(1)
	case 4:
		return "pattern", m.one(`"^a"`, `"b$"`, `"("`)
	}
	return "$ref", m.one(`"#"`, `"#/$defs/d"`, `"#/$defs/e"`, `"#/$defs/missing"`, `"http://example.net/x"`, `"#n"`)
}

func (m maker) list(depth int) string {
	all := make([]string, m.IntN(3)+m.IntN(2))
	for i := range all {
		all[i] = m.schema(depth)
	}
	return "[" + strings.Join(all, ",") + "]"
}

func (m maker) members(depth int, names ...string) string {
	var all []string
	for _, name := range names {
		if m.IntN(3) > 0 && (name != "(" || m.IntN(5) == 0) {
			all = append(all, fmt.Sprintf("%q:%s", name, m.schema(depth)))
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}

func (m maker) value(depth int) string {
	if depth == 0 || m.IntN(4) == 0 {
		return m.one("null", "true", "false", "0", "1", "1.0", "2", "0.3", "-3", "9007199254740993", `"a"`, `"ab"`, `"b"`, `""`, "[]", "{}")
	}
	var all []string
	if m.IntN(2) == 0 {
		for range m.IntN(4) {
			all = append(all, m.value(depth-1))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	for _, name := range []string{"a", "b", "c", "ab"} {
		if m.IntN(2) == 0 {
			all = append(all, fmt.Sprintf("%q:%s", name, m.value(depth-1)))
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}
