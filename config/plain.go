package config

import (
	"encoding/json"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// PlainValue returns YAML that is no part of a configuration, such as a
// plugin's options, as JSON typed by YAML's own rules. file is its name for
// errors, which are *Error.
func PlainValue(file string, n *yaml.Node) (tree.Value, error) {
	return newTyper(file).value(n, nil)
}

// Secrets returns the texts of all secrets in t, which is the document's tree
// or came from it, so that they can be kept out of what is printed. Longer ones
// come first, so that none is hidden by a part of it.
func (d *Document) Secrets(t tree.Value) []string {
	var found []string
	d.collectSecrets(&found, t, nil, schema.Root(), false)
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found
}

func (d *Document) collectSecrets(found *[]string, v tree.Value, path tree.Path, n *schema.Node, secret bool) {
	switch v := v.(type) {
	case string:
		if secret && v != "" {
			*found = append(*found, v)
		}
	case json.Number:
		if secret {
			*found = append(*found, string(v))
		}
	case []tree.Value:
		for _, item := range v {
			d.collectSecrets(found, item, path, n.Item(), secret)
		}
	case *tree.Object:
		for key, child := range v.All() {
			at := path.Child(key)
			d.collectSecrets(found, child, at, n.Child(key), secret || n.Secret(key) || d.secrets.within(at))
		}
	}
}
