package config

import (
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// The rules of the protocol by which a result is refused.
const (
	RuleWrites  = "SCP-8"  // the change is not in the plugin's writes, or not in the settings'
	RuleHidden  = "SCP-9"  // the change would drop a value that the plugin does not see
	RuleSecret  = "SCP-10" // the change is to a secret
	RuleGuarded = "SCP-11" // the change is to a guarded key
)

const guardedProblem = "it is guarded, since it runs code, names files, or decides whom Pathvector trusts"

// RefusedError says that a plugin's result changes what the plugin may not
// change. It is about the first such change; the advice is about all of them.
type RefusedError struct {
	Pointer string
	Rule    string // one of the constants that start with Rule
	Problem string
	More    int // how many more changes are refused
	Advice  string
	// Settings are the lines that the plugin's entry in the settings needs for
	// the changes to be allowed, each whole, with what it says now.
	Settings []string

	lacks lacking
}

func (e *RefusedError) Error() string {
	text := brief(e.Pointer) + ": refused: " + e.Problem
	switch {
	case e.More == 1:
		text += " (and one more change)"
	case e.More > 1:
		text += fmt.Sprintf(" (and %d more changes)", e.More)
	}
	return text
}

// Hint says what would allow the changes.
func (e *RefusedError) Hint() string { return e.Advice }

// lacking is what would have to be said for a change to be allowed.
type lacking struct {
	secrets, guarded              bool        // grants in the settings
	reads, writes                 []tree.Path // by the settings, which narrow them
	declaredReads, declaredWrites []tree.Path // by the plugin
}

func refuse(at tree.Path, rule, problem string, lacks lacking) error {
	return &RefusedError{Pointer: at.String(), Rule: rule, Problem: problem, lacks: lacks}
}

// refusal makes one error of all that a result is refused for.
func (s Scopes) refusal(all []*RefusedError) error {
	e := *all[0]
	e.More = len(all) - 1
	for _, other := range all[1:] {
		e.lacks.secrets = e.lacks.secrets || other.lacks.secrets
		e.lacks.guarded = e.lacks.guarded || other.lacks.guarded
		e.lacks.reads = append(e.lacks.reads, other.lacks.reads...)
		e.lacks.writes = append(e.lacks.writes, other.lacks.writes...)
		e.lacks.declaredReads = append(e.lacks.declaredReads, other.lacks.declaredReads...)
		e.lacks.declaredWrites = append(e.lacks.declaredWrites, other.lacks.declaredWrites...)
	}
	e.Settings = s.lines(e.lacks)
	e.Advice = advice(e.lacks, e.Settings)
	return &e
}

// advice says what would allow all that lacks something; lines are those of the
// settings.
func advice(l lacking, lines []string) string {
	var declare []string
	if len(l.declaredReads) > 0 {
		declare = append(declare, `"reads":`+list(nil, l.declaredReads))
	}
	if len(l.declaredWrites) > 0 {
		declare = append(declare, `"writes":`+list(nil, l.declaredWrites))
	}
	settings := "its entry in the settings needs " + strings.Join(lines, " and ") + " (in place of such a line if there is one)"
	switch {
	case len(declare) == 0:
		return "if you trust the plugin with it: " + settings
	case len(lines) == 0:
		return "settings can only narrow what a plugin reads and writes: it has to say " + strings.Join(declare, " and ") + " when it describes itself"
	}
	return "the plugin has to say " + strings.Join(declare, " and ") + " when it describes itself; then, if you trust it with that: " + settings
}

// lines are those of the settings that would allow what they can. Each is
// whole, with what the settings say so far.
func (s Scopes) lines(l lacking) []string {
	var out []string
	if l.secrets || l.guarded {
		out = append(out, s.grantsLine(l))
	}
	if len(l.reads) > 0 {
		out = append(out, "reads: "+list(s.NarrowReads, l.reads))
	}
	if len(l.writes) > 0 {
		out = append(out, "writes: "+list(s.NarrowWrites, l.writes))
	}
	return out
}

func (s Scopes) grantsLine(l lacking) string {
	var grants []string
	if s.Secrets || l.secrets {
		grants = append(grants, "secrets: true")
	}
	if s.Guarded || l.guarded {
		grants = append(grants, "guarded: true")
	}
	if len(s.Env) > 0 {
		grants = append(grants, "env: ["+strings.Join(s.Env, ", ")+"]")
	}
	return "grants: {" + strings.Join(grants, ", ") + "}"
}

// manyPatterns is how many patterns advice spells out one by one.
const manyPatterns = 10

// list writes patterns and those of the values at paths, as YAML and as JSON.
// Of many values it names what they have in common.
func list(patterns []Pattern, paths []tree.Path) string {
	added := distinct(paths, pattern)
	if len(added) > manyPatterns {
		added = distinct(paths, ofEvery)
	}
	if len(added) > manyPatterns {
		added = distinct(paths, func(p tree.Path) string { return pattern(p[:1]) })
	}
	var words []string
	for _, p := range patterns {
		words = append(words, string(tree.Append(nil, p.String())))
	}
	for _, p := range added {
		words = append(words, string(tree.Append(nil, p)))
	}
	return "[" + strings.Join(words, ", ") + "]"
}

func distinct(paths []tree.Path, form func(tree.Path) string) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range paths {
		if w := form(p); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// pattern returns the pattern that covers just the value at path.
func pattern(path tree.Path) string { return strings.ReplaceAll(path.String(), "*", "~2") }

// ofEvery returns the pattern for the value in every peer, template or other
// entry beside the one that path leads through.
func ofEvery(path tree.Path) string {
	if len(path) < 3 {
		return pattern(path)
	}
	return pattern(path[:1]) + "/*" + pattern(path[2:])
}
