package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// view is a configuration of about size bytes, like the ones that routers have.
func view(size int) []byte {
	var b strings.Builder
	b.WriteString(`{"asn":65530,"router-id":"192.0.2.1","peers":{`)
	for i := 0; b.Len() < size-200; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"Peer \"%d\" – Example":{"asn":%d,"neighbors":["192.0.2.%d","2001:db8::%x"],"tags":["ixp","rs"],"import":true,"pre-import":"if (net ~ [ 10.0.0.0/8 ]) then {\n  reject;\n}"}`,
			i, 64512+i, i%256, i)
	}
	b.WriteString("}}")
	return []byte(b.String())
}

func BenchmarkValidate(b *testing.B) {
	text := view(1_700_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := Validate(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJSONValid is what Validate is compared with: it checks less.
func BenchmarkJSONValid(b *testing.B) {
	text := view(1_700_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if !json.Valid(text) {
			b.Fatal("not valid")
		}
	}
}

func BenchmarkEncodeParams(b *testing.B) {
	text := view(1_700_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := EncodeParams(ModifyParams{Protocol: 1, Config: text, Options: json.RawMessage("{}")}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadLine(b *testing.B) {
	text := append(view(1_700_000), '\n')
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := NewReader(bytes.NewReader(text), 0).ReadLine(); err != nil {
			b.Fatal(err)
		}
	}
}
