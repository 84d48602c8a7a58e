package yamledit

import (
	"encoding/json"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"go.yaml.in/yaml/v3"
)

var jsonNumber = lazyregexp.New(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$`)

// typed returns the value of a node: before, what the caller takes it for, if
// that can be; else what YAML says. known is false where neither is clear.
func typed(n *yaml.Node, before tree.Value) (v tree.Value, known bool) {
	if before != nil {
		return before, true
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return typedScalar(n)
	case yaml.SequenceNode:
		items := make([]tree.Value, len(n.Content))
		for i, c := range n.Content {
			if items[i], known = typed(c, nil); !known {
				return nil, false
			}
		}
		return items, n.Style&yaml.TaggedStyle == 0
	case yaml.MappingNode:
		return typedMapping(n)
	}
	return nil, false
}

func typedMapping(n *yaml.Node) (v tree.Value, known bool) {
	o := &tree.Object{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		v, known := typed(n.Content[i+1], nil)
		if !known || k.Kind != yaml.ScalarNode || isMerge(k) {
			return nil, false
		}
		o.Set(k.Value, v)
	}
	return o, n.Style&yaml.TaggedStyle == 0
}

func typedScalar(n *yaml.Node) (v tree.Value, known bool) {
	if n.Style&yaml.TaggedStyle != 0 {
		return nil, false
	}
	switch n.ShortTag() {
	case nullTag:
		return nil, true
	case boolTag:
		return strings.EqualFold(n.Value, "true"), true
	case strTag:
		return n.Value, true
	case intTag, floatTag:
		return json.Number(n.Value), jsonNumber().MatchString(n.Value)
	}
	return nil, false
}

// typedItems returns the values of a list's items.
func typedItems(n *yaml.Node, before tree.Value) []item {
	was, _ := before.([]tree.Value)
	items := make([]item, len(n.Content))
	for i, c := range n.Content {
		var b tree.Value
		if len(was) == len(n.Content) {
			b = was[i]
		}
		items[i].value, items[i].known = typed(c, b)
	}
	return items
}

type item struct {
	value tree.Value
	known bool
}

// maxCells bounds the work of comparing two lists; longer ones are replaced
// between their first and their last difference.
const maxCells = 4 << 20

// match returns, for every new item, the index of the old item that it is, or
// -1: a longest common subsequence.
func match(old []item, values []tree.Value) []int {
	same := func(i, j int) bool { return old[i].known && tree.Equal(old[i].value, values[j]) }
	kept := make([]int, len(values))
	for j := range kept {
		kept[j] = -1
	}
	lo := 0
	for lo < len(old) && lo < len(values) && same(lo, lo) {
		kept[lo] = lo
		lo++
	}
	i, j := len(old), len(values)
	for i > lo && j > lo && same(i-1, j-1) {
		i, j = i-1, j-1
		kept[j] = i
	}
	if (i-lo)*(j-lo) <= maxCells {
		matchMiddle(kept, same, lo, i, j)
	}
	return kept
}

// matchMiddle fills kept for the old items lo to oldEnd and the new ones lo
// to newEnd.
func matchMiddle(kept []int, same func(i, j int) bool, lo, oldEnd, newEnd int) {
	rows, columns := oldEnd-lo, newEnd-lo
	longest := make([][]int32, rows+1)
	for i := range longest {
		longest[i] = make([]int32, columns+1)
	}
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			if same(lo+i, lo+j) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < rows && j < columns; {
		switch {
		case same(lo+i, lo+j):
			kept[lo+j] = lo + i
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
}
