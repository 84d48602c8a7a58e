package host

import (
	"slices"
	"strings"
)

// passedOn are the environment variables that every plugin gets, if they are
// set; those of passedPrefixes too (ENV-2).
var (
	passedOn       = []string{"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR"}
	passedPrefixes = []string{"LC_", "XDG_"}
)

// environment returns what of environ a plugin gets: the variables that all
// plugins get, and the granted ones. Of a name set twice, the last counts, as
// in package os/exec.
func environment(environ, granted []string) []string {
	var env []string
	place := map[string]int{}
	for _, entry := range environ {
		name, _, ok := strings.Cut(entry, "=")
		if !ok || !passes(name, granted) {
			continue
		}
		if i, twice := place[name]; twice {
			env[i] = entry
			continue
		}
		place[name] = len(env)
		env = append(env, entry)
	}
	return env
}

func passes(name string, granted []string) bool {
	return slices.Contains(passedOn, name) || slices.Contains(granted, name) ||
		slices.ContainsFunc(passedPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
