package cli

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/natesales/pathvector-plugin/host"
)

// progressJSON is the JSON line of a plugin's progress.
type progressJSON struct {
	Level   string  `json:"level"`
	Plugin  string  `json:"plugin"`
	Method  string  `json:"method"`
	Message string  `json:"message,omitempty"`
	Done    float64 `json:"done,omitempty"`
	Total   float64 `json:"total,omitempty"`
}

// progress shows how far a call has come: on a terminal by a bar, otherwise by
// lines at a pace that fills no log.
func (r *reporter) progress(p host.Progress) {
	if r.quiet {
		return
	}
	r.mu.Lock()
	bars := r.bars
	if bars != nil && bars.update(p) {
		go r.animate(bars.stop)
	}
	due := bars == nil && r.lines.due(p)
	r.mu.Unlock()
	switch {
	case p.Ended && bars != nil:
		r.write("")
	case due && r.json:
		r.line(progressJSON{"progress", p.Plugin, p.Method, p.Message, p.Done, p.Total})
	case due:
		r.emit(event{Level: "progress", Plugin: p.Plugin, Message: progressWords(p)})
	}
}

// progressWords says in words how far a call has come.
func progressWords(p host.Progress) string {
	text := p.Message
	if amount := amountWords(p); amount != "" {
		text += " " + amount
	}
	if text == "" {
		text = "is at work"
	}
	return strings.TrimSpace(text)
}

func amountWords(p host.Progress) string {
	switch {
	case p.Total > 0:
		return decimal(p.Done) + " of " + decimal(p.Total)
	case p.Done > 0:
		return decimal(p.Done)
	}
	return ""
}

func decimal(x float64) string {
	if math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// pace lets through the first that a call tells, and what it tells later once
// in a while, if it is something else.
type pace struct {
	now   func() time.Time
	every time.Duration
	calls map[int64]paced
}

type paced struct {
	at   time.Time
	said string
}

func (l *pace) due(p host.Progress) bool {
	if p.Ended {
		delete(l.calls, p.Call)
		return false
	}
	last, told := l.calls[p.Call]
	now, words := l.now(), progressWords(p)
	if told && (now.Sub(last.at) < l.every || words == last.said) {
		return false
	}
	if l.calls == nil {
		l.calls = map[int64]paced{}
	}
	l.calls[p.Call] = paced{now, words}
	return true
}
