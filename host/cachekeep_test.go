//go:build linux

package host_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
)

// What came beside the answer would be missed if only the answer were kept.
func TestAnAnswerThatDoesNotComeAloneIsNotKept(t *testing.T) {
	for name, more := range map[string]string{
		"a warning":      "exit 3",
		"stderr":         "echo the inventory is a day old >&2",
		"a notification": "",
	} {
		t.Run(name, func(t *testing.T) {
			c := newCached(t)
			script := c.script(10, more)
			if more == "" {
				script = strings.Replace(script, "\necho '{", "\necho '"+`{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"hi"}}`+"'\necho '{", 1)
			}
			c.write(c.step.Plugin.Path, script)
			c.asked("10")
			c.asked("10")
			assert.Empty(t, c.entries())
		})
	}
}

// A failure is not kept, and an answer that breaks a rule is none.
func TestAFailureIsNotKept(t *testing.T) {
	for _, script := range []string{
		"exit 7",
		`echo '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}'`,
		`echo '{"jsonrpc":"2.0","id":1,"result":{"name":"other","version":"1","protocols":[1]}}'`,
		`echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"writes":["asn"]}}'`,
	} {
		c := newCached(t)
		c.write(c.step.Plugin.Path, "#!/bin/sh\n"+script+"\n")
		_, err := c.Describe(context.Background(), c.step)
		require.Error(t, err)
		assert.Empty(t, c.entries())
		c.install(20)
		c.asked("20")
	}
}

// DSC-7: what the host says of an answer is said each time, also of one that
// was kept.
func TestWarningsAboutAKeptAnswerStay(t *testing.T) {
	c := newCached(t)
	c.write(c.step.Plugin.Path, strings.Replace(c.script(10, ""), `"version"`, `"write":["/asn"],"reads":["/asn"],"options":{"type":"object"},"version"`, 1))
	asked, err := c.Describe(context.Background(), c.step)
	require.NoError(t, err)
	kept, err := c.Describe(context.Background(), c.step)
	require.NoError(t, err)
	assert.Equal(t, 1, c.used)
	require.Len(t, kept.Warnings, 1)
	assert.Contains(t, kept.Warnings[0], "write")
	assert.Equal(t, asked.Warnings, kept.Warnings)
	assert.Equal(t, asked.Describe, kept.Describe)
	assert.Equal(t, asked.ReadPatterns, kept.ReadPatterns)
	assert.Nil(t, kept.WritePatterns)
}

// With Refresh and with a trace the plugin is asked, and what it says now
// counts from then on: also if that is nothing to keep.
func TestRefreshAndTraceAsk(t *testing.T) {
	for name, set := range map[string]func(*cached){
		"refresh": func(c *cached) { c.Cache.Refresh = !c.Cache.Refresh },
		"trace": func(c *cached) {
			if c.Runner.Trace == nil {
				c.Runner.Trace = func(host.TraceEntry) {}
			} else {
				c.Runner.Trace = nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCached(t)
			c.write(c.step.Plugin.Path, "#!/bin/sh\n. "+c.dir+"/module\n")
			c.write(c.dir+"/module", c.script(10, ""))
			c.asked("10")
			c.write(c.dir+"/module", c.script(20, ""))
			c.kept("10") // the limit: a module is not seen
			set(c)
			c.asked("20")
			set(c)
			c.kept("20")
			c.write(c.dir+"/module", c.script(30, "echo oops >&2"))
			set(c)
			c.asked("30")
			set(c)
			c.asked("30")
		})
	}
}

// Calls are never answered from the cache, whatever their method.
func TestACallIsACall(t *testing.T) {
	c := warm(t)
	_, err := c.Call(context.Background(), c.step, host.Request{Method: "describe", Params: []byte(request)})
	require.NoError(t, err)
	assert.Equal(t, 2, c.runs())
}

// BenchmarkDescribeCached takes turns: Modify with one plugin that has to be
// asked first, and whose answer is then kept, and Modify with the answer at
// hand. The ratio of their medians must stay below 0.6: one process of two.
func BenchmarkDescribeCached(b *testing.B) {
	c := newCached(b)
	c.write(c.step.Plugin.Path, `#!/bin/sh
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"zorb","version":"1","protocols":[1],"reads":[],"writes":["/asn"]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"asn":65001}}}' ;;
esac
`)
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(b, err)
	var cold, warm []time.Duration
	for b.Loop() {
		for _, refresh := range []bool{true, false} {
			c.Cache.Refresh = refresh
			start := time.Now()
			_, err := c.Modify(context.Background(), doc, []host.Step{c.step})
			took := time.Since(start)
			require.NoError(b, err)
			if refresh {
				cold = append(cold, took)
			} else {
				warm = append(warm, took)
			}
		}
	}
	require.Equal(b, len(warm), c.used)
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
	b.ReportMetric(microseconds(cold), "cold-µs")
	b.ReportMetric(microseconds(warm), "warm-µs")
	b.ReportMetric(microseconds(warm)/microseconds(cold), "ratio")
}
