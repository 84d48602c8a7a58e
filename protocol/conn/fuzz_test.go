package conn

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// keptLines are what a plugin that is kept running may write, and a little of
// what it may not.
const keptLines = `{"jsonrpc":"2.0","id":3,"result":3}
{"jsonrpc":"2.0","method":"log","params":{"request":2,"level":"info","message":"x"}}
{"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":2,"pointer":"/asn"}}
{"jsonrpc":"2.0","id":"b","method":"config.get","params":{"request":3,"pointer":"/asn"}}
{"jsonrpc":"2.0","id":"c","method":"config.set","params":{"request":1}}
{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}
{"jsonrpc":"2.0","method":"changed"}
{"jsonrpc":"2.0","id":2,"result":{"merge":{}}}
`

// FuzzKeptRunning has a plugin write anything while three calls wait, of which
// one is cancelled in between: each of them ends, with an answer to it or an
// error that says why, and so do the connection and its goroutines.
func FuzzKeptRunning(f *testing.F) {
	all, err := spec.Transcripts()
	require.NoError(f, err)
	require.NotEmpty(f, all)
	for _, t := range all {
		if len(t.Answer) < 8<<10 {
			f.Add(t.Answer, uint8(1))
			f.Add(bytes.ReplaceAll(t.Answer, []byte(`"id":1`), []byte(`"id":2`)), uint8(200))
		}
	}
	for _, end := range []string{"", "null", `{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}` + "\n"} {
		f.Add([]byte(keptLines+end), uint8(3))
	}
	f.Fuzz(func(t *testing.T, written []byte, cancelAfter uint8) {
		c, ended := fuzzed(t, written)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var calls sync.WaitGroup
		for i := range 3 {
			calls.Go(func() { fuzzCall(t, c, ctx, i == 0) })
		}
		if cancelAfter < 128 {
			time.Sleep(time.Duration(cancelAfter) * time.Microsecond)
			cancel()
		}
		calls.Wait()
		wait(t, c.Done())
		requireNamed(t, c.Err(), true)
		require.NoError(t, c.Close())
		wait(t, ended)
	})
}

// fuzzed is a connection to a plugin that reads everything and writes what it
// is given once it has been called.
func fuzzed(t *testing.T, written []byte) (*Conn, <-chan struct{}) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var reading sync.WaitGroup
		in := bufio.NewReader(inR)
		_, _ = in.ReadString('\n')
		reading.Go(func() { _, _ = io.Copy(io.Discard, in) })
		_, _ = outW.Write(written)
		_ = outW.Close()
		reading.Wait()
	}()
	return New(outR, inW, Options{KeptRunning: true, Grace: patience, Limit: 1 << 16}), ended
}

// fuzzCall makes one call.
func fuzzCall(t *testing.T, c *Conn, ctx context.Context, cancelled bool) {
	if !cancelled {
		ctx = context.WithoutCancel(ctx)
	}
	over := false // no note and no question belongs to a call that has returned
	var mu sync.Mutex
	checkTime := func() {
		mu.Lock()
		defer mu.Unlock()
		if over && !cancelled {
			t.Error("something belongs to a call that is over")
		}
	}
	result, err := c.Call(ctx, Call{
		Method: "modify",
		Notify: func(*protocol.Notification) { checkTime() },
		Ask: func(r *protocol.Request) (json.RawMessage, error) {
			checkTime()
			return answerAsk(r)
		},
	})
	mu.Lock()
	over = true
	mu.Unlock()
	if err == nil {
		if !json.Valid(result) {
			t.Errorf("%q is no result", result)
		}
		return
	}
	if cancelled && errors.Is(err, context.Canceled) {
		return
	}
	if e := named(err, false); e != nil {
		t.Error(e)
	}
}

func requireNamed(t *testing.T, err error, atEnd bool) {
	if err != nil {
		require.NoError(t, named(err, atEnd))
	}
}

// named reports an error that does not say what the plugin did.
func named(err error, atEnd bool) error {
	var answered *protocol.Error
	var broke *protocol.Violation
	switch {
	case errors.As(err, &broke):
		if broke.Rule == "" || broke.Error() == "" || broke.Hint() == "" {
			return fmt.Errorf("%v says too little", broke)
		}
	case errors.As(err, &answered) && !atEnd:
	default:
		return fmt.Errorf("expected a violation, got %v", err)
	}
	return nil
}
