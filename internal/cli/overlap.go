package cli

import (
	"fmt"
	"slices"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// overlapError is a value that two plugins set, under --strict.
type overlapError struct {
	plugin, text string
}

func (e *overlapError) Error() string      { return "plugin " + e.plugin + ": " + e.text }
func (e *overlapError) PluginName() string { return e.plugin }
func (e *overlapError) Hint() string {
	return "have one plugin alone set it (their options, or writes in the settings), or leave --strict out, under which this is refused"
}

// overlaps tells where plugins changed what others had set: a warning, or an
// error with --strict. That a list was only added to is a detail, since plugins
// that each add to a list work together.
func (a *app) overlaps(r *result) error {
	if len(r.overlapping) == 0 {
		return nil
	}
	texts := copiedSecrets(r)
	values := map[encounter]int{}
	for _, o := range r.overlapping {
		values[r.encounter(o)]++
	}
	for _, o := range r.overlapping {
		of := r.encounter(o)
		if values[of] == 0 {
			continue // told with the first one
		}
		m := r.overlapMessage(o, values[of]-1, texts)
		values[of] = 0
		if a.report.strict && !o.Extends {
			return &overlapError{m.Plugin, m.Pointer + ": " + m.Text}
		}
		r.Messages = append(r.Messages, m)
		a.report.emit(event{Level: m.Level, Plugin: m.Plugin, Pointer: m.Pointer, Message: m.Text})
	}
	return nil
}

// encounter is what one message is about: a change, and a plugin whose values
// it meets.
type encounter struct {
	later   int
	earlier string
	extends bool
}

func (r *result) encounter(o config.Overlap) encounter {
	return encounter{o.Later, r.Changes[o.Earlier].Plugin, o.Extends}
}

// overlapMessage names both plugins and both values, and says how many more
// values of the same plugin the later change concerns. The texts are masked.
func (r *result) overlapMessage(o config.Overlap, more int, texts []string) host.Message {
	earlier, later := r.Changes[o.Earlier], r.Changes[o.Later]
	m := host.Message{Plugin: later.Plugin, Pointer: o.Pointer, Level: protocol.LevelWarning, ByHost: true}
	set, _ := earlier.On(o.Pointer)
	sets, _ := later.On(o.Pointer)
	set, sets = maskedWith(set, texts), maskedWith(sets, texts)
	m.Text = fmt.Sprintf("%s, after plugin %s %s", deed(sets, "sets", "removes"), earlier.Plugin, deed(set, "had set", "had removed"))
	if o.Extends {
		m.Level = protocol.LevelDebug
		m.Text = fmt.Sprintf("adds to the list that plugin %s had set: %s", earlier.Plugin, changeWords(sets))
	}
	if more > 0 {
		m.Text += fmt.Sprintf(" (and %d more of its values)", more)
	}
	return m
}

// deed says what a change does to a value.
func deed(c config.Change, sets, removes string) string {
	if c.After == nil {
		return removes + " it"
	}
	return sets + " " + shown(c.After)
}

// overlapNames returns the plugins whose values a change overwrites, and those
// whose lists it adds to. Overlaps elsewhere than at a path, above it or below
// it do not count.
func (r *result) overlapNames(change int, path tree.Path) (overwrites, extends []string) {
	for _, o := range r.overlapsOf[change] {
		if at := pathOf(o.Pointer); !at.HasPrefix(path) && !path.HasPrefix(at) {
			continue
		}
		names, plugin := &overwrites, r.Changes[o.Earlier].Plugin
		if o.Extends {
			names = &extends
		}
		if !slices.Contains(*names, plugin) {
			*names = append(*names, plugin)
		}
	}
	return overwrites, extends
}
