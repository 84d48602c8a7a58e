package conn

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"
)

// BenchmarkCall measures a call with a payload of that size in both
// directions, beside a bare loop that writes and reads the same lines, in turn
// in the same run: x-bare is how many times as long the call takes.
func BenchmarkCall(b *testing.B) {
	for _, size := range []int{64, 1_700_000} {
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			params := peers(size)
			bareIn, bareOut := echo(b)
			defer bareOut.Close()
			line := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":1,"method":"echo","params":%s}`+"\n", params)
			lines := bufio.NewReaderSize(bareIn, 64<<10)

			in, out := echo(b)
			c := New(in, out, Options{KeptRunning: true})
			defer c.Close()
			var bare, call time.Duration
			for b.Loop() {
				start := time.Now()
				go bareOut.Write(line)
				if _, err := lines.ReadBytes('\n'); err != nil {
					b.Fatal(err)
				}
				between := time.Now()
				if _, err := c.Call(b.Context(), Call{Method: "echo", Params: params}); err != nil {
					b.Fatal(err)
				}
				bare += between.Sub(start)
				call += time.Since(between)
			}
			b.ReportMetric(float64(call)/float64(bare), "x-bare")
			b.ReportMetric(float64(call.Microseconds())/float64(b.N), "µs/call")
		})
	}
}

// peers is a JSON object of about size bytes, such as a configuration is.
func peers(size int) json.RawMessage {
	b := []byte(`{"peers":{`)
	for i := 0; i == 0 || len(b) < size; i++ {
		b = fmt.Appendf(b, `"Peer %d":{"asn":%d,"neighbors":["192.0.2.%d","2001:db8::%x"],"import":true},`, i, 64512+i, i%256, i)
	}
	return append(b[:len(b)-1], "}}"...)
}

// echo is a plugin that answers with the params it was sent, the fastest way:
// it relies on the form of requests (MSG-2).
func echo(b *testing.B) (*os.File, *os.File) {
	inR, inW, err1 := os.Pipe()
	outR, outW, err2 := os.Pipe()
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	go func() {
		defer outW.Close()
		defer inR.Close()
		in := bufio.NewReaderSize(inR, 64<<10)
		for {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			_, _ = outW.Write(answer(line))
		}
	}()
	return outR, inW
}

func answer(request []byte) []byte {
	id, rest, _ := bytes.Cut(request[len(`{"jsonrpc":"2.0","id":`):], []byte(","))
	_, params, _ := bytes.Cut(rest, []byte(`"params":`))
	return append(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"result":`, id), params...)
}
