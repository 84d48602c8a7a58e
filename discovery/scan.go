package discovery

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
)

// Plugin is a file, or a directory, that is named like a plugin. A broken one
// is listed with its reason and never used.
type Plugin struct {
	Name  string // what follows Prefix in the file's name, also when it is no valid name
	Path  string // absolute path of the executable; of what is broken when Err is set
	Place Place  // where it was found
	Err   error  // why it cannot be used, with advice (Hint); nil when it can
	// ShadowedBy is the path of the plugin of the same name that is used
	// instead of this one. It is empty for the one used, and when none is.
	ShadowedBy string
}

// Inventory is what a Scan found.
type Inventory struct {
	places  []Place
	plugins map[string][]Plugin // by name, the one used first
}

// Scan looks for plugins in places, of which the first count most. It reads
// the names in each directory, and looks closer at those that start with
// Prefix only. A directory that is reached twice is searched once.
func Scan(places []Place) *Inventory {
	inv := &Inventory{places: slices.Clone(places), plugins: map[string][]Plugin{}}
	found := map[string][]candidate{}
	var seen []fs.FileInfo
	for i := range inv.places {
		p := &inv.places[i]
		names, info := p.names(seen)
		if info != nil {
			seen = append(seen, info)
		}
		for _, file := range names {
			add(found, examine(*p, file))
		}
	}
	for name, candidates := range found {
		inv.plugins[name] = rank(candidates)
	}
	return inv
}

// names returns the sorted names of the candidates in the place, and the
// place's directory. A place that cannot be searched gets its reason.
func (p *Place) names(seen []fs.FileInfo) ([]string, fs.FileInfo) {
	if p.Skip != nil {
		return nil, nil
	}
	info, err := os.Stat(p.Dir)
	switch {
	case err != nil:
		p.Skip = p.missing(err)
		return nil, nil
	case !info.IsDir():
		// Not even opened: a named pipe would block.
		p.Skip = fmt.Errorf("%q is not a directory", p.Dir)
		return nil, nil
	case slices.ContainsFunc(seen, func(o fs.FileInfo) bool { return os.SameFile(o, info) }):
		return nil, nil
	}
	names, err := readNames(p.Dir)
	if err != nil {
		p.Skip = p.missing(err)
	}
	return names, info
}

// missing is the reason for a place that cannot be read. That a directory
// does not exist is worth a word only where somebody asked for it.
func (p *Place) missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) && p.Origin != OriginPluginDir {
		return nil
	}
	return fmt.Errorf("%q cannot be read: %w", p.Dir, reason(err))
}

// reason strips operation and path from an error of package os.
func reason(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}

// readNames asks for names only: os.ReadDir would make an object for each of
// thousands of files, and sort them all.
func readNames(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, Prefix) })
	slices.Sort(names)
	return names, err
}

// add lists a file that is reached twice, say by /bin and /usr/bin, once.
func add(found map[string][]candidate, c candidate) {
	same := func(o candidate) bool { return c.info != nil && o.info != nil && os.SameFile(c.info, o.info) }
	if !c.gone && !slices.ContainsFunc(found[c.Name], same) {
		found[c.Name] = append(found[c.Name], c)
	}
}

// rank puts the first usable candidate in front and marks the others as
// shadowed by it. A broken one shadows nothing.
func rank(candidates []candidate) []Plugin {
	plugins := make([]Plugin, 0, len(candidates))
	used := slices.IndexFunc(candidates, func(c candidate) bool { return c.Err == nil })
	if used >= 0 {
		plugins = append(plugins, candidates[used].Plugin)
	}
	for i, c := range candidates {
		if i == used {
			continue
		}
		if used >= 0 {
			c.ShadowedBy = candidates[used].Path
		}
		plugins = append(plugins, c.Plugin)
	}
	return plugins
}

// Plugins returns all that was found, sorted by name; of one name first the
// one that is used, then the shadowed and broken ones in the order of their
// places.
func (i *Inventory) Plugins() []Plugin {
	var all []Plugin
	for _, name := range i.names() {
		all = append(all, i.plugins[name]...)
	}
	return all
}

// Places returns the places in order, each with the reason if it was skipped.
func (i *Inventory) Places() []Place { return slices.Clone(i.places) }

func (i *Inventory) names() []string {
	names := make([]string, 0, len(i.plugins))
	for name := range i.plugins {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// skipped returns the places that were not searched, each with its reason.
func (i *Inventory) skipped() []Place {
	return slices.DeleteFunc(slices.Clone(i.places), func(p Place) bool { return p.Skip == nil })
}

// Find returns the plugin that is used for name. The error is a
// *NotFoundError.
func (i *Inventory) Find(name string) (Plugin, error) {
	if found := i.plugins[name]; len(found) > 0 && found[0].Err == nil {
		return found[0], nil
	}
	return Plugin{}, i.notFound(name)
}
