package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decoded is what encoding/json reads, token by token.
func decoded(data []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := decodedValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the value")
	}
	return v, nil
}

func decodedValue(d *json.Decoder) (Value, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := &Object{}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodedValue(d)
			if err != nil {
				return nil, err
			}
			o.Set(k.(string), v)
		}
		_, err := d.Token()
		return o, err
	case json.Delim('['):
		a := []Value{}
		for d.More() {
			v, err := decodedValue(d)
			if err != nil {
				return nil, err
			}
			a = append(a, v)
		}
		_, err := d.Token()
		return a, err
	}
	return t, nil
}

// FuzzParse compares Parse with encoding/json, and what Append writes with what
// was read.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"z":1,"a":{"y":[1,{"k":null}],"b":2},"m":[],"z":2}`, ` [ true , false , null , "" ] `, `-0.5e+10`, `01`, `1.`, `-`, `1e`, `.5`, `+1`,
		`"é 漢 \n \/ \u00e9 \ud83d\ude00 \ud83d x \u0000"`, "\"\xff\"", "\"a\xc3\"", "\"\x01\"", "\"\x7f\"", `"\x"`, `"\u12g4"`, `"\"`, `"a`,
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"a":10}`, "{\"\xff\":1,\"\xfe\":2}", `{"\u0061":1,"a":2}`,
		`{,}`, `{"a":1,}`, `[1,]`, `[,1]`, `[1 2]`, `{"a" 1}`, `{"a":}`, `{1:2}`, `tru`, `nulL`, `truex`, "\ufeff1", `1 2`, `[]]`, "1\x00", "\v1",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want, refused := decoded(data)
		got, err := Parse(data)
		if refused != nil || err != nil {
			if bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) < maxDepth {
				require.Equal(t, refused != nil, err != nil, "%q: %v, %v", data, refused, err)
			}
			return
		}
		text := Append(nil, want)
		require.Equal(t, string(text), string(Append(nil, got)))
		require.True(t, json.Valid(text), "%q", text)
		again, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, string(text), string(Append(nil, again)))
	})
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":x}`: `expected a value at byte 11, got 'x'`,
		`{"a":1 "b":2}`: `expected , at byte 7, got '"'`,
		`{"a";1}`:       `expected : at byte 4, got ';'`,
		`{a:1}`:         `expected a key at byte 1, got 'a'`,
		`[trap]`:        `expected true at byte 3, got 'a'`,
		`-x`:            `expected a digit at byte 1, got 'x'`,
		"[\"a\nb\"]":    `expected no control character in a string at byte 3, got '\n'`,
		`[1] 2`:         `text after the JSON value at byte 4`,
		`["a\x"]`:       `the string at byte 1: invalid character 'x' in string escape code`,
	} {
		_, err := Parse([]byte(text))
		assert.EqualError(t, err, want, text)
	}
}
