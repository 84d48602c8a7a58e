package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// diff is a unified diff of the configuration, to be looked at: secrets are
// masked. Behind each hunk's line numbers stand the plugins that made it.
func diff(r *result, color bool) (string, error) {
	before, after := string(r.Document.Text()), string(r.edited.Text)
	file := r.Document.File()
	unified, err := udiff.ToUnifiedDiff(file, file, before, udiff.Lines(before, after), udiff.DefaultContextLines)
	if err != nil || len(unified.Hunks) == 0 {
		return "", err
	}
	secrets := append(r.Document.Secrets(r.Tree), r.Document.Secrets(r.Document.Tree())...)
	var b strings.Builder
	b.WriteString(paint("--- "+file+"\n", color) + paint("+++ "+file+"\n", color))
	shift := 0 // how far the lines so far have moved
	for _, h := range unified.Hunks {
		from, to := counts(h)
		header := fmt.Sprintf("@@ -%s +%s @@ %s\n", lineRange(h.FromLine, from), lineRange(h.FromLine+shift, to),
			strings.Join(r.pluginsOf(h.FromLine, from), ", "))
		b.WriteString(paint(header, color))
		for _, line := range h.Lines {
			b.WriteString(paint(maskLine(diffLine(line), secrets), color))
		}
		shift += to - from
	}
	return b.String(), nil
}

// counts returns how many lines of the old and of the new text a hunk shows.
func counts(h *udiff.Hunk) (from, to int) {
	for _, line := range h.Lines {
		if line.Kind != udiff.Insert {
			from++
		}
		if line.Kind != udiff.Delete {
			to++
		}
	}
	return from, to
}

// lineRange is how diff writes lines: the first, then how many unless that is
// one. Of no lines, the line before them counts.
func lineRange(first, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", first-1)
	case 1:
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d,%d", first, count)
}

func diffLine(line udiff.Line) string {
	sign := " "
	switch line.Kind {
	case udiff.Delete:
		sign = "-"
	case udiff.Insert:
		sign = "+"
	}
	if strings.HasSuffix(line.Content, "\n") {
		return sign + line.Content
	}
	return sign + line.Content + "\n\\ No newline at end of file\n"
}

// pluginsOf names the plugins behind the edits in count lines of the old text,
// in the order they ran. An insertion stands at the line before which it goes,
// which may be the first one after a hunk.
func (r *result) pluginsOf(first, count int) []string {
	var paths []tree.Path
	for _, e := range r.edited.Edits {
		line := bytes.Count(r.Document.Text()[:e.Start], []byte("\n")) + 1
		if line >= first && line <= first+count {
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
