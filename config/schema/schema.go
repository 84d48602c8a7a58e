// Package schema knows the keys of a Pathvector configuration: their types,
// which values fit, which are secret, and which are guarded. What it knows is
// in pathvector.json, a JSON Schema (2020-12) that is embedded here.
package schema

import (
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/natesales/pathvector-plugin/config/tree"
)

//go:embed pathvector.json
var text []byte

// Kind is the type of a value, by its name in JSON Schema.
type Kind string

// The kinds of values. Any is what the schema says nothing of.
const (
	Any     Kind = ""
	Object  Kind = "object"
	Array   Kind = "array"
	String  Kind = "string"
	Integer Kind = "integer"
	Number  Kind = "number"
	Boolean Kind = "boolean"
)

// Node is what the schema says of one value. The nil Node is valid: it stands
// for a value of which the schema says nothing.
type Node struct {
	keywords
	ref      *Node
	pattern  *regexp.Regexp
	keys     *regexp.Regexp
	families []family
	format   bounds // what Pathvector can read at all
	limits   bounds // what makes sense, within format
}

// keywords are those of JSON Schema that pathvector.json uses.
type keywords struct {
	Ref                  string           `json:"$ref"`
	AllOf                []*Node          `json:"allOf"` // one $ref, with more keys beside it
	Defs                 map[string]*Node `json:"$defs"`
	Type                 kinds            `json:"type"`
	Format               string           `json:"format"`
	Enum                 []*string        `json:"enum"`
	Default              json.RawMessage  `json:"default"`
	Minimum              *int64           `json:"minimum"`
	Maximum              *uint64          `json:"maximum"`
	MinItems             int              `json:"minItems"`
	Pattern              string           `json:"pattern"`
	Properties           map[string]*Node `json:"properties"`
	PatternProperties    map[string]*Node `json:"patternProperties"`
	PropertyNames        *keywords        `json:"propertyNames"`
	AdditionalProperties *Node            `json:"additionalProperties"`
	Items                *Node            `json:"items"`
	XSecret              bool             `json:"x-secret"`
	XGuarded             bool             `json:"x-guarded"`
	XIntegerKeys         bool             `json:"x-integer-keys"`
	XQuoted              bool             `json:"x-quoted"`
	XPlaceholders        bool             `json:"x-placeholders"`
	XNoEffect            bool             `json:"x-no-effect"`
}

// family is the keys that a pattern matches, with what is said of them.
type family struct {
	keys *regexp.Regexp
	node *Node
}

// kinds is the type keyword: one name, or a list of them.
type kinds []Kind

// UnmarshalJSON takes both forms.
func (k *kinds) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*k = kinds{""}
		return json.Unmarshal(b, &(*k)[0])
	}
	return json.Unmarshal(b, (*[]Kind)(k))
}

// Root returns what the schema says of a whole configuration. The schema is
// read at the first call.
func Root() *Node { return loaded().root }

// index is the schema as read, with the names of its secret keys.
type index struct {
	root    *Node
	secrets map[string]bool
}

var loaded = sync.OnceValue(func() index {
	x := index{root: &Node{}, secrets: map[string]bool{}}
	if err := json.Unmarshal(text, x.root); err != nil {
		panic("schema: pathvector.json: " + err.Error()) // it is part of the program
	}
	x.prepare(x.root)
	for _, n := range x.root.Defs {
		x.prepare(n)
	}
	return x
})

// prepare follows references and compiles patterns in n and below.
func (x *index) prepare(n *Node) {
	if n == nil {
		return
	}
	n.format, n.limits = n.bounds()
	n.ref = x.root.Defs[definition(n.Ref)]
	for _, base := range n.AllOf {
		n.ref = x.root.Defs[definition(base.Ref)]
	}
	n.pattern = compile(n.Pattern)
	if n.PropertyNames != nil {
		n.keys = compile(n.PropertyNames.Pattern)
	}
	for key, child := range n.Properties {
		x.prepare(child)
		if child.XSecret {
			x.secrets[key] = true
		}
	}
	for pattern, child := range n.PatternProperties {
		x.prepare(child)
		n.families = append(n.families, family{compile(pattern), child})
	}
	x.prepare(n.AdditionalProperties)
	x.prepare(n.Items)
}

func definition(ref string) string {
	const prefix = "#/$defs/"
	if len(ref) < len(prefix) {
		return ""
	}
	return ref[len(prefix):]
}

func compile(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	return regexp.MustCompile(pattern)
}

// Kind returns the type that the value has when it is not null.
func (n *Node) Kind() Kind {
	if n == nil {
		return Any
	}
	for _, k := range n.Type {
		if k != "null" {
			return k
		}
	}
	return n.ref.Kind()
}

// Child returns what the schema says of the value of key, nil for nothing.
func (n *Node) Child(key string) *Node {
	if n == nil {
		return nil
	}
	if child, ok := n.Properties[key]; ok {
		return child
	}
	for _, f := range n.families {
		if f.keys.MatchString(key) {
			return f.node
		}
	}
	if n.AdditionalProperties != nil {
		return n.AdditionalProperties
	}
	return n.ref.Child(key)
}

// Known reports whether key is one of Pathvector's, or a name where names are
// free to choose.
func (n *Node) Known(key string) bool {
	if n == nil {
		return false
	}
	_, ok := n.Properties[key]
	return ok || n.AdditionalProperties != nil || n.ref.Known(key)
}

// Keys returns the keys of the object that the schema names, in alphabetical
// order.
func (n *Node) Keys() []string {
	if n == nil {
		return nil
	}
	keys := append(n.ref.Keys(), slices.Collect(maps.Keys(n.Properties))...)
	slices.Sort(keys)
	return keys
}

// Fixed reports whether the keys of the object are Pathvector's, not names
// that the operator gives.
func (n *Node) Fixed() bool {
	return n != nil && (len(n.Properties) > 0 || n.ref.Fixed())
}

// KeyFormat returns the format of the object's keys, "" for any.
func (n *Node) KeyFormat() string {
	if n == nil || n.PropertyNames == nil {
		return ""
	}
	return n.PropertyNames.Format
}

// Item returns what the schema says of the items of an array.
func (n *Node) Item() *Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// DefaultValue returns what Pathvector uses where the value is absent, as JSON;
// nil where the schema does not say.
func (n *Node) DefaultValue() json.RawMessage {
	switch {
	case n == nil:
		return nil
	case n.Default != nil:
		return n.Default
	}
	return n.ref.DefaultValue()
}

// IntegerKeys reports whether the keys of the object must be written as YAML
// integers.
func (n *Node) IntegerKeys() bool { return n != nil && n.XIntegerKeys }

// Secret reports whether the value of key in the object that n describes is a
// secret. Where the schema knows nothing of the key, its name decides (spec
// SCP-10: secrets are so wherever they stand).
func (n *Node) Secret(key string) bool {
	child := n.Child(key)
	return child != nil && child.XSecret || child == nil && loaded().secrets[key]
}

// Guarded reports whether the value of key is guarded (spec SCP-11).
func (n *Node) Guarded(key string) bool {
	child := n.Child(key)
	return child != nil && child.XGuarded
}

// At returns what the schema says of the value at path.
func At(path tree.Path) *Node {
	n := Root()
	for _, key := range path {
		n = n.Child(key)
	}
	return n
}

// Secret reports whether the value at path is a secret or lies in one.
func Secret(path tree.Path) bool { return within(path, (*Node).Secret) }

// Guarded reports whether the value at path is guarded or lies in one that is.
func Guarded(path tree.Path) bool { return within(path, (*Node).Guarded) }

func within(path tree.Path, is func(*Node, string) bool) bool {
	n := Root()
	for _, key := range path {
		if is(n, key) {
			return true
		}
		n = n.Child(key)
	}
	return false
}
