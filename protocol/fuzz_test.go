package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// recorded returns what plugins and hosts wrote in the transcripts, without
// the long ones: a fuzzer takes forever to cut them down.
func recorded(f *testing.F) [][]byte {
	f.Helper()
	all, err := spec.Transcripts()
	require.NoError(f, err)
	require.NotEmpty(f, all)
	var texts [][]byte
	for _, t := range all {
		for _, text := range [][]byte{t.Request, t.Answer} {
			if len(text) < 8<<10 {
				texts = append(texts, text)
			}
		}
	}
	require.NotEmpty(f, texts)
	return texts
}

func recordedLines(f *testing.F) {
	f.Helper()
	for _, text := range recorded(f) {
		for line := range bytes.Lines(text) {
			f.Add(bytes.TrimSuffix(line, []byte("\n")))
		}
	}
}

// What comes out, joined, is what went in, and no line passes the limit.
func FuzzReadLine(f *testing.F) {
	for _, text := range recorded(f) {
		f.Add(text, 100, false)
	}
	for _, text := range []string{"", "\n", "\r\n", "a\r\r\n\nb", "\r", "12345\n123456\n"} {
		f.Add([]byte(text), 5, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, limit int, slow bool) {
		limit = 1 + int(uint(limit)%1000)
		r := io.Reader(bytes.NewReader(text))
		if slow {
			r = iotest.OneByteReader(r)
		}
		checkLines(t, text, limit, NewReader(r, limit))
	})
}

func checkLines(t *testing.T, text []byte, limit int, in *Reader) {
	for {
		line, err := in.ReadLine()
		rest, whole := cutLine(text)
		switch {
		case err == nil:
			require.True(t, whole)
			require.LessOrEqual(t, len(rest), limit)
			require.Equal(t, string(bytes.TrimSuffix(rest, []byte("\r"))), string(line))
			text = text[len(rest)+1:]
			continue
		case errors.Is(err, io.EOF):
			require.Empty(t, text)
			return
		}
		var v *Violation
		require.ErrorAs(t, err, &v)
		require.NotEmpty(t, v.Error())
		if v.Kind == TooLong {
			require.Greater(t, len(rest), limit)
			return
		}
		require.Equal(t, Unterminated, v.Kind)
		require.False(t, whole)
		require.NotEmpty(t, rest)
		return
	}
}

func cutLine(text []byte) ([]byte, bool) {
	line, _, whole := bytes.Cut(text, []byte("\n"))
	return line, whole
}

// Accepting means that the text is JSON in UTF-8; refusing JSON in UTF-8
// has one of the reasons that JSON does not know.
func FuzzValidate(f *testing.F) {
	recordedLines(f)
	for _, text := range []string{`{"a":1,"\u0061":2}`, `"\ud800"`, `"\ud83d\ude00"`, "[[[[]]]]", "-0.1e+5", "\x00", "\xff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		err := Validate(text)
		sound := json.Valid(text) && utf8.Valid(text)
		if err == nil {
			require.True(t, sound, "%q", text)
			return
		}
		var v *Violation
		require.ErrorAs(t, err, &v)
		require.NotEmpty(t, v.Error())
		if sound {
			require.Contains(t, []Kind{InvalidUTF8, NULByte, DuplicateKey, TooDeep}, v.Kind, "%q", text)
		}
	})
}

// What is accepted is JSON for encoding/json too, and written again it has the
// same id and payload, byte for byte.
func FuzzParseMessage(f *testing.F) {
	recordedLines(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := ParseMessage(line)
		if err != nil {
			var v *Violation
			require.ErrorAs(t, err, &v)
			require.NotEmpty(t, v.Error())
			require.Nil(t, m)
			return
		}
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(line, &members))
		checkParts(t, m, members)
		again, err := ParseMessage(AppendMessage(nil, m))
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

// checkParts compares the parts with what encoding/json reads.
func checkParts(t *testing.T, m Message, members map[string]json.RawMessage) {
	equal := func(key string, got json.RawMessage) {
		require.Equal(t, string(members[key]), string(got), key)
	}
	var method string
	switch m := m.(type) {
	case *Request:
		equal("id", m.ID)
		equal("params", m.Params)
		method = m.Method
	case *Notification:
		require.NotContains(t, members, "id")
		equal("params", m.Params)
		method = m.Method
	case *Response:
		equal("id", m.ID)
		equal("result", m.Result)
		return
	}
	var want string
	require.NoError(t, json.Unmarshal(members["method"], &want))
	require.Equal(t, want, method)
}
