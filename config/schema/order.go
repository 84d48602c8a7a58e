package schema

import (
	"slices"
	"sync"

	"github.com/natesales/pathvector-plugin/config/tree"
)

var topKeys = sync.OnceValue(func() []string {
	properties, err := tree.Parse(text)
	if err == nil {
		properties, _ = tree.Lookup(properties, tree.Path{"properties"})
	}
	return properties.(*tree.Object).Keys()
})

// Before returns the top-level keys behind which key goes in a file, the one
// directly before it first. There are none for a key that is not known.
func Before(key string) []string {
	at := slices.Index(topKeys(), key)
	if at < 0 {
		return nil
	}
	before := slices.Clone(topKeys()[:at])
	slices.Reverse(before)
	return before
}
