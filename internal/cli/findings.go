package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// checkFinding is what a check of the host's or of a plugin found, as it is shown.
type checkFinding struct {
	Severity string          `json:"severity"`
	Code     string          `json:"code,omitempty"`
	Plugin   string          `json:"plugin,omitempty"` // whose check it is; none is the host
	File     string          `json:"file"`
	Line     int             `json:"line,omitempty"` // 0 where a plugin set the value
	Column   int             `json:"column,omitempty"`
	Pointer  string          `json:"pointer"`
	SetBy    []string        `json:"setBy,omitempty"` // the plugins that changed the value
	Message  string          `json:"message"`
	Instead  string          `json:"instead,omitempty"`
	Proposed json.RawMessage `json:"proposed,omitempty"`
	Allowed  bool            `json:"allowed,omitempty"` // by --allow: it keeps nothing back

	missing bool // something is not there at all
	inFile  bool // the file has it as it is, whatever the plugins do
}

// text is FILE:LINE:COLUMN: severity: pointer: message [code], and below it
// what to do.
func (f checkFinding) text() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	for _, part := range []string{f.Severity, f.Plugin, f.Pointer} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	b.WriteString(": " + f.Message)
	if f.Code != "" {
		b.WriteString(" [" + f.Code + "]")
	}
	lines := []string{b.String()}
	if len(f.SetBy) > 0 {
		lines = append(lines, "  set by: "+strings.Join(f.SetBy, ", "))
	}
	if f.Instead != "" {
		lines = append(lines, "  instead: "+f.Instead)
	}
	if f.Proposed != nil {
		lines = append(lines, "  proposed: "+string(f.Proposed))
	}
	for i, line := range lines {
		lines[i] = protocol.Visible(line)
	}
	return strings.Join(lines, "\n") + "\n"
}

// hostFindings are those of the host's own checks on a document.
func hostFindings(file string, all []check.Finding) []checkFinding {
	var out []checkFinding
	for _, f := range all {
		out = append(out, checkFinding{
			Severity: string(f.Severity), Code: f.Code, File: file, Line: f.Line, Column: f.Column,
			Pointer: f.Path.String(), Message: f.Message, Instead: f.Instead, missing: f.Missing, inFile: true,
		})
	}
	return out
}

// pluginFindings are those of the plugins' checks on an outcome. Each stands
// where the file has its value, unless a plugin has set it.
func pluginFindings(out *host.Outcome, all []host.Finding) []checkFinding {
	var found []checkFinding
	for _, f := range all {
		path, _ := tree.ParsePointer(f.Pointer) // CHK-3 has been held
		g := checkFinding{
			Severity: f.Severity, Code: f.Code, Plugin: f.Plugin, File: out.Document.File(),
			Pointer: f.Pointer, SetBy: setBy(out, path), Message: f.Message, Proposed: f.Proposed,
		}
		if len(g.SetBy) == 0 {
			g.Line, g.Column = nearestPlace(out.Document, path)
		}
		found = append(found, g)
	}
	return found
}

// resultFindings are those of the host's checks on the result of the plugins.
// What the file has as it is keeps its place there; of the rest it is said
// which plugins set it.
func resultFindings(r *result) []checkFinding {
	file := r.Document.File()
	if len(r.Changes) == 0 {
		return hostFindings(file, check.Document(r.Document))
	}
	before := sync.OnceValue(func() map[string]check.Finding { return byPlace(check.Document(r.Document)) })
	var found []checkFinding
	for _, f := range check.Document(r.edited) {
		g := hostFindings(file, []check.Finding{f})[0]
		if known, ok := before()[placeOf(f)]; ok {
			g.Line, g.Column = known.Line, known.Column
		} else {
			g.Line, g.Column, g.inFile = 0, 0, false
			if g.SetBy = setBy(r.Outcome, append(f.Related, f.Path)...); g.SetBy == nil {
				g.SetBy = setBy(r.Outcome, tree.Path{}) // it came about by what they all did
			}
		}
		found = append(found, g)
	}
	return found
}

// byPlace finds findings by what they are and where; of several the first one.
func byPlace(findings []check.Finding) map[string]check.Finding {
	all := make(map[string]check.Finding, len(findings))
	for _, f := range findings {
		if _, ok := all[placeOf(f)]; !ok {
			all[placeOf(f)] = f
		}
	}
	return all
}

func placeOf(f check.Finding) string { return f.Code + " " + f.Path.String() }

// setBy names the plugins that changed one of the values, or something in or
// around it, in the order they ran.
func setBy(out *host.Outcome, paths ...tree.Path) []string {
	var names []string
	for _, c := range out.Changes {
		at, err := tree.ParsePointer(c.Pointer)
		touches := func(p tree.Path) bool { return p.HasPrefix(at) || at.HasPrefix(p) }
		if err == nil && slices.ContainsFunc(paths, touches) && !slices.Contains(names, c.Plugin) {
			names = append(names, c.Plugin)
		}
	}
	return names
}

// nearestPlace returns where the file has the value, or what is around it.
func nearestPlace(d *config.Document, path tree.Path) (line, column int) {
	for ; ; path = path[:len(path)-1] {
		if line, column, ok := d.Position(path); ok || len(path) == 0 {
			return cmp.Or(line, 1), cmp.Or(column, 1)
		}
	}
}

// theResult is what the plugins made of the file.
const theResult = "the result"

// checkError says that findings keep a configuration back.
type checkError struct {
	what    string // that has them: theResult, or the file's name
	against []checkFinding
}

// refuse returns an error if findings keep what has them back: errors, and
// with strict warnings too. With parts, what the file lacks altogether does not,
// as something else may still add it.
func refuse(what string, all []checkFinding, strict, parts bool) error {
	e := &checkError{what: what}
	for _, f := range all {
		against := f.Severity == string(check.Error) || strict && f.Severity == string(check.Warning)
		if against && !f.Allowed && !(parts && f.missing && f.inFile) {
			e.against = append(e.against, f)
		}
	}
	if len(e.against) == 0 {
		return nil
	}
	return e
}

func (e *checkError) Error() string {
	var codes []string
	for _, f := range e.against {
		if code := cmp.Or(f.Code, f.Plugin); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	findings := "1 finding"
	if len(e.against) > 1 {
		findings = fmt.Sprintf("%d findings", len(e.against))
	}
	return fmt.Sprintf("%s is refused for %s: %s", e.what, findings, strings.Join(codes, ", "))
}

// Hint says where to look.
func (e *checkError) Hint() string {
	hint := "the findings are printed with what to write instead; --allow CODE lets one of the host's pass, where your Pathvector is known to take it"
	if e.what != theResult {
		return hint
	}
	return hint + "; 'pathvector-plugin check' shows those of the file as it is, 'pathvector-plugin explain' what the plugins set"
}

// PluginName returns the one plugin that is behind all of it, "" where there
// is none or several.
func (e *checkError) PluginName() string {
	var names []string
	for _, f := range e.against {
		names = append(names, f.SetBy...)
		if f.Plugin != "" {
			names = append(names, f.Plugin)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 1 {
		return names[0]
	}
	return ""
}

// invalid reports whether the file itself is at fault, and not a plugin or what
// a plugin thinks of it.
func (e *checkError) invalid() bool {
	return slices.ContainsFunc(e.against, func(f checkFinding) bool { return f.inFile })
}
