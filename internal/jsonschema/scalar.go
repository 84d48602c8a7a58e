package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// typeOf names the type of a value. A whole number is a number here.
func typeOf(v tree.Value) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []tree.Value:
		return "array"
	}
	return "object"
}

// scalar holds the value to type, const and enum. If it does not fit these,
// nothing else needs to be said.
func (j *judgement) scalar(v tree.Value) bool {
	if want := j.types(); want != nil && !hasType(v, want) {
		j.fault("type", "got %s, want %s", typeOf(v), strings.Join(want, " or "))
		return false
	}
	if want, ok := j.keyword("const"); ok && !tree.Equal(v, want) {
		j.unequal("const", []tree.Value{want})
		return false
	}
	if _, ok := j.keyword("enum"); ok {
		want := j.list("enum")
		if !slices.ContainsFunc(want, func(one tree.Value) bool { return tree.Equal(v, one) }) {
			j.unequal("enum", want)
			return false
		}
	}
	return true
}

func (j *judgement) types() []string {
	v, ok := j.keyword("type")
	if !ok {
		return nil
	}
	if name, ok := v.(string); ok {
		return []string{name}
	}
	var all []string
	for _, name := range j.list("type") {
		all = append(all, name.(string))
	}
	return all
}

func hasType(v tree.Value, want []string) bool {
	if slices.Contains(want, typeOf(v)) {
		return true
	}
	n, ok := number(v)
	return ok && n.IsInt() && slices.Contains(want, "integer")
}

// unequal words that the value is none of those wanted.
func (j *judgement) unequal(keyword string, want []tree.Value) {
	var words []string
	for _, v := range want {
		switch v := v.(type) {
		case []tree.Value, *tree.Object:
			j.fault(keyword, "'%s' failed", keyword)
			return
		case string:
			words = append(words, quote(v))
		default:
			words = append(words, string(tree.Append(nil, v)))
		}
	}
	if len(words) == 1 {
		j.fault(keyword, "value must be %s", words[0])
		return
	}
	j.fault(keyword, "value must be one of %s", strings.Join(words, ", "))
}

// quote writes a text in single quotes, in which double ones need no escape.
func quote(s string) string {
	s = fmt.Sprintf("%q", s)
	s = strings.NewReplacer(`\"`, `"`, `'`, `\'`).Replace(s)
	return "'" + s[1:len(s)-1] + "'"
}

func quoteAll(all []string) string {
	quoted := make([]string, 0, len(all))
	for _, s := range all {
		quoted = append(quoted, quote(s))
	}
	return strings.Join(quoted, ", ")
}

// bounds holds a size to two keywords.
func (j *judgement) bounds(least, most string, size int) {
	if v, ok := j.keyword(least); ok {
		if want, _ := count(v); size < want {
			j.fault(least, "%s: got %d, want %d", least, size, want)
		}
	}
	if v, ok := j.keyword(most); ok {
		if want, _ := count(v); size > want {
			j.fault(most, "%s: got %d, want %d", most, size, want)
		}
	}
}

func (j *judgement) ofText(s string) {
	j.bounds("minLength", "maxLength", utf8.RuneCountInString(s))
	if p := j.node.pattern; p != nil && !p.MatchString(s) {
		j.fault("pattern", "%s does not match pattern %s", quote(s), quote(p.String()))
	}
}

// longestExponent is up to how many digits an exponent may have: to compute
// with the number 1e9999999 takes seconds.
const longestExponent = 4

// number returns the exact value of a number, unless it is out of all bounds.
func number(v tree.Value) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	if _, exponent, _ := strings.Cut(strings.ToLower(string(n)), "e"); len(strings.TrimLeft(exponent, "+-")) > longestExponent {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

func (j *judgement) ofNumber(v tree.Value) {
	written, ok := v.(json.Number)
	if !ok {
		return
	}
	for _, limit := range []struct {
		keyword string
		fits    func(got, want *big.Rat) bool
	}{
		{"minimum", func(got, want *big.Rat) bool { return got.Cmp(want) >= 0 }},
		{"maximum", func(got, want *big.Rat) bool { return got.Cmp(want) <= 0 }},
		{"exclusiveMinimum", func(got, want *big.Rat) bool { return got.Cmp(want) > 0 }},
		{"exclusiveMaximum", func(got, want *big.Rat) bool { return got.Cmp(want) < 0 }},
		{"multipleOf", func(got, want *big.Rat) bool { return new(big.Rat).Quo(got, want).IsInt() }},
	} {
		declared, ok := j.keyword(limit.keyword)
		if !ok {
			continue
		}
		want, _ := number(declared)
		if got, ok := number(v); !ok || !limit.fits(got, want) {
			j.fault(limit.keyword, "%s: got %s, want %s", limit.keyword, written, declared)
		}
	}
}
