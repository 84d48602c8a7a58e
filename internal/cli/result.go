package cli

import (
	"slices"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
)

// result is a configuration that the plugins have changed.
type result struct {
	*host.Outcome
	edited      *config.Edited
	found       []host.Finding // by the plugins' checks
	findings    []checkFinding // those and the host's own, once accept has looked
	overlapping []config.Overlap
	overlapsOf  map[int][]config.Overlap // by the later change
	at          map[string][]int         // changes by their pointer
}

func newResult(out *host.Outcome) *result {
	r := &result{
		Outcome: out, overlapping: config.History(out.Changes).Overlaps(),
		overlapsOf: map[int][]config.Overlap{}, at: map[string][]int{},
	}
	for _, o := range r.overlapping {
		r.overlapsOf[o.Later] = append(r.overlapsOf[o.Later], o)
	}
	for i, c := range out.Changes {
		r.at[c.Pointer] = append(r.at[c.Pointer], i)
	}
	return r
}

func (r *result) changed() bool { return len(r.edited.Edits) > 0 }

// touching returns the changes at path and above it, in order.
func (r *result) touching(path tree.Path) []int {
	var all []int
	for n := range len(path) + 1 {
		all = append(all, r.at[path[:n].String()]...)
	}
	slices.Sort(all)
	return all
}

// pathOf reads the pointer of a change, which is always valid.
func pathOf(pointer string) tree.Path {
	path, _ := tree.ParsePointer(pointer)
	return path
}
