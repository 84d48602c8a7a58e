package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// diff is a unified diff of the configuration, to be looked at: secrets are
// masked. Behind each hunk's line numbers stand the plugins that made it, and
// where one of them changed what another had set.
func diff(r *result, color bool) (string, error) {
	before, file := string(r.Document.Text()), r.Document.File()
	pieces := r.pieces()
	edits := make([]udiff.Edit, len(pieces))
	for i, p := range pieces {
		edits[i] = p.Edit
	}
	unified, err := udiff.ToUnifiedDiff(file, file, before, edits, udiff.DefaultContextLines)
	if err != nil || len(unified.Hunks) == 0 {
		return "", err
	}
	secrets := r.Secrets()
	var b strings.Builder
	b.WriteString(paint("--- "+file+"\n", color) + paint("+++ "+file+"\n", color))
	shift := 0 // how far the lines so far have moved
	for _, h := range unified.Hunks {
		from, to := counts(h)
		var own []piece
		own, pieces = cutPieces(pieces, h.FromLine+from)
		header := fmt.Sprintf("@@ -%s +%s @@ %s\n", lineRange(h.FromLine, from), lineRange(h.FromLine+shift, to), maskLine(visible(r.makers(own)), secrets))
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
