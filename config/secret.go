package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
)

// secretFinder marks the nodes that are reached as secrets. One that is also
// reached another way, by an alias or a merge key, is secret there too (spec
// SCP-10).
type secretFinder struct {
	secrets map[*yaml.Node]bool
	seen    map[visit]bool
}

type visit struct {
	node   *yaml.Node
	schema *schema.Node
	secret bool
}

// findSecrets prepares t for a document with aliases, and reports whether it
// is one; others need nothing.
func (t *typer) findSecrets(root *yaml.Node) bool {
	if !aliased(root) {
		return false
	}
	f := secretFinder{secrets: map[*yaml.Node]bool{}, seen: map[visit]bool{}}
	f.visit(root, schema.Root(), false)
	t.secrets = f.secrets
	return true
}

func aliased(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		return true
	}
	return slices.ContainsFunc(n.Content, aliased)
}

func (f *secretFinder) visit(n *yaml.Node, s *schema.Node, secret bool) {
	n = target(n)
	if n.Anchor != "" { // all that is reached twice lies below an anchor
		v := visit{n, s, secret}
		if f.seen[v] {
			return
		}
		f.seen[v] = true
	}
	if secret {
		f.secrets[n] = true
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			f.visit(item, s.Item(), secret)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			f.entry(n.Content[i], n.Content[i+1], s, secret)
		}
	}
}

func (f *secretFinder) entry(key, value *yaml.Node, s *schema.Node, secret bool) {
	if !merge(key) {
		name := target(key).Value
		f.visit(value, s.Child(name), secret || s.Secret(name))
		return
	}
	if value.Kind != yaml.SequenceNode {
		f.visit(value, s, secret)
		return
	}
	for _, item := range value.Content {
		f.visit(item, s, secret)
	}
}
