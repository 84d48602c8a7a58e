package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/sdk"
)

// large is a configuration that is not looked at for the envelope.
func large(more string) string {
	return `{"hostname":"` + strings.Repeat("x", 100_000) + `"` + more + `}`
}

// What is wrong with a large configuration is found by decoding it, and told as
// of any other line (MSG-2, FRM-12). White space behind the first colon makes it one.
func TestLargeConfiguration(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{large(``), `"result":{"merge":{}}`},
		{large(`,`), `"code":-32700`},
		{large(`,"a":nul`), `"code":-32700`},
		{large(`}`), `"code":-32700`},
		{large(`,"asn":"1"`), `"code":-32602,"message":"params.config/asn: expected an integer that fits, got string"`},
		{large(``) + `,"x":{}`, `"result":{"merge":{}}`}, // not as a host writes it
	} {
		p := &sdk.Plugin{Name: "large", Version: "1", Modify: sdk.Modify(
			func(_ context.Context, c *sdk.Call[struct{}, struct {
				Hostname string
				ASN      int `json:"asn"`
			}],
			) (sdk.Result, error) {
				assert.Len(t, c.View.Hostname, 100_000)
				return sdk.Result{}, nil
			})}
		line := modify(c.config, "{}") + "\n"
		fast, _, _ := ask(t, p, line, "modify")
		slow, _, _ := ask(t, p, strings.Replace(line, `"id":`, `"id": `, 1), "modify")
		assert.Contains(t, fast, c.want)
		assert.Contains(t, slow, c.want)
	}
}

// A view that is not to be decoded is the bytes as they came.
func TestRawView(t *testing.T) {
	for _, config := range []string{`{"b":1.0,"a":"\u0061"}`, large(`,"b":1.0`)} {
		p := &sdk.Plugin{Name: "raw", Version: "1", Modify: sdk.Modify(
			func(_ context.Context, c *sdk.Call[struct{}, json.RawMessage]) (sdk.Result, error) {
				assert.Equal(t, config, string(c.View))
				return sdk.Merge(map[string]int{"asn": 1}), nil
			})}
		out, _, _ := ask(t, p, modify(config, "{}")+"\n", "modify")
		assert.Equal(t, result(`{"merge":{"asn":1}}`)+"\n", out)
	}
}

// What a function has of its view stays as it is when later requests come, and
// what is read in their memory is theirs.
func TestViewsOfManyLargeRequests(t *testing.T) {
	const requests = 20
	type view struct {
		Hostname string
		Mine     json.RawMessage
	}
	var mu sync.Mutex
	var views []view
	p := &sdk.Plugin{Name: "large", Version: "1", KeptRunning: true, Modify: sdk.Modify(
		func(_ context.Context, c *sdk.Call[struct{}, view]) (sdk.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			views = append(views, c.View)
			return sdk.Merge(map[string]any{"mine": c.View.Mine}), nil
		})}
	var in strings.Builder
	for i := range requests {
		text := modify(large(fmt.Sprintf(`,"mine":{"number":%d}`, i)), "{}")
		in.WriteString(strings.Replace(text, `"id":1`, fmt.Sprintf(`"id":%d`, i+1), 1) + "\n")
	}
	out, _, _ := ask(t, p, in.String(), protocol.ArgServe)
	require.Len(t, views, requests)
	for i := range requests {
		assert.Contains(t, out, fmt.Sprintf(`"id":%d,"result":{"merge":{"mine":{"number":%d}}}`, i+1, i))
	}
	for _, v := range views {
		assert.True(t, v.Hostname == strings.Repeat("x", 100_000))
		assert.Regexp(t, `^{"number":[0-9]+}$`, string(v.Mine))
	}
}

// MSG-9: keys in any order are accepted, also behind a large configuration.
func TestKeysBehindALargeConfiguration(t *testing.T) {
	for _, params := range []string{
		`"protocol":1,"config":` + large("") + `,"options":{"do":"it"},"context":{"configDir":"/etc/pv"}`,
		`"config":` + large("") + `,"protocol":1,"context":{"configDir":"/etc/pv"},"options":{"do":"it"}`,
	} {
		p := kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
			return sdk.Merge(map[string]string{"hostname": c.Options.Do + c.Context.ConfigDir}), nil
		})
		out, _, _ := ask(t, p, `{"jsonrpc":"2.0","id":1,"method":"modify","params":{`+params+"}}\n", "modify")
		assert.Equal(t, result(`{"merge":{"hostname":"it/etc/pv"}}`)+"\n", out)
	}
}

// What a plugin appends to its view goes nowhere else, as into the id behind it.
func TestAppendToRawView(t *testing.T) {
	p := &sdk.Plugin{Name: "raw", Version: "1", Modify: sdk.Modify(
		func(_ context.Context, c *sdk.Call[struct{}, json.RawMessage]) (sdk.Result, error) {
			c.View = append(c.View, `        `...)
			return sdk.Merge(c.View), nil
		})}
	out, _, _ := ask(t, p, `{"jsonrpc":"2.0","method":"modify","params":{"protocol":1,"config":{}},"id":12345678}`+"\n", "modify")
	assert.Equal(t, `{"jsonrpc":"2.0","id":12345678,"result":{"merge":{}}}`+"\n", out)
}

// A function that ends its goroutine does not end the reading, be it quick or
// not.
func TestServeGoexit(t *testing.T) {
	p := kept(func(_ context.Context, c *keptCall) (sdk.Result, error) {
		if c.Options.Do == "slow" {
			time.Sleep(10 * time.Millisecond)
		}
		runtime.Goexit()
		return sdk.Result{}, nil
	})
	out, _, code := ask(t, p, asking("1", "quick")+asking("2", "slow")+asking("3", "quick"), protocol.ArgServe)
	assert.Zero(t, code)
	assert.Equal(t, 3, strings.Count(out, "the plugin's function ended its goroutine"))
}
