package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// logHandler sends what is logged to the host (rule NTF-2).
type logHandler struct {
	job    *job
	fields []field // set by With, in their groups
	groups []string
}

// field is an attribute and the groups it is in.
type field struct {
	groups []string
	attr   slog.Attr
}

// Enabled: the host decides what is shown.
func (h *logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	groups := append(h.groups[:len(h.groups):len(h.groups)], name)
	return &logHandler{job: h.job, fields: h.fields, groups: groups}
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	fields := h.fields[:len(h.fields):len(h.fields)]
	for _, a := range attrs {
		fields = append(fields, field{h.groups, a})
	}
	return &logHandler{job: h.job, fields: fields, groups: h.groups}
}

// Handle sends the record. Fields that a message cannot hold, a NUL for
// example, are left out; the text is sent anyway.
func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	fields := object{}
	for _, f := range h.fields {
		fields.in(f.groups).add(f.attr)
	}
	r.Attrs(func(a slog.Attr) bool {
		fields.in(h.groups).add(a)
		return true
	})
	p := protocol.LogParams{Request: h.job.request.ID, Level: levelName(r.Level), Message: messageText(r.Message)}
	if len(fields.withoutEmpty()) == 0 {
		return h.job.notify(protocol.NoteLog, p)
	}
	var err error
	if p.Fields, err = protocol.EncodeParams(fields); err == nil {
		err = h.job.notify(protocol.NoteLog, p)
	}
	if err != nil {
		p.Fields, _ = protocol.EncodeParams(object{"fieldsLeftOut": messageText(err.Error())})
		return h.job.notify(protocol.NoteLog, p)
	}
	return nil
}

func levelName(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return protocol.LevelDebug
	case l < slog.LevelWarn:
		return protocol.LevelInfo
	case l < slog.LevelError:
		return protocol.LevelWarning
	}
	return protocol.LevelError
}

// messageText is the text as a message may hold it: not empty, and without NUL.
func messageText(s string) string {
	if s == "" {
		return "(no message)"
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// object is a JSON object that is put together.
type object map[string]any

// in is the object at the end of the groups.
func (o object) in(groups []string) object {
	for _, name := range groups {
		inner, ok := o[name].(object)
		if !ok {
			inner = object{}
			o[name] = inner
		}
		o = inner
	}
	return o
}

func (o object) add(a slog.Attr) {
	v := a.Value.Resolve()
	switch {
	case v.Kind() == slog.KindGroup:
		to := o
		if a.Key != "" {
			to = o.in([]string{a.Key})
		}
		for _, inner := range v.Group() {
			to.add(inner)
		}
	case a.Key != "" || v.Kind() != slog.KindAny || v.Any() != nil: // the zero Attr is none
		o[a.Key] = plainValue(v)
	}
}

// withoutEmpty leaves groups out that hold nothing, as slog has it.
func (o object) withoutEmpty() object {
	for key, value := range o {
		if inner, ok := value.(object); ok && len(inner.withoutEmpty()) == 0 {
			delete(o, key)
		}
	}
	return o
}

// plainValue is the value as JSON has it. What has no JSON is told in words.
func plainValue(v slog.Value) any {
	switch v.Kind() {
	case slog.KindString:
		return strings.ReplaceAll(v.String(), "\x00", "\uFFFD")
	case slog.KindDuration:
		return v.Duration().String()
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			if _, own := v.Any().(json.Marshaler); !own {
				return messageText(err.Error())
			}
		}
	}
	text, err := protocol.EncodeParams(v.Any())
	if err != nil {
		return messageText(fmt.Sprintf("%+v", v.Any()))
	}
	return text
}
