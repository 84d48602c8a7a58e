package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// bars shows on a terminal how far calls have come, a line for each, below all
// that is written meanwhile. When the last call is over nothing is left of it.
// The cursor is moved by what every terminal knows, and no colour is used.
//
// It is done here because the library at hand, vbauerster/mpb, holds messages
// back until its next frame, loses them when a frame cannot be drawn, and in
// the versions that are looked after asks for a newer Go than this module.
//
// Whoever calls a method holds the lock under which the terminal is written to.
type bars struct {
	size  func() (columns, rows int)
	calls []host.Progress // that are under way, in the order of their beginning
	drawn int             // lines that are on the screen
	frame int             // how often it was drawn
	held  bool            // the cursor is behind a text that does not end its line
	stop  chan struct{}   // closed when no call is under way any more
}

const (
	mostBars  = 8 // more are only counted
	barWidth  = 20
	frameTime = 100 * time.Millisecond
)

// update takes over what a call tells, to be drawn with the next frame. It
// reports whether frames must be drawn from now on, until stop is closed.
func (b *bars) update(p host.Progress) (begins bool) {
	i := slices.IndexFunc(b.calls, func(q host.Progress) bool { return q.Call == p.Call })
	switch {
	case p.Ended && i < 0:
	case p.Ended:
		b.calls = slices.Delete(b.calls, i, i+1)
		if len(b.calls) == 0 {
			close(b.stop)
		}
	case i >= 0:
		b.calls[i] = p
	default:
		b.calls = append(b.calls, p)
		if len(b.calls) == 1 {
			b.stop = make(chan struct{})
			return true
		}
	}
	return false
}

// around returns what writes a text where the bars are, and the bars anew
// below it. The text is empty, or whole lines.
func (b *bars) around(text string) string {
	if b == nil {
		return text
	}
	var out strings.Builder
	out.WriteString(b.erase() + text)
	if b.held = b.held && text == ""; b.held {
		return out.String()
	}
	lines := b.lines()
	if b.drawn = len(lines); b.drawn > 0 {
		b.frame++
		// A line that came out too long must not go on in the next one.
		out.WriteString("\x1b[?7l" + strings.Join(lines, "\n") + "\n\x1b[?7h")
	}
	return out.String()
}

// makeWay returns what removes the bars, so that a text can be written to the
// terminal by somebody else. The next frame brings them back, but not before
// the text has come to the end of a line.
func (b *bars) makeWay(text string) string {
	if text == "" {
		return ""
	}
	b.held = !strings.HasSuffix(text, "\n")
	return b.erase()
}

func (b *bars) erase() string {
	if b.drawn == 0 {
		return ""
	}
	up := fmt.Sprintf("\x1b[%dA\r\x1b[J", b.drawn) // and erase from there
	b.drawn = 0
	return up
}

// lines are the bars as text, none longer than a line of the terminal, and no
// more than fit on it.
func (b *bars) lines() []string {
	columns, rows := b.size()
	columns, rows = cmp.Or(columns, 80), cmp.Or(rows, 24)
	shown := b.calls
	if most := max(1, min(rows-2, mostBars)); len(shown) > most {
		shown = shown[:most-1]
	}
	names := 0
	for _, p := range shown {
		names = max(names, len(p.Plugin))
	}
	var lines []string
	for _, p := range shown {
		line := fmt.Sprintf("%-*s %s", names, p.Plugin, b.bar(p))
		lines = append(lines, cut(protocol.Visible(line), columns-1))
	}
	if more := len(b.calls) - len(shown); more > 0 {
		lines = append(lines, cut(fmt.Sprintf("and %d more", more), columns-1))
	}
	return lines
}

// bar is a bar where a total is known, else something that moves.
func (b *bars) bar(p host.Progress) string {
	if p.Total == 0 {
		return string(`|/-\`[b.frame%4]) + " " + progressWords(p)
	}
	part := min(p.Done/p.Total, 1)
	full := int(part * barWidth)
	return fmt.Sprintf("[%s%s] %3d%% %s", strings.Repeat("#", full), strings.Repeat("-", barWidth-full), int(part*100), progressWords(p))
}

// cut returns the beginning of s that fits in so many columns.
func cut(s string, columns int) string {
	s = strings.ReplaceAll(s, "\t", " ")
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used > columns {
			return s[:i]
		}
	}
	return s
}

// runeWidth is how many columns a character takes.
func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// animate draws the bars again and again until stop is closed.
func (r *reporter) animate(stop <-chan struct{}) {
	ticker := time.NewTicker(frameTime)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			r.write("")
		}
	}
}
