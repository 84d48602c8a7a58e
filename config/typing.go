package config

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// maxDepth is how deep a configuration may be nested: two levels less than a
// message, which holds the view in the object params (spec FRM-6).
const maxDepth = protocol.MaxDepth - 2

// typer turns YAML nodes into values, typed by the schema.
type typer struct {
	file    string
	path    tree.Path                     // of the value at hand
	list    int                           // length of the path of the outermost list around it; 0 for none
	hidden  int                           // length of the path of the secret that the value is or lies in; 0 for none
	opened  map[*yaml.Node]bool           // what aliases around it stand for, to find cycles
	spent   int                           // what aliases have cost so far
	secrets map[*yaml.Node]bool           // nodes that are secret by an alias or merge key
	found   pointers                      // where those were met
	known   map[*yaml.Node]tree.Value     // what some nodes are, from before an edit
	met     int                           // how many secrets, so far
	held    holdings                      // what large objects have of them
	like    map[*schema.Node]*tree.Object // the last one that another may be like
}

func newTyper(file string) *typer {
	return &typer{file: file, opened: map[*yaml.Node]bool{}, found: pointers{}, held: holdings{}, like: map[*schema.Node]*tree.Object{}}
}

// value types a node of which the schema says s.
func (t *typer) value(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	if err := t.spend(n); err != nil {
		return nil, err
	}
	switch {
	case n.Kind == yaml.AliasNode:
		return t.alias(n, s)
	case n.Kind == yaml.ScalarNode:
		return t.scalar(n, s)
	case len(t.path) >= maxDepth:
		return nil, t.problem(n, fmt.Sprintf("nested deeper than %d levels", maxDepth), "nest less")
	case n.Kind == yaml.SequenceNode && fits(s, schema.Array):
		return t.sequence(n, s)
	case n.Kind == yaml.MappingNode && fits(s, schema.Object):
		return t.mapping(n, s)
	}
	return nil, t.mismatch(n, s)
}

func fits(s *schema.Node, k schema.Kind) bool { return s.Kind() == schema.Any || s.Kind() == k }

func (t *typer) mapping(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	if !merging(n) {
		return t.ownKeys(n, s)
	}
	entries, err := t.entries(n, s)
	if err != nil {
		return nil, err
	}
	o := &tree.Object{}
	for _, e := range entries {
		for _, source := range e.via {
			t.opened[source] = true
		}
		v, err := t.child(e.name, e.value, s.Child(e.name), s.Secret(e.name))
		for _, source := range e.via {
			delete(t.opened, source)
		}
		if err != nil {
			return nil, err
		}
		o.Set(e.name, v)
	}
	return o, nil
}

func (t *typer) sequence(n *yaml.Node, s *schema.Node) (tree.Value, error) {
	if t.list == 0 {
		t.list = len(t.path)
		defer func() { t.list = 0 }()
	}
	a := make([]tree.Value, 0, len(n.Content))
	for i, item := range n.Content {
		v, err := t.child(strconv.Itoa(i), item, s.Item(), false)
		if err != nil {
			return nil, err
		}
		if v == nil {
			if _, m := s.Item().Fit(nil); m != nil {
				return nil, t.emptyItem(i, item, s)
			}
		}
		a = append(a, v)
	}
	return a, nil
}

// emptyItem refuses an item that Pathvector would leave out: the list would
// not be the one that plugins see.
func (t *typer) emptyItem(i int, item *yaml.Node, s *schema.Node) error {
	t.path = append(t.path, strconv.Itoa(i))
	defer func() { t.path = t.path[:len(t.path)-1] }()
	e := t.problem(item, "expected "+wanted(s.Item())+", got an empty item", "remove the item: Pathvector would leave it out")
	e.WrongType = true
	return e
}

// child types the value of a key or the item of a list. secret says that its
// key makes it one.
func (t *typer) child(key string, n *yaml.Node, s *schema.Node, secret bool) (tree.Value, error) {
	if v, ok := t.known[n]; ok {
		return v, nil
	}
	t.path = append(t.path, key)
	outer := t.hidden
	if outer == 0 && !secret && t.secrets[target(n)] {
		t.found[t.whole().String()] = true
		secret = true
	}
	if secret {
		t.met++
	}
	if outer == 0 && secret {
		t.hidden = len(t.path)
	}
	v, err := t.value(n, s)
	t.hidden = outer
	t.path = t.path[:len(t.path)-1]
	return v, err
}

// whole returns the path of the value at hand, or of the outermost list around
// it: a list counts as one value.
func (t *typer) whole() tree.Path {
	if t.list > 0 {
		return t.path[:t.list]
	}
	return t.path
}

// mismatch is the error for a node of another kind than the schema has.
func (t *typer) mismatch(n *yaml.Node, s *schema.Node) error {
	return t.unfit(n, wanted(s), t.advice(n, s))
}

// scalarKind says what a scalar is that stands where a mapping or a list is
// wanted. It is not quoted: it may be a key with its value, such as a password,
// with no space after the colon.
func scalarKind(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	}
	return "a text"
}

// unfit is the error for a value that is not what was wanted.
func (t *typer) unfit(n *yaml.Node, want, advice string) error {
	got := describe(n)
	if n.Kind == yaml.ScalarNode && (strings.HasPrefix(want, "a mapping") || want == "a list") {
		got = scalarKind(n)
	}
	if t.hidden > 0 {
		got, advice = "something else (it is a secret, so it is not shown)", ""
	}
	e := t.problem(n, fmt.Sprintf("expected %s, got %s", want, got), advice)
	e.WrongType = true
	return e
}

func (t *typer) problem(n *yaml.Node, problem, advice string) *Error {
	at := t.path
	if t.hidden > 0 {
		at = at[:t.hidden] // the keys in a secret are secret
	}
	return &Error{
		File: t.file, Line: n.Line, Column: n.Column,
		Pointer: at.String(), Problem: problem, Advice: advice,
	}
}

// quote shows a key, unless it lies in a secret.
func (t *typer) quote(key string) string {
	if t.hidden > 0 {
		return mask
	}
	return quote(key)
}

func wanted(s *schema.Node) string {
	switch s.Kind() {
	case schema.Object:
		return "a mapping"
	case schema.Array:
		return "a list"
	case schema.Integer:
		return "a whole number"
	case schema.String:
		return "text"
	}
	return s.Want()
}

// describe says what a node is, for "got …".
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode && placeholder(n) != "":
		return "the mapping " + placeholder(n)
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case quoted(n):
		return "the quoted text " + quote(n.Value)
	}
	return quote(n.Value)
}

// advice says how the value would have to be written.
func (t *typer) advice(n *yaml.Node, s *schema.Node) string {
	switch {
	case len(t.path) == 2 && t.path[0] == "plugins":
		return "Pathvector loads only text there: write \"" + t.path[1] + ": |\" and the options below it, indented"
	case placeholder(n) != "":
		return "put the value in place of " + placeholder(n) + ": braces make a mapping"
	case n.Kind == yaml.ScalarNode && s.Kind() == schema.Array:
		return "write it as a list, in brackets"
	case n.Kind == yaml.ScalarNode && s.Kind() == schema.Object:
		return "write the keys below it, indented, with a space after each colon"
	case s.Kind() == schema.String:
		return "put it in quotes if it is meant to be text"
	}
	return "write " + wanted(s)
}

// placeholder returns {TEXT} as templates have it, which YAML reads as a
// mapping with an empty value.
func placeholder(n *yaml.Node) string {
	if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle == 0 || len(n.Content) != 2 {
		return ""
	}
	key, value := n.Content[0], n.Content[1]
	if key.Kind != yaml.ScalarNode || !null(value) || value.Value != "" || len(key.Value) > 80 {
		return ""
	}
	return "{" + key.Value + "}"
}
