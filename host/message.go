package host

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Message is something to tell the operator: from a plugin, or by the host
// about it.
type Message struct {
	Plugin  string
	Level   string // debug, info, warning or error
	Pointer string // what it is about; may be empty
	Text    string
	ByHost  bool // what the host noticed, not what the plugin said
}

// say tells the operator, at once and in the outcome.
func (h *Host) say(out *Outcome, m Message) {
	out.Messages = append(out.Messages, m)
	if h.Say != nil {
		h.Say(m)
	}
}

func (h *Host) warn(out *Outcome, plugin string, warnings ...string) {
	for _, w := range warnings {
		h.say(out, Message{Plugin: plugin, Level: protocol.LevelWarning, Text: w, ByHost: true})
	}
}

// notified returns what passes on the notifications of a call: what log says
// (NTF-6). Other notifications are for later versions to know, and one without
// a message says nothing (NTF-5).
func (h *Host) notified(out *Outcome, plugin string) func(*protocol.Notification) {
	return func(n *protocol.Notification) {
		if m, ok := logged(plugin, n); ok {
			h.say(out, m)
		}
	}
}

// logged returns what a log notification says.
func logged(plugin string, n *protocol.Notification) (Message, bool) {
	var p protocol.LogParams
	if n.Method != protocol.NoteLog {
		return Message{}, false
	}
	_ = json.Unmarshal(n.Params, &p) // reads on after a field of the wrong type
	return Message{Plugin: plugin, Level: protocol.KnownLevel(p.Level), Text: p.Message}, p.Message != ""
}

// passOn passes on the messages in a result (MOD-8).
func (h *Host) passOn(out *Outcome, plugin string, messages []protocol.PluginMessage) {
	for _, m := range messages {
		h.say(out, Message{Plugin: plugin, Level: m.Level, Pointer: m.Pointer, Text: m.Message})
	}
}
