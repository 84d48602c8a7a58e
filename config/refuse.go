package config

import (
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// The rules by which a result is refused.
const (
	RuleWrites  = "writes"  // the change is not in the plugin's writes, or not in the settings'
	RuleSecret  = "secrets" // the change is to a secret
	RuleGuarded = "guarded" // the change is to a guarded key
	RuleHidden  = "hidden"  // the change would drop a value that the plugin does not see
)

// RefusedError says that a plugin's result changes what the plugin may not
// change.
type RefusedError struct {
	Pointer string
	Rule    string // one of the constants that start with Rule
	Problem string
	Advice  string // with the line of the settings that would allow the change
}

func (e *RefusedError) Error() string { return brief(e.Pointer) + ": refused: " + e.Problem }

// Hint says what would allow the change.
func (e *RefusedError) Hint() string { return e.Advice }

func refused(at tree.Path, rule, problem, setting string) error {
	return &RefusedError{
		Pointer: at.String(), Rule: rule, Problem: problem,
		Advice: "if you trust the plugin with it, put this in its entry in the settings: " + setting,
	}
}

func refusedGuarded(at tree.Path) error {
	return refused(at, RuleGuarded, "it is guarded, since it runs code, names files, or decides whom Pathvector trusts", "grants: {guarded: true}")
}

func refusedWrites(at tree.Path, declared bool) error {
	line := fmt.Sprintf("[%q]", pattern(at))
	if declared {
		return refused(at, RuleWrites, "the settings keep the plugin from writing it", "writes: "+line)
	}
	return &RefusedError{
		Pointer: at.String(), Rule: RuleWrites, Problem: "the plugin does not declare that it writes it",
		Advice: "settings can only narrow what a plugin writes; it has to say \"writes\":" + line + " when it describes itself",
	}
}

// refusedHidden advises by why the plugin does not see the value: it is a
// secret, the settings keep it back, or the plugin does not ask for it.
func refusedHidden(at tree.Path, secret, narrowed bool) error {
	const problem = "the change would drop it, and the plugin does not see it"
	if secret {
		return refused(at, RuleHidden, problem, "grants: {secrets: true}")
	}
	e := &RefusedError{Pointer: at.String(), Rule: RuleHidden, Problem: problem}
	e.Advice = fmt.Sprintf("settings can only narrow what a plugin reads; it has to say \"reads\":[%q] when it describes itself", pattern(at))
	if narrowed {
		e.Advice = fmt.Sprintf("the settings keep the plugin from reading it: add %q to reads in its entry, or take reads out there", pattern(at))
	}
	return e
}

// pattern returns the pattern that covers just the value at path.
func pattern(path tree.Path) string { return strings.ReplaceAll(path.String(), "*", "~2") }
