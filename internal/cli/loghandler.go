package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/natesales/pathvector-plugin/protocol"
)

// logHandler makes events of what package host logs.
type logHandler struct {
	report *reporter
	attrs  []slog.Attr
	groups []string // that are open: what is added goes into the innermost
}

func (h logHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.report.shows(levelName(level))
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, name := range slices.Backward(h.groups) {
		attrs = []slog.Attr{{Key: name, Value: slog.GroupValue(attrs...)}}
	}
	h.attrs = append(slices.Clip(h.attrs), attrs...)
	return h
}

func (h logHandler) WithGroup(name string) slog.Handler {
	h.groups = append(slices.Clip(h.groups), name)
	return h
}

// Handle passes an event on. With --strict, what the host noticed about a
// plugin is an error, see strictly.
func (h logHandler) Handle(_ context.Context, record slog.Record) error {
	e := event{Level: levelName(record.Level), Message: record.Message}
	var added []slog.Attr
	for a := range record.Attrs {
		added = append(added, a)
	}
	byHost := false
	for _, a := range h.WithAttrs(added).(logHandler).attrs {
		switch a.Key {
		case "plugin":
			e.Plugin = a.Value.String()
		case "pointer":
			e.Pointer = a.Value.String()
		case "by":
			byHost = true
		case "fields":
			e.Fields = append(e.Fields, a.Value.Group()...)
		}
	}
	if !h.report.strict || !byHost {
		h.report.emit(e)
	}
	return nil
}

func levelName(level slog.Level) string {
	switch {
	case level < slog.LevelInfo:
		return protocol.LevelDebug
	case level < slog.LevelWarn:
		return protocol.LevelInfo
	case level < slog.LevelError:
		return protocol.LevelWarning
	}
	return protocol.LevelError
}

// fields are what a plugin adds to a message, in its order.
type fields []slog.Attr

// MarshalJSON writes an object.
func (f fields) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, a := range f {
		key, err := protocol.EncodeParams(a.Key)
		if err != nil {
			return nil, err
		}
		value, err := protocol.EncodeParams(a.Value.Any())
		if err != nil {
			return nil, err
		}
		b.WriteByte("{,"[min(i, 1)])
		b.Write(append(append(key, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// text returns " key=value" for each field. A value that would not read as one
// word is quoted.
func (f fields) text() string {
	var b strings.Builder
	for _, a := range f {
		b.WriteString(" " + word(a.Key) + "=")
		switch v := a.Value.Any().(type) {
		case json.RawMessage:
			b.Write(v)
		case nil:
			b.WriteString("null")
		default:
			b.WriteString(word(a.Value.String()))
		}
	}
	return b.String()
}

func word(s string) string {
	odd := func(r rune) bool { return r == '"' || r == '=' || unicode.IsSpace(r) }
	if s == "" || strings.ContainsFunc(s, odd) {
		return strconv.Quote(s)
	}
	return s
}
