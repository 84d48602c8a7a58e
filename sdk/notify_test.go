package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// told runs f in a call and returns what the plugin wrote before its answer.
func told(t *testing.T, f func(c *keptCall)) []string {
	t.Helper()
	out, _, code := ask(t, kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
		f(c)
		return sdk.Result{}, nil
	}), asking("7", ""), "modify")
	assert.Zero(t, code)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	last := len(lines) - 1
	assert.Equal(t, answered("7"), lines[last])
	return lines[:last]
}

type secret string

func (s secret) LogValue() slog.Value { return slog.StringValue("***") }

type broken1 struct{}

func (broken1) MarshalJSON() ([]byte, error) { return []byte(`{"a":1,"a":2}`), nil }

// NTF-2, NTF-4: levels, fields and groups, each as JSON has it.
func TestLog(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, test := range map[string]struct {
		log  func(l *slog.Logger)
		want string
	}{
		"plain":       {func(l *slog.Logger) { l.Info("a <b>") }, `"level":"info","message":"a <b>"`},
		"debug":       {func(l *slog.Logger) { l.Debug("a") }, `"level":"debug","message":"a"`},
		"warning":     {func(l *slog.Logger) { l.Warn("a") }, `"level":"warning","message":"a"`},
		"error":       {func(l *slog.Logger) { l.Error("a") }, `"level":"error","message":"a"`},
		"between":     {func(l *slog.Logger) { l.Log(context.Background(), slog.LevelWarn-1, "a") }, `"level":"info","message":"a"`},
		"far below":   {func(l *slog.Logger) { l.Log(context.Background(), -100, "a") }, `"level":"debug","message":"a"`},
		"far above":   {func(l *slog.Logger) { l.Log(context.Background(), 100, "a") }, `"level":"error","message":"a"`},
		"no text":     {func(l *slog.Logger) { l.Info("") }, `"level":"info","message":"(no message)"`},
		"lines, NUL":  {func(l *slog.Logger) { l.Info("a\nb\x00") }, `"level":"info","message":"a\nb` + "\uFFFD" + `"`},
		"no UTF-8":    {func(l *slog.Logger) { l.Info("a\xff") }, `"level":"info","message":"a\ufffd"`},
		"fields":      {func(l *slog.Logger) { l.Info("a", "s", "x", "n", 1, "f", 1.5, "b", true, "u", uint64(math.MaxUint64)) }, `"level":"info","message":"a","fields":{"b":true,"f":1.5,"n":1,"s":"x","u":18446744073709551615}`},
		"times":       {func(l *slog.Logger) { l.Info("a", "d", time.Minute, "t", when) }, `"level":"info","message":"a","fields":{"d":"1m0s","t":"2026-01-02T03:04:05Z"}`},
		"an error":    {func(l *slog.Logger) { l.Info("a", "err", errors.New("no")) }, `"level":"info","message":"a","fields":{"err":"no"}`},
		"values":      {func(l *slog.Logger) { l.Info("a", "v", []any{1, map[string]int{"k": 2}}, "z", nil) }, `"level":"info","message":"a","fields":{"v":[1,{"k":2}],"z":null}`},
		"no JSON":     {func(l *slog.Logger) { l.Info("a", "c", complex(1, 2), "f", math.Inf(1)) }, `"level":"info","message":"a","fields":{"c":"(1+2i)","f":"+Inf"}`},
		"LogValuer":   {func(l *slog.Logger) { l.Info("a", "p", secret("x")) }, `"level":"info","message":"a","fields":{"p":"***"}`},
		"groups":      {func(l *slog.Logger) { l.Info("a", slog.Group("g", "k", 1, slog.Group("h", "k", 2))) }, `"level":"info","message":"a","fields":{"g":{"h":{"k":2},"k":1}}`},
		"inline":      {func(l *slog.Logger) { l.Info("a", slog.Group("", "k", 1)) }, `"level":"info","message":"a","fields":{"k":1}`},
		"empty group": {func(l *slog.Logger) { l.Info("a", "k", 1, slog.Group("g", slog.Group("h"))) }, `"level":"info","message":"a","fields":{"k":1}`},
		"empty With":  {func(l *slog.Logger) { l.With(slog.Group("g", slog.Group("h"))).WithGroup("i").Info("a") }, `"level":"info","message":"a"`},
		"no attr":     {func(l *slog.Logger) { l.Info("a", slog.Attr{}) }, `"level":"info","message":"a"`},
		"With":        {func(l *slog.Logger) { l.With("s", 1).With("k", 2).Info("a", "k", 3) }, `"level":"info","message":"a","fields":{"k":3,"s":1}`},
		"WithGroup": {func(l *slog.Logger) {
			l.With("s", 1).WithGroup("g").With("k", 2).WithGroup("h").WithGroup("").Info("a", "k", 3)
		}, `"level":"info","message":"a","fields":{"g":{"h":{"k":3},"k":2},"s":1}`},
		"NUL": {func(l *slog.Logger) { l.Info("a", "k", "x\x00") }, `"level":"info","message":"a","fields":{"k":"x` + "\uFFFD" + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			lines := told(t, func(c *keptCall) { test.log(c.Log()) })
			require.Len(t, lines, 1)
			assert.Equal(t, `{"jsonrpc":"2.0","method":"log","params":{"request":7,`+test.want+`}}`, lines[0])
			assert.NoError(t, spec.Validate("log", []byte(lines[0])))
		})
	}
}

// Two loggers made of one do not write over each other's fields.
func TestLogShared(t *testing.T) {
	lines := told(t, func(c *keptCall) {
		base := c.Log().With("a", 1, "b", 2, "c", 3)
		x, y := base.With("x", 1), base.With("y", 1)
		x.Info("x")
		y.Info("y")
	})
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], `"fields":{"a":1,"b":2,"c":3,"x":1}`)
	assert.Contains(t, lines[1], `"fields":{"a":1,"b":2,"c":3,"y":1}`)
}

// What would break the protocol (FRM-4, FRM-5, FRM-6) is left out, and the text
// is sent.
func TestLogUnsendable(t *testing.T) {
	deep := any(1)
	for range 1100 {
		deep = []any{deep}
	}
	for name, value := range map[string]any{
		"a NUL deep inside": map[string]string{"k": "\x00"},
		"a key twice":       broken1{},
		"too deep":          deep,
	} {
		t.Run(name, func(t *testing.T) {
			lines := told(t, func(c *keptCall) { c.Log().Info("a", "k", 1, "v", value) })
			require.Len(t, lines, 1)
			assert.Contains(t, lines[0], `"message":"a","fields":{"fieldsLeftOut":"expected `)
			assert.NoError(t, spec.Validate("log", []byte(lines[0])))
		})
	}
}

// NTF-3: what is no number to send is left out, and a loop does not flood.
func TestProgress(t *testing.T) {
	for _, test := range []struct {
		done, total float64
		message     string
		want        string
	}{
		{1, 2, "reading", `"message":"reading","done":1,"total":2`},
		{0, 2, "", `"total":2`},
		{3, 0, "", `"done":3`},
		{-1, math.Inf(1), "a\x00", `"message":"a` + "\uFFFD" + `"`},
		{math.NaN(), -1, "x", `"message":"x"`},
	} {
		lines := told(t, func(c *keptCall) { c.Progress(test.done, test.total, test.message) })
		require.Len(t, lines, 1)
		assert.Equal(t, `{"jsonrpc":"2.0","method":"progress","params":{"request":7,`+test.want+`}}`, lines[0])
		assert.NoError(t, spec.Validate("progress", []byte(lines[0])))
	}
	start := time.Now()
	lines := told(t, func(c *keptCall) {
		for i := range 100_000 {
			c.Progress(float64(i), 99_999, "")
		}
		c.Progress(99_999, 99_999, "again")
	})
	assert.LessOrEqual(t, len(lines), 3+int(time.Since(start)/(50*time.Millisecond)))
	assert.Contains(t, lines[0], `{"request":7,"total":99999}`)
	assert.Contains(t, lines[len(lines)-1], `"done":99999,"total":99999`)
}

// MSG-13: what a function says after its answer, from a goroutine it left
// behind, is not sent.
func TestNothingAfterTheAnswer(t *testing.T) {
	var left *keptCall
	h := served(t, kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
		left = c
		return sdk.Result{}, nil
	}), "serve")
	h.write(t, asking("1", ""))
	assert.Equal(t, answered("1"), h.read(t))
	left.Log().Info("late")
	left.Progress(1, 1, "late")
	_, err := left.Get(t.Context(), "/asn", nil)
	require.EqualError(t, err, "the call is over, so the host does not answer any more")
	assert.Zero(t, h.end(t))
	assert.Empty(t, h.rest(t))
}

// A function can be tested with a Call that no host made.
func TestCallOfATest(t *testing.T) {
	c := &keptCall{}
	c.View = map[string]any{"asn": json.Number("65000")}
	c.Log().Info("nobody hears this")
	c.Progress(1, 2, "nor this")
	var asn uint32
	found, err := c.Get(t.Context(), "/asn", &asn)
	require.NoError(t, err)
	assert.True(t, found)
	assert.EqualValues(t, 65000, asn)
}
