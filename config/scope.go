package config

import "github.com/natesales/pathvector-plugin/config/tree"

// Scopes says what a plugin may read and write. A nil list is the default:
// everything, but for what the grants keep back; an empty one is nothing (spec
// SCP-3).
type Scopes struct {
	Reads, Writes             []Pattern // as the plugin declares them
	NarrowReads, NarrowWrites []Pattern // as the settings narrow them; nil does not (SCP-4)
	Secrets                   bool      // granted: reading and writing secrets (SCP-10)
	Guarded                   bool      // granted: writing guarded keys (SCP-11)
	Env                       []string  // granted too: no scope, but advised settings keep it
}

// lens is how far patterns have come on the way to a value: it is covered, or
// values below it may be.
type lens struct {
	whole bool
	open  [][]glob // what is left of the patterns that match so far
}

func newLens(patterns []Pattern) lens {
	if patterns == nil {
		return lens{whole: true}
	}
	l := lens{}
	for _, p := range patterns {
		l.whole = l.whole || len(p.segments) == 0
		l.open = append(l.open, p.segments)
	}
	return l
}

// at returns the lens for the value of key.
func (l lens) at(key string) lens {
	if l.whole {
		return l
	}
	next := lens{}
	for _, segments := range l.open {
		if !segments[0].match(key) {
			continue
		}
		if len(segments) == 1 {
			return lens{whole: true}
		}
		next.open = append(next.open, segments[1:])
	}
	return next
}

// keys returns the keys that may be covered, or have something below them that
// is. named says that there are no others.
func (l lens) keys() (keys []string, named bool) {
	if l.whole {
		return nil, false
	}
	for _, segments := range l.open {
		key, ok := segments[0].only()
		if !ok {
			return nil, false
		}
		keys = append(keys, key)
	}
	return keys, true
}

// reach is what both the plugin's and the operator's patterns say.
type reach struct{ declared, narrowed lens }

func (s Scopes) reads() reach  { return reach{newLens(s.Reads), newLens(s.NarrowReads)} }
func (s Scopes) writes() reach { return reach{newLens(s.Writes), newLens(s.NarrowWrites)} }

func (r reach) at(key string) reach { return reach{r.declared.at(key), r.narrowed.at(key)} }

func (r reach) to(path tree.Path) reach {
	for _, key := range path {
		r = r.at(key)
	}
	return r
}

// keys is the same for both.
func (r reach) keys() (keys []string, named bool) {
	if keys, named = r.declared.keys(); named {
		return keys, true
	}
	return r.narrowed.keys()
}

// whole reports whether the value is covered.
func (r reach) whole() bool { return r.declared.whole && r.narrowed.whole }

// nothing reports whether neither the value nor any below it is covered.
func (r reach) nothing() bool { return r.declared.nothing() || r.narrowed.nothing() }

func (l lens) nothing() bool { return !l.whole && len(l.open) == 0 }
