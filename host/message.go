package host

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/protocol"
)

// Message is something to tell the operator: from a plugin, or by the host
// about it.
type Message struct {
	Plugin  string
	Level   string // debug, info, warning or error
	Pointer string // what it is about; may be empty
	Text    string
	Fields  *tree.Object // what a log notification has besides; nil for nothing
	ByHost  bool         // what the host noticed, not what the plugin said
}

// maxShown is how many bytes of one text of a plugin's are shown: a line of
// stderr, a message, an error.
const maxShown = 4 << 10

const cutMark = " … (cut)"

// cut shortens what a plugin says to what is shown of it.
func cut(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return string(wholeRunes([]byte(text[:maxShown]))) + cutMark
}

// say tells the operator, at once and in the outcome.
func (h *Host) say(out *Outcome, m Message) {
	out.Messages = append(out.Messages, m)
	h.log(m)
}

func (h *Host) log(m Message) {
	if h.Log != nil {
		h.Log.LogAttrs(context.Background(), m.level(), m.Text, m.attrs()...)
	}
}

func (m Message) level() slog.Level {
	switch m.Level {
	case protocol.LevelDebug:
		return slog.LevelDebug
	case protocol.LevelWarning:
		return slog.LevelWarn
	case protocol.LevelError:
		return slog.LevelError
	}
	return slog.LevelInfo
}

// attrs are the attributes of the message in a log. The plugin's own fields
// are in a group, so that none of them is mistaken for one of the host's.
func (m Message) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("plugin", m.Plugin)}
	if m.Pointer != "" {
		attrs = append(attrs, slog.String("pointer", m.Pointer))
	}
	if m.ByHost {
		attrs = append(attrs, slog.String("by", "host"))
	}
	if m.Fields == nil {
		return attrs
	}
	var fields []slog.Attr
	for key, v := range m.Fields.All() {
		fields = append(fields, slog.Attr{Key: key, Value: logValue(v)})
	}
	return append(attrs, slog.Attr{Key: "fields", Value: slog.GroupValue(fields...)})
}

// logValue keeps lists, objects and numbers as JSON: so every handler writes
// them whole, and in their order.
func logValue(v tree.Value) slog.Value {
	switch v := v.(type) {
	case []tree.Value, *tree.Object:
		return slog.AnyValue(json.RawMessage(tree.Append(nil, v)))
	case string:
		return slog.StringValue(v)
	case bool:
		return slog.BoolValue(v)
	}
	return slog.AnyValue(v) // a json.Number, or null
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

// LogNotification logs what a log notification says (NTF-6), and reports whether
// it is one that says something. It is for whoever makes calls with Call.
func (h *Host) LogNotification(plugin string, n *protocol.Notification) bool {
	m, ok := logged(plugin, n)
	if ok {
		h.log(m)
	}
	return ok
}

// logged returns what a log notification says.
func logged(plugin string, n *protocol.Notification) (Message, bool) {
	var p protocol.LogParams
	if n.Method != protocol.NoteLog {
		return Message{}, false
	}
	_ = json.Unmarshal(n.Params, &p) // reads on after a field of the wrong type
	return Message{Plugin: plugin, Level: protocol.KnownLevel(p.Level), Text: cut(p.Message), Fields: fieldsOf(p.Fields)}, p.Message != ""
}

// fieldsOf reads the fields of a log notification; nil if there are none, or
// if they are no object (NTF-5).
func fieldsOf(raw json.RawMessage) *tree.Object {
	v, err := tree.Parse(raw)
	if fields, ok := v.(*tree.Object); err == nil && ok && fields.Len() > 0 {
		return fields
	}
	return nil
}

// passOn passes on the messages in a result (MOD-8), 1 MiB of them at most.
func (h *Host) passOn(out *Outcome, plugin string, messages []protocol.PluginMessage) {
	const limit = 1 << 20
	size := 0
	for i, m := range messages {
		said := Message{Plugin: plugin, Level: m.Level, Pointer: cut(m.Pointer), Text: cut(m.Message)}
		if size += len(said.Text) + len(said.Pointer) + 1; size > limit {
			h.warn(out, plugin, fmt.Sprintf("sent %d messages more than are passed on", len(messages)-i))
			return
		}
		h.say(out, said)
	}
}
