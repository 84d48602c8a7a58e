package config

import (
	"strconv"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config/schema"
)

// keyIndex remembers where the keys of large mappings stand, so that finding
// all of them does not take the square of their number.
type keyIndex struct {
	mu    sync.Mutex
	found map[mappingKeys]indexed
}

// mappingKeys is a mapping, and how its keys are read.
type mappingKeys struct {
	node     *yaml.Node
	integers bool
}

// indexed is where the keys of a mapping stand in its content.
type indexed struct {
	at     map[string]int
	merges bool // it has merge keys, so that others may be there
}

// fewKeys is how many nodes a mapping has at most that is not worth an index.
const fewKeys = 64

// step returns where the value of a key or list item stands, and the value;
// nil where there is none.
func (d *Document) step(at *yaml.Node, s *schema.Node, seg string) (place, value *yaml.Node) {
	switch at.Kind {
	case yaml.MappingNode:
		return d.lookup(at, s, seg)
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(seg); err == nil && i >= 0 && i < len(at.Content) {
			return at.Content[i], at.Content[i]
		}
	}
	return nil, nil
}

func (d *Document) lookup(at *yaml.Node, s *schema.Node, name string) (key, value *yaml.Node) {
	if len(at.Content) <= fewKeys {
		return lookup(at, s, name)
	}
	x := d.keys.of(at, s)
	if i, ok := x.at[name]; ok {
		return at.Content[i], at.Content[i+1]
	}
	if x.merges {
		return lookup(at, s, name)
	}
	return nil, nil
}

func (k *keyIndex) of(n *yaml.Node, s *schema.Node) indexed {
	k.mu.Lock()
	defer k.mu.Unlock()
	of := mappingKeys{n, s.IntegerKeys()}
	if x, ok := k.found[of]; ok {
		return x
	}
	x := indexed{at: make(map[string]int, len(n.Content)/2)}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := target(n.Content[i])
		if merge(n.Content[i]) {
			x.merges = true
		} else if !of.integers {
			x.at[key.Value] = i
		} else if name, ok := wholeNumber(key); ok {
			x.at[name] = i
		}
	}
	if k.found == nil {
		k.found = map[mappingKeys]indexed{}
	}
	k.found[of] = x
	return x
}
