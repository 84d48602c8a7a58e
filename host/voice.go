package host

import (
	"strings"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// voice holds back what is said of a plugin, and by it, until it is its turn,
// so that all of it comes in the order of running one plugin after the other.
// What comes then is said at once. The limits of a call bound what is held.
type voice struct {
	mu    sync.Mutex
	turn  bool
	held  []func()
	lines strings.Builder // of stderr, after what is held
	show  func(line string)
}

// speak says what was held, and lets the voice be heard from now on.
func (v *voice) speak() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keepLines()
	for _, say := range v.held {
		say()
	}
	v.held, v.turn = nil, true
}

// drop forgets what is held. What comes after the call, from a plugin that is
// kept running, is said at once.
func (v *voice) drop() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lines.Reset()
	v.held, v.turn = nil, true
}

// say does so when it is the voice's turn.
func (v *voice) say(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.turn {
		f()
		return
	}
	v.keepLines()
	v.held = append(v.held, f)
}

// line shows a line of stderr when it is the voice's turn. Lines are held as
// one text: there may be a million of them, all empty.
func (v *voice) line(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.turn {
		v.show(text)
		return
	}
	v.lines.WriteString(text + "\n")
}

func (v *voice) keepLines() {
	if v.lines.Len() == 0 {
		return
	}
	text := v.lines.String()
	v.lines.Reset()
	v.held = append(v.held, func() {
		for line := range strings.Lines(text) {
			v.show(strings.TrimSuffix(line, "\n"))
		}
	})
}

// request returns the beginning of a request whose notifications and lines
// of stderr go through the voice.
func (v *voice) request(notify func(*protocol.Notification)) Request {
	q := Request{Notify: func(n *protocol.Notification) {
		v.say(func() { notify(n) })
	}}
	if v.show != nil {
		q.Stderr = v.line
	}
	return q
}
