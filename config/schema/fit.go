package schema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Mismatch says where a value does not fit the schema, what would, and what
// came in its place.
type Mismatch struct {
	Path tree.Path // from the value that was checked
	Want string
	Got  tree.Value
}

// Fit checks v and returns it as Pathvector's key has it: an integer without
// fraction or exponent. Of two ways to read the same number it keeps the
// value.
func (n *Node) Fit(v tree.Value) (tree.Value, *Mismatch) {
	if n == nil || n.Kind() == Any {
		return v, nil
	}
	if v == nil {
		if n.nullable() {
			return nil, nil
		}
		return n.mismatch(v)
	}
	switch n.Kind() {
	case Object:
		if o, ok := v.(*tree.Object); ok {
			return n.fitObject(o)
		}
	case Array:
		if a, ok := v.([]tree.Value); ok && len(a) >= n.MinItems {
			return n.fitArray(a)
		}
	case Integer:
		if text, ok := integer(v); ok && n.limits.hold(text) {
			return json.Number(text), nil
		}
	case Number:
		if _, ok := v.(json.Number); ok {
			return v, nil
		}
	case Boolean:
		if _, ok := v.(bool); ok {
			return v, nil
		}
	case String:
		if s, ok := v.(string); ok && n.allows(s) {
			return v, nil
		}
	}
	return n.mismatch(v)
}

func (n *Node) mismatch(v tree.Value) (tree.Value, *Mismatch) {
	return nil, &Mismatch{Want: n.Want(), Got: v}
}

func (n *Node) nullable() bool {
	return slices.Contains(n.Type, "null")
}

func (n *Node) allows(s string) bool {
	if n.pattern != nil && !n.pattern.MatchString(s) {
		return false
	}
	for _, e := range n.Enum {
		if e != nil && *e == s {
			return true
		}
	}
	return len(n.Enum) == 0
}

func (n *Node) fitObject(o *tree.Object) (tree.Value, *Mismatch) {
	fitted := &tree.Object{}
	for key, v := range o.All() {
		if m := n.FitKey(key); m != nil {
			return nil, m
		}
		w, m := n.Child(key).Fit(v)
		if m != nil {
			m.Path = append(tree.Path{key}, m.Path...)
			return nil, m
		}
		fitted.Set(key, w)
	}
	return fitted, nil
}

// FitKey checks a key of the object that n describes.
func (n *Node) FitKey(key string) *Mismatch {
	if n == nil || !n.XIntegerKeys || (n.keys.MatchString(key) && uint32Bounds.hold(key)) {
		return nil
	}
	return &Mismatch{Path: tree.Path{key}, Want: "a key that is a whole number from 0 to 4294967295 in decimal", Got: key}
}

func (n *Node) fitArray(a []tree.Value) (tree.Value, *Mismatch) {
	fitted := make([]tree.Value, len(a))
	for i, v := range a {
		w, m := n.Items.Fit(v)
		if m != nil {
			m.Path = append(tree.Path{strconv.Itoa(i)}, m.Path...)
			return nil, m
		}
		fitted[i] = w
	}
	return fitted, nil
}

// Want says in words what fits.
func (n *Node) Want() string {
	switch n.Kind() {
	case Object:
		return "an object"
	case Array:
		if n.MinItems > 0 {
			return "a list of at least " + strconv.Itoa(n.MinItems)
		}
		return "a list"
	case Integer:
		return "a whole number" + n.limits.words()
	case Number:
		return "a number"
	case Boolean:
		return "true or false"
	}
	if len(n.Enum) > 0 {
		return "one of " + strings.Join(n.Choices(), ", ")
	}
	if n.pattern != nil {
		return "text of the form " + n.Format
	}
	return "text"
}

// Choices returns the texts that fit, none where others than those of a list
// do.
func (n *Node) Choices() []string {
	var names []string
	for _, e := range n.Enum {
		if e != nil {
			names = append(names, *e)
		}
	}
	return names
}

// Reads reports whether Pathvector can read the integer, given in decimal,
// into its key. Sense is another question: that is Fit's.
func (n *Node) Reads(decimal string) bool { return n.format.hold(decimal) }

// bounds are the lowest and highest integer.
type bounds struct {
	min int64
	max uint64
}

var uint32Bounds = bounds{0, math.MaxUint32}

func (n *Node) bounds() (format, limits bounds) {
	switch n.Format {
	case "uint32":
		format = uint32Bounds
	case "uint64":
		format = bounds{0, math.MaxUint64}
	default:
		format = bounds{math.MinInt64, math.MaxInt64}
	}
	limits = format
	if n.Minimum != nil {
		limits.min = max(limits.min, *n.Minimum)
	}
	if n.Maximum != nil {
		limits.max = min(limits.max, *n.Maximum)
	}
	return format, limits
}

func (b bounds) hold(decimal string) bool {
	if strings.HasPrefix(decimal, "-") {
		i, err := strconv.ParseInt(decimal, 10, 64)
		return err == nil && i >= b.min
	}
	u, err := strconv.ParseUint(decimal, 10, 64)
	return err == nil && u <= b.max && (b.min <= 0 || u >= uint64(b.min))
}

func (b bounds) words() string {
	lower, upper := b.min > math.MinInt64, b.max < math.MaxInt64
	switch {
	case lower && upper:
		return " from " + strconv.FormatInt(b.min, 10) + " to " + strconv.FormatUint(b.max, 10)
	case lower:
		return " from " + strconv.FormatInt(b.min, 10)
	case upper:
		return " up to " + strconv.FormatUint(b.max, 10)
	}
	return ""
}

// integer returns the number in decimal if it has no fraction. Numbers of more
// than 20 digits are too long for every key.
func integer(v tree.Value) (string, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return "", false
	}
	if !strings.ContainsAny(string(n), ".eE") {
		if n == "-0" {
			n = "0"
		}
		return string(n), true
	}
	return shift(string(n))
}

// shift writes a number that has a fraction or an exponent without them.
func shift(s string) (string, bool) {
	s, negative := strings.CutPrefix(s, "-")
	mantissa, power, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	fraction = strings.TrimRight(fraction, "0")
	e := 0
	if power != "" {
		var err error
		if e, err = strconv.Atoi(power); err != nil || max(e, -e) > math.MaxInt32 || e == math.MinInt {
			return "", false // and no sum below can overflow
		}
	}
	digits := strings.TrimLeft(whole+fraction, "0")
	zeros := e - len(fraction)
	if digits == "" {
		return "0", true
	}
	if zeros < 0 && len(digits) > -zeros && strings.Trim(digits[len(digits)+zeros:], "0") == "" {
		digits, zeros = digits[:len(digits)+zeros], 0
	}
	if zeros < 0 || len(digits)+zeros > 20 {
		return "", false
	}
	if negative {
		digits = "-" + digits
	}
	return digits + strings.Repeat("0", zeros), true
}
