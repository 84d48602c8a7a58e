package protocol

import (
	"slices"
	"strings"
)

// DecodeModifyResult reads the result of modify (MOD-2 to MOD-5, MOD-7). What
// it requires is looked at first (VER-5). Merge, Patch and Config are parts of
// raw. The error is a *Violation.
func DecodeModifyResult(raw []byte) (*ModifyResult, error) {
	d := &decoder{raw: raw, rule: "MOD-2"}
	r := &ModifyResult{}
	members := d.object(raw, "")
	each(members, "", map[string]field{"requires": d.texts(&r.Requires, true)})
	d.checkFeatures(r.Requires)
	d.countForms(members)
	d.rule = "MOD-7" // that of the messages; each form has its own
	each(members, "", map[string]field{
		"merge":    d.keep(&r.Merge, '{', "MOD-3"),
		"patch":    d.keep(&r.Patch, '[', "MOD-4"),
		"config":   d.keep(&r.Config, '{', "MOD-5"),
		"messages": d.messages(r),
	})
	if err := d.err(); err != nil {
		return nil, err
	}
	return r, nil
}

// countForms checks that there is exactly one of the three forms.
func (d *decoder) countForms(members []member) {
	forms := []string{}
	for _, m := range members {
		if key := string(m.key); key == "merge" || key == "patch" || key == "config" {
			forms = append(forms, key)
		}
	}
	switch {
	case d.violation != nil:
	case len(forms) == 0:
		d.fail(BadResult, d.rule, `it has none of "merge", "patch" and "config"`)
		d.violation.Advice = `answer {"merge":{}} when nothing is to change`
	case len(forms) > 1:
		d.fail(BadResult, d.rule, "it has "+strings.Join(forms, " and ")+", and only one of them may be there")
	}
}

func (d *decoder) messages(r *ModifyResult) field {
	return d.array(func(raw []byte, at string) {
		m := PluginMessage{}
		members := d.object(raw, at)
		d.require(members, at, "level", "message")
		each(members, at, map[string]field{
			"level":   d.text(&m.Level, false),
			"message": d.text(&m.Message, true),
			"pointer": d.text(&m.Pointer, false),
		})
		m.Level = KnownLevel(m.Level)
		r.Messages = append(r.Messages, m)
	}, func() { r.Messages = []PluginMessage{} })
}

// KnownLevel returns the level of a message or a log notification, and
// LevelInfo for one that is not known (MOD-8).
func KnownLevel(level string) string {
	if slices.Contains([]string{LevelError, LevelWarning, LevelInfo, LevelDebug}, level) {
		return level
	}
	return LevelInfo
}
