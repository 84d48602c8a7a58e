package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/internal/screen"
)

// NTF-9
func TestProgressWords(t *testing.T) {
	for want, p := range map[string]host.Progress{
		"is at work":           {},
		"reading":              {Message: "reading"},
		"reading 3":            {Message: "reading", Done: 3},
		"reading 3 of 7":       {Message: "reading", Done: 3, Total: 7},
		"1234567.5 of 2000000": {Done: 1234567.5, Total: 2e6},
		"1e+300":               {Done: 1e300},
		"later 0 of 7":         {Message: "later", Total: 7},
	} {
		assert.Equal(t, want, progressWords(p))
	}
}

// NTF-9: where there is no terminal, each call has a line at first, and then
// one in a second at most, and none that says the same again.
func TestProgressAsLines(t *testing.T) {
	now := time.Unix(0, 0)
	said := func(json bool) string {
		var b bytes.Buffer
		r := &reporter{w: &b, json: json, lines: pace{now: func() time.Time { return now }, every: time.Second}}
		tell := func(call int64, done float64) {
			r.progress(host.Progress{Plugin: "zorb", Method: "modify", Call: call, Message: "reading", Done: done, Total: 9})
		}
		tell(1, 1)
		tell(1, 2)
		tell(2, 1)
		now = now.Add(time.Second)
		tell(1, 3)
		tell(2, 1)
		r.progress(host.Progress{Plugin: "zorb", Call: 1, Ended: true})
		tell(1, 4)
		return b.String()
	}
	assert.Equal(t, "zorb: progress: reading 1 of 9\nzorb: progress: reading 1 of 9\nzorb: progress: reading 3 of 9\nzorb: progress: reading 4 of 9\n", said(false))
	lines := strings.Split(strings.TrimSpace(said(true)), "\n")
	assert.Len(t, lines, 4)
	assert.JSONEq(t, `{"level":"progress","plugin":"zorb","method":"modify","message":"reading","done":3,"total":9}`, lines[2])
}

func TestQuietShowsNoProgress(t *testing.T) {
	var b bytes.Buffer
	r := &reporter{w: &b, quiet: true, bars: &bars{size: func() (int, int) { return 80, 24 }}}
	r.progress(host.Progress{Plugin: "zorb", Call: 1})
	r.progress(host.Progress{Plugin: "zorb", Call: 1, Ended: true})
	assert.Empty(t, b.String())
}

func TestBarsFitOnTheTerminal(t *testing.T) {
	b := &bars{}
	for i := range 12 {
		b.update(host.Progress{Plugin: fmt.Sprint("p", i), Call: int64(i), Message: "reading \x1b[2J\tfrom 東京", Done: float64(i * 10), Total: 100})
	}
	for _, tc := range []struct{ columns, rows, lines int }{{0, 0, 8}, {200, 50, 8}, {40, 6, 4}, {20, 2, 1}, {1, 1, 1}} {
		b.size = func() (int, int) { return tc.columns, tc.rows }
		lines := b.lines()
		assert.Len(t, lines, tc.lines)
		for _, line := range lines {
			used := 0
			for _, r := range line {
				used += runeWidth(r)
			}
			assert.LessOrEqual(t, used, max(0, cmp.Or(tc.columns, 80)-1))
			assert.NotContains(t, line, "\x1b")
		}
	}
	b.size = func() (int, int) { return 100, 50 }
	assert.Equal(t, `p3 [######--------------]  30% reading \x1b[2J from 東京 30 of 100`, b.lines()[3])
	assert.Equal(t, "and 5 more", b.lines()[7])
	assert.Equal(t, "a", cut("a東京", 2), "a wide character is not halved")
	assert.Equal(t, "a東", cut("a東京", 3))
	assert.Equal(t, "e\u0301e", cut("e\u0301ee", 2), "an accent takes no column")
}

func TestABarOfOddNumbers(t *testing.T) {
	b := &bars{}
	for want, p := range map[string]host.Progress{
		"| 5":                                {Done: 5},
		"| a":                                {Message: "a"},
		"[####################] 100% 7 of 5": {Done: 7, Total: 5},
		"[--------------------]   0% 0 of 1.7976931348623157e+308": {Done: 0, Total: math.MaxFloat64},
	} {
		assert.Equal(t, want, b.bar(p))
	}
}

// Many plugins tell their progress and speak at once: every message is whole,
// and nothing is left of the bars.
func TestBarsAndMessagesDoNotMix(t *testing.T) {
	var out bytes.Buffer
	r := &reporter{w: &out, bars: &bars{size: func() (int, int) { return 60, 20 }}}
	log := slog.New(logHandler{report: r})
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			for n := range 50 {
				r.progress(host.Progress{Plugin: fmt.Sprint("p", i), Call: int64(i), Done: float64(n), Total: 50})
				log.Warn(fmt.Sprint("message ", n), "plugin", fmt.Sprint("p", i))
			}
			r.progress(host.Progress{Call: int64(i), Ended: true})
		})
	}
	group.Wait()
	s := screen.New(60)
	_, err := s.Write(out.Bytes())
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(s.String(), "\n"), "\n")
	assert.Len(t, lines, 12*50)
	seen := map[string]bool{}
	for _, line := range lines {
		assert.Regexp(t, `^p\d+: warning: message \d+$`, line)
		seen[line] = true
	}
	assert.Len(t, seen, 12*50)
	assert.True(t, s.Wraps)
	assert.Zero(t, s.Column)
}

// What a command prints on the terminal makes the bars go, and they stay away
// while it is in the middle of a line.
func TestBarsMakeWayForOutput(t *testing.T) {
	var out bytes.Buffer
	r := &reporter{w: &out, bars: &bars{size: func() (int, int) { return 60, 20 }}}
	a := &app{report: r, env: Env{Stdout: &out, Terminal: true}}
	r.bars.update(host.Progress{Plugin: "zorb", Call: 1, Message: "reading"})
	shows := func(want string) {
		s := screen.New(60)
		_, err := s.Write(out.Bytes())
		require.NoError(t, err)
		assert.Equal(t, want, s.String())
	}
	r.write("")
	shows("zorb | reading\n")
	for _, step := range []struct{ print, shows string }{
		{"one ", "one\n"},
		{"two", "one two\n"},
		{"\nthree\n", "one two\nthree\nzorb / reading\n"},
		{"four\n", "one two\nthree\nfour\nzorb - reading\n"},
		{"five", "one two\nthree\nfour\nfive\n"},
	} {
		require.NoError(t, a.print(step.print))
		r.write("")
		shows(step.shows)
	}
	r.progress(host.Progress{Call: 1, Ended: true})
	shows("one two\nthree\nfour\nfive\n")
}

func TestLogHandler(t *testing.T) {
	for _, tc := range []struct {
		report     *reporter
		text, want string
	}{
		{&reporter{}, "text", "zorb: warning: /asn: odd a=1 b=\"two words\" c=\"\" d={\"x\":1} e=null \"f g\"=true\n"},
		{&reporter{json: true}, "json", `{"level":"warning","plugin":"zorb","pointer":"/asn","message":"odd","fields":{"a":1,"b":"two words","c":"","d":{"x":1},"e":null,"f g":true}}` + "\n"},
		{&reporter{quiet: true}, "quiet", ""},
	} {
		var b bytes.Buffer
		r := tc.report
		r.w = &b
		log := slog.New(logHandler{report: r}).With("plugin", "zorb").With("pointer", "/asn")
		log.WithGroup("fields").With("a", json.Number("1")).Warn("odd", "b", "two words", "c", "", "d", json.RawMessage(`{"x":1}`), "e", nil, "f g", true)
		assert.Equal(t, tc.want, b.String(), tc.text)
	}
}

func TestLogLevels(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var b bytes.Buffer
		log := slog.New(logHandler{report: &reporter{w: &b, verbose: verbose}})
		log.Debug("d", "plugin", "p")
		log.Info("i", "plugin", "p")
		log.Error("e", "plugin", "p")
		want := "p: info: i\np: error: e\n"
		if verbose {
			want = "p: debug: d\n" + want
		}
		assert.Equal(t, want, b.String())
	}
	var b bytes.Buffer
	log := slog.New(logHandler{report: &reporter{w: &b, strict: true}})
	log.Warn("odd", "plugin", "p", "by", "host")
	log.Warn("said", "plugin", "p")
	assert.Equal(t, "p: warning: said\n", b.String(), "with --strict the other one is an error")
}
