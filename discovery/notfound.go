package discovery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// NotFoundError says that no usable plugin has the name that was asked for,
// and where it was looked for.
type NotFoundError struct {
	Name     string
	Searched []string // directories, also those that do not exist
	Skipped  []Place  // with their reasons
	Broken   []Plugin // of that name, with their reasons
	Similar  []string // names of usable plugins, the closest first
}

func (i *Inventory) notFound(name string) error {
	e := &NotFoundError{Name: name, Skipped: i.skipped(), Broken: i.plugins[name], Similar: i.similar(name)}
	for _, p := range i.places {
		if p.Skip == nil && !slices.Contains(e.Searched, p.Dir) {
			e.Searched = append(e.Searched, p.Dir)
		}
	}
	return e
}

// Error names the directories searched, those that were skipped and why, and
// the broken candidates of that name.
func (e *NotFoundError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "no usable plugin is named %q", clip(e.Name))
	for _, p := range e.Broken {
		fmt.Fprintf(&b, "; %s %v", p.Path, p.Err)
	}
	searched := "no directory"
	if len(e.Searched) > 0 {
		searched = strings.Join(e.Searched, ", ")
	}
	b.WriteString("; searched: " + searched)
	for _, p := range e.Skipped {
		fmt.Fprintf(&b, "; skipped from %s: %v", p.Origin, p.Skip)
	}
	return b.String()
}

// Hint says how to mend a broken candidate and which name may have been meant,
// or else what makes an installed plugin invisible.
func (e *NotFoundError) Hint() string {
	var parts []string
	for _, p := range e.Broken {
		if h, ok := p.Err.(interface{ Hint() string }); ok {
			parts = append(parts, h.Hint())
		}
	}
	if len(e.Similar) > 0 {
		parts = append(parts, "did you mean "+strings.Join(e.Similar, " or ")+"?")
	}
	if len(parts) > 0 {
		return strings.Join(parts, "; ")
	}
	return "cron and systemd run programs with a short PATH: set PATH there, or name the plugin's directory with --plugin-dir"
}

// similar returns up to three names of usable plugins that name may be a
// misspelling of. A file's whole name stands for the plugin's.
func (i *Inventory) similar(name string) []string {
	type guess struct {
		name     string
		distance int
	}
	asked := strings.TrimPrefix(name, Prefix)
	var guesses []guess
	for _, n := range i.names() {
		d := levenshtein.ComputeDistance(asked, n)
		if n != name && i.plugins[n][0].Err == nil && d <= (len(n)+2)/3 {
			guesses = append(guesses, guess{n, d})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, g := range guesses[:min(3, len(guesses))] {
		names = append(names, g.name)
	}
	return names
}
