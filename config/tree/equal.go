package tree

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// Equal reports whether a and b are the same JSON value. The order of keys
// does not count; numbers are compared by their exact value.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumbers(string(a), string(b))
	case []Value:
		b, ok := b.([]Value)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !Equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case *Object:
		b, ok := b.(*Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for k, v := range a.Beside(b) {
			w, ok := b.Get(k)
			if !ok || !Equal(v, w) {
				return false
			}
		}
		return true
	}
	if _, ok := b.([]Value); ok {
		return false
	}
	return a == b
}

// maxExponent is the longest exponent that is computed with, in characters.
const maxExponent = 100

func equalNumbers(a, b string) bool {
	if a == b {
		return true
	}
	if whole(a) && whole(b) {
		return false // each is written in one way
	}
	return decimal(a) == decimal(b)
}

// whole reports whether a number is written in digits alone.
func whole(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// decimal brings a JSON number to one spelling per value: sign, digits
// without zeros at either end, and the power of ten. That is computed with big
// integers, as 1e999999999 costs nothing so; an exponent that is itself as long
// as a text is kept as it is, next to what it would be added to.
func decimal(s string) string {
	s, negative := strings.CutPrefix(s, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "0"
	}
	sign := ""
	if negative {
		sign = "-"
	}
	shift := int64(len(digits) - len(trimmed) - len(fraction))
	if len(exponent) > maxExponent {
		return sign + trimmed + "e" + exponent + "+" + strconv.FormatInt(shift, 10)
	}
	power, ok := new(big.Int).SetString(exponent, 10)
	if !ok {
		power = new(big.Int)
	}
	return sign + trimmed + "e" + power.Add(power, big.NewInt(shift)).String()
}
