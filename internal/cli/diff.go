package cli

import (
	"bytes"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// diff is a unified diff of the configuration. Behind each hunk's line numbers
// stand the plugins that made it, where patch ignores them.
func diff(r *result, color bool) (string, error) {
	before, after := string(r.Document.Text()), string(r.edited.Text)
	file := r.Document.File()
	unified, err := udiff.ToUnifiedDiff(file, file, before, udiff.Lines(before, after), udiff.DefaultContextLines)
	if err != nil || len(unified.Hunks) == 0 {
		return "", err
	}
	hunk := -1
	var b strings.Builder
	for line := range strings.Lines(unified.String()) {
		if strings.HasPrefix(line, "@@ ") {
			hunk++
			line = strings.TrimSuffix(line, "\n") + " " + strings.Join(r.pluginsOf(unified.Hunks[hunk]), ", ") + "\n"
		}
		b.WriteString(paint(line, color))
	}
	return b.String(), nil
}

// pluginsOf names the plugins behind the edits within a hunk, in the order
// they ran.
func (r *result) pluginsOf(h *udiff.Hunk) []string {
	var paths []tree.Path
	for _, e := range r.edited.Edits {
		line := bytes.Count(r.Document.Text()[:e.Start], []byte("\n")) + 1
		if line >= h.FromLine && line <= h.FromLine+len(h.Lines) {
			paths = append(paths, e.Path)
		}
	}
	var names []string
	for _, c := range r.Changes {
		path, err := tree.ParsePointer(c.Pointer)
		touched := func(p tree.Path) bool { return p.HasPrefix(path) || path.HasPrefix(p) }
		if err == nil && slices.ContainsFunc(paths, touched) && !slices.Contains(names, c.Plugin) {
			names = append(names, c.Plugin)
		}
	}
	return names
}

// paint colours a line of a diff as git does.
func paint(line string, color bool) string {
	if !color {
		return line
	}
	code := ""
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		code = "1"
	case strings.HasPrefix(line, "@@"):
		code = "36"
	case strings.HasPrefix(line, "+"):
		code = "32"
	case strings.HasPrefix(line, "-"):
		code = "31"
	default:
		return line
	}
	text, newline := strings.CutSuffix(line, "\n")
	if newline {
		return "\x1b[" + code + "m" + text + "\x1b[0m\n"
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
