package config

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// scalar types a scalar as the parser that Pathvector uses would read it into
// the key's Go type, except where that loses something: then it is an error.
func (t *typer) scalar(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	if n.Style&yaml.TaggedStyle != 0 {
		var v any
		if n.Decode(&v) != nil {
			return nil, t.unfit(n, "a value that fits its tag "+n.ShortTag(), "correct the value or leave out the tag")
		}
	}
	if null(n) {
		return nil, nil
	}
	switch s.Kind() {
	case schema.String:
		return t.text(n)
	case schema.Integer:
		return t.integer(n, s)
	case schema.Number:
		return t.number(n)
	case schema.Boolean:
		return t.boolean(n)
	case schema.Any:
		return t.resolved(n)
	}
	return nil, t.mismatch(n, s)
}

// resolved types a scalar by YAML alone: what the schema does not know.
func (t *typer) resolved(n *yaml.Node) (tree.Value, error) {
	switch n.ShortTag() {
	case "!!bool":
		return t.boolean(n)
	case "!!int", "!!float":
		return t.number(n)
	}
	return t.text(n)
}

// text returns the source text of a plain scalar, and the value of others.
func (t *typer) text(n *yaml.Node) (string, error) {
	text := n.Value
	if n.ShortTag() == "!!binary" {
		if err := n.Decode(&text); err != nil || !utf8.ValidString(text) {
			return "", t.problem(n, "expected text, got binary data", "write text in UTF-8")
		}
	}
	if strings.ContainsRune(text, 0) {
		return "", t.problem(n, "the text holds a NUL", "leave out the NUL: no plugin can be sent it")
	}
	return text, nil
}

func (t *typer) boolean(n *yaml.Node) (tree.Value, error) {
	var b bool
	if n.Decode(&b) != nil {
		return nil, t.unfit(n, "true or false", "write true or false, without quotes")
	}
	return b, nil
}

func (t *typer) integer(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	text, ok := wholeNumber(n)
	if ok && s.Reads(text) {
		return json.Number(text), nil
	}
	advice := "write a whole number in decimal"
	switch {
	case ok:
		return nil, t.unfit(n, "a whole number that Pathvector can hold", "write a number that is in range")
	case decimalDigits(n.Value):
		advice = "write " + n.Value + " without quotes"
	case n.ShortTag() == "!!float":
		advice = "write a whole number: Pathvector would drop what stands after the point"
	}
	return nil, t.unfit(n, "a whole number", advice)
}

// number types a number that need not be whole.
func (t *typer) number(n *yaml.Node) (tree.Value, error) {
	if n.ShortTag() == "!!int" {
		if text, ok := wholeNumber(n); ok {
			return json.Number(text), nil
		}
	}
	var f float64
	if quoted(n) && n.Style&yaml.TaggedStyle == 0 || n.Decode(&f) != nil {
		return nil, t.unfit(n, "a number", "write a number, without quotes")
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, t.unfit(n, "a finite number", "JSON, which plugins are sent, has no other")
	}
	if text := decimal(n.Value); json.Valid([]byte(text)) {
		return json.Number(text), nil
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
}

// wholeNumber returns in decimal what the parser reads into an integer: any
// base, underscores, and exponents as long as there is no point. A point may
// be an AS number in two parts, 1.10, which the parser would cut to 1.
func wholeNumber(n *yaml.Node) (string, bool) {
	switch n.ShortTag() {
	case "!!int":
		var i int64
		var u uint64
		if decimalDigits(n.Value) && (n.Value[0] != '0' || n.Value == "0") {
			return n.Value, true
		}
		if n.Decode(&i) == nil {
			return strconv.FormatInt(i, 10), true
		}
		return strconv.FormatUint(u, 10), n.Decode(&u) == nil
	case "!!float":
		var f float64
		if strings.Contains(n.Value, ".") || n.Decode(&f) != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return "", false
		}
		return strconv.FormatFloat(f, 'f', -1, 64), true
	}
	return "", false
}

// decimal writes a YAML float as JSON has it, digit for digit.
func decimal(s string) string {
	s = strings.TrimPrefix(strings.ReplaceAll(s, "_", ""), "+")
	s, negative := strings.CutPrefix(s, "-")
	end := strings.IndexAny(s, "eE")
	if end < 0 {
		end = len(s)
	}
	whole, fraction, _ := strings.Cut(s[:end], ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	if negative {
		whole = "-" + whole
	}
	return whole + fraction + s[end:]
}

func decimalDigits(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func quoted(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}
