package config

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// Tag is a tag in the file that is none of YAML's own, as in "!vault text".
// Pathvector takes no notice of it, and neither does the tree.
type Tag struct {
	Path tree.Path // of the value
	Name string    // with the exclamation mark
}

// Tags returns the tags of the document that are none of YAML's own, in the
// order of the file.
func (d *Document) Tags() []Tag { return tags(d.yaml.Root()) }

func tags(root *yaml.Node) []Tag {
	var found []Tag
	var visit func(n *yaml.Node, path tree.Path)
	visit = func(n *yaml.Node, path tree.Path) {
		if n.Style&yaml.TaggedStyle != 0 && !strings.HasPrefix(n.ShortTag(), "!!") {
			found = append(found, Tag{slices.Clone(path), n.ShortTag()})
		}
		switch n.Kind {
		case yaml.SequenceNode:
			for i, item := range n.Content {
				visit(item, append(path, strconv.Itoa(i)))
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				visit(n.Content[i+1], append(path, target(n.Content[i]).Value))
			}
		}
	}
	if root != nil {
		visit(root, make(tree.Path, 0, 16))
	}
	return found
}
