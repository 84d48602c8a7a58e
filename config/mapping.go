package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
)

// maxExpanded limits what aliases and merge keys may grow a configuration by,
// in values; 32 bytes of text count as another one.
const maxExpanded = 1_000_000

// spend counts a node that an alias or merge key has led to.
func (t *typer) spend(n *yaml.Node) error {
	if len(t.opened) == 0 {
		return nil
	}
	t.spent += 1 + len(n.Value)/32
	if t.spent > maxExpanded {
		return t.problem(n, "aliases make the configuration too large", "write the values out, or use fewer aliases")
	}
	return nil
}

func (t *typer) alias(n *yaml.Node, s *schema.Node) (v any, err error) {
	err = t.open(n, func() error {
		v, err = t.value(n.Alias, s)
		return err
	})
	return v, err
}

// open runs inside with what an alias stands for, and refuses one that stands
// for a value around itself.
func (t *typer) open(n *yaml.Node, inside func() error) error {
	at := target(n)
	if t.opened[at] {
		return t.problem(n, "the anchor "+t.quote(n.Value)+" contains itself", "write the value out")
	}
	t.opened[at] = true
	defer delete(t.opened, at)
	return inside()
}

// entry is a key of a mapping with its value, and the mappings that a merge
// key brought it from.
type entry struct {
	name       string
	key, value *yaml.Node
	via        []*yaml.Node
}

// gathering collects the entries of a mapping and of what it merges.
type gathering struct {
	*typer
	schema  *schema.Node
	seen    map[string]bool
	via     []*yaml.Node
	entries []entry
}

// entries returns the keys of a mapping in order, then those that come from
// merge keys. A key of the mapping itself wins over merged ones, and an
// earlier merged mapping over a later one, as in the parser that Pathvector
// uses.
func (t *typer) entries(n *yaml.Node, s *schema.Node) ([]entry, error) {
	g := gathering{typer: t, schema: s, seen: make(map[string]bool, len(n.Content)/2)}
	err := g.add(n)
	return g.entries, err
}

func (g *gathering) add(n *yaml.Node) error {
	var merges []*yaml.Node
	own := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if merge(key) {
			merges = append(merges, value)
			continue
		}
		if err := g.entry(key, value, own); err != nil {
			return err
		}
	}
	for _, m := range merges {
		if err := g.merge(m); err != nil {
			return err
		}
	}
	return nil
}

// entry adds one key, unless a mapping that wins has it. own is the keys of
// its mapping so far.
func (g *gathering) entry(key, value *yaml.Node, own map[string]bool) error {
	if err := g.spend(key); err != nil {
		return err
	}
	name, err := g.name(key, g.schema)
	if err != nil {
		return err
	}
	if own[name] {
		return g.twice(key, name)
	}
	own[name] = true
	g.spent += len(g.via) // each of them is looked at for every key
	if !g.seen[name] {
		g.seen[name] = true
		g.entries = append(g.entries, entry{name, key, value, g.via})
	}
	return nil
}

// merge adds what a merge key takes in: a mapping, or a list of them.
func (g *gathering) merge(n *yaml.Node) error {
	from := target(n)
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			if target(item).Kind != yaml.MappingNode {
				return g.notMergeable(item)
			}
			if err := g.merge(item); err != nil {
				return err
			}
		}
		return nil
	}
	if from.Kind != yaml.MappingNode {
		return g.notMergeable(n)
	}
	return g.open(n, func() error {
		if err := g.spend(from); err != nil {
			return err
		}
		outer := g.via
		g.via = append(slices.Clip(outer), from)
		err := g.add(from)
		g.via = outer
		return err
	})
}

func (g *gathering) notMergeable(n *yaml.Node) error {
	return g.unfit(n, "a mapping or a list of mappings after <<", "name an anchor of a mapping")
}

func (t *typer) twice(key *yaml.Node, name string) error {
	return t.problem(key, "the key "+t.quote(name)+" stands twice in this mapping", "keep one of the two")
}

// name returns a key of a mapping as JSON has it.
func (t *typer) name(key *yaml.Node, s *schema.Node) (string, error) {
	at := target(key)
	switch {
	case t.secrets[at]:
		return "", t.problem(key, "a secret stands here as a key", "write the key out, without an alias")
	case at.Kind != yaml.ScalarNode:
		return "", t.unfit(key, "a key that is text", "write a plain word")
	case null(at):
		return "", t.problem(key, "expected a key, got an empty one", "write a word before the colon, or put it in quotes")
	case s.IntegerKeys():
		return t.integerKey(key, at, s)
	}
	return t.text(at)
}

func (t *typer) integerKey(key, at *yaml.Node, s *schema.Node) (string, error) {
	if text, ok := wholeNumber(at); ok && s.FitKey(text) == nil {
		return text, nil
	}
	advice := "write a number in decimal"
	if decimalDigits(at.Value) {
		advice = "write " + at.Value + " without quotes: Pathvector takes no other key here"
	}
	return "", t.unfit(key, "a key that is a whole number from 0 to 4294967295", advice)
}

// merging reports whether a mapping has merge keys.
func merging(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if merge(n.Content[i]) {
			return true
		}
	}
	return false
}

// merge reports whether a key is the merge key.
func merge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.ShortTag() == "!!merge"
}

// lookup returns the key and the value that a mapping of a parsed document,
// or what it merges, has for name.
func lookup(n *yaml.Node, s *schema.Node, name string) (key, value *yaml.Node) {
	l := search{schema: s, name: name, seen: map[*yaml.Node]bool{}}
	return l.in(n)
}

// search looks for a key. It looks into each mapping once, as merge keys can
// lead to the same one many times.
type search struct {
	schema *schema.Node
	name   string
	seen   map[*yaml.Node]bool
}

func (l *search) in(n *yaml.Node) (key, value *yaml.Node) {
	if l.seen[n] {
		return nil, nil
	}
	l.seen[n] = true
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !merge(key) && named(target(key), l.schema, l.name) {
			return key, n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !merge(n.Content[i]) {
			continue
		}
		sources := []*yaml.Node{n.Content[i+1]}
		if sources[0].Kind == yaml.SequenceNode {
			sources = sources[0].Content
		}
		for _, source := range sources {
			if key, value := l.in(target(source)); value != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

func named(key *yaml.Node, s *schema.Node, name string) bool {
	if !s.IntegerKeys() {
		return key.Value == name
	}
	text, ok := wholeNumber(key)
	return ok && text == name
}
