package sdk_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/spec"
)

// FuzzServe sends anything to a plugin that is kept running. It must come to
// its end, write messages and nothing else, and answer each request once, by
// its id (MSG-3, MSG-4, MSG-7).
func FuzzServe(f *testing.F) {
	for _, d := range dialogues(f) {
		var text []byte
		for _, s := range d.Steps {
			if s.Host {
				text = append(text, s.Text...)
			}
		}
		f.Add(text)
	}
	f.Add([]byte(asking("1", "wait") + cancelling("1") + asking(`"1"`, "ask") + `{"jsonrpc":"2.0","id":"a1","result":{"found":true}}` + "\n"))
	f.Add([]byte(asking("1", "ask") + strings.Repeat("\n", 3) + "[]\n" + asking("1", "panic") + "{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := kept(func(ctx context.Context, c *keptCall) (sdk.Result, error) {
			switch c.Options.Do {
			case "wait":
				<-ctx.Done()
			case "panic":
				panic(c.Options.Do)
			case "ask":
				c.Log().Info("asking", "pointer", "/asn")
				_, err := c.Get(ctx, "/asn", nil)
				return sdk.Result{}, err
			}
			return sdk.Merge(c.View), nil
		})
		p.SetPatience(time.Millisecond, time.Minute, time.Minute, time.Minute)
		var out, stderr bytes.Buffer
		code := p.Run(context.Background(), []string{"serve"}, bytes.NewReader(text), &out, &stderr)
		wanted, whole := requestsIn(text)
		assert.Equal(t, whole, code == 0, "exit status %d", code)
		assert.Equal(t, wanted, answersIn(t, out.Bytes()))
	})
}

// requestsIn counts the ids that are to be answered; what is no message has
// the id null (MSG-10). Whole says that the text does not end within a line.
func requestsIn(text []byte) (ids map[string]int, whole bool) {
	ids = map[string]int{}
	for r := protocol.NewReader(bytes.NewReader(text), 0); ; {
		line, err := r.ReadLine()
		if err != nil && len(text) > 0 && text[len(text)-1] != '\n' {
			ids["null"]++
			return ids, false
		}
		if err != nil {
			return ids, true
		}
		message, err := protocol.ParseMessage(line)
		if request, ok := message.(*protocol.Request); ok {
			ids[string(request.ID)]++
		} else if err != nil {
			ids["null"]++
		}
	}
}

func answersIn(t *testing.T, out []byte) map[string]int {
	ids := map[string]int{}
	for line := range bytes.Lines(out) {
		message, err := protocol.ParseMessage(bytes.TrimSuffix(line, []byte("\n")))
		require.NoError(t, err, "%q", line)
		switch m := message.(type) {
		case *protocol.Response:
			ids[string(m.ID)]++
		case *protocol.Notification:
			assert.NoError(t, spec.Validate("log", line))
		case *protocol.Request:
			assert.NoError(t, spec.Validate("config-get-request", line))
		}
	}
	return ids
}
