//go:build linux

package host_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

const shared = `asn: 65530
router-id: 192.0.2.1
hostname: edge
templates:
  t: &t {import: true, tags: [a]}
peers:
  A: {asn: 65510, password: open-sesame, tags: [x]}
  B:
    <<: *t
    asn: 65511
  C: ~
`

// chaotic is a plugin whose behaviour comes from a seed, and from the request.
type chaotic struct {
	name          string
	reads, writes []string // nil declares none
	merge         string   // %d is a number that depends on the params
	logs, lines   int
	fails         string // the way in which it does
	pause         time.Duration
}

var (
	scopeChoices = [][]string{
		nil,
		{},
		{"/asn"},
		{"/hostname"},
		{"/peers/A"},
		{"/peers/*/tags"},
		{"/peers/*/asn", "/asn"},
		{"/peers/N*"},
		{"/templates"},
		{"/peers/B", "/hostname"},
		{"/peers/C"},
		{""},
	}
	mergeChoices = []string{
		`{}`, `{"asn":%d}`, `{"hostname":"h%d"}`, `{"peers":{"A":{"asn":%d}}}`, `{"peers":{"A":null}}`, `{"peers":{"A":{"tags":["t%d"]}}}`,
		`{"peers":{"N1":{"asn":%d}}}`, `{"peers":{"N2":{"tags":["n%d"]}}}`, `{"peers":{"B":{"description":"b%d"}},"hostname":"x%[1]d"}`,
		`{"peers":{"B":{"tags":null}}}`, `{"peers":{"C":{"asn":%d}}}`, `{"templates":{"u":{"import":true,"description":"%d"}}}`, `{"peers":{"B":null,"A":{"asn":%d}}}`,
	}
	waysToFail = []string{"describe", "name", "options", "modify", "form", "patch", "refused"}
)

func newChaotic(r *rand.Rand, i int) *chaotic {
	scope := func() []string { return scopeChoices[r.IntN(len(scopeChoices))] }
	c := &chaotic{
		name: fmt.Sprintf("p%d", i), reads: scope(), writes: scope(), merge: mergeChoices[r.IntN(len(mergeChoices))],
		logs: r.IntN(3), lines: r.IntN(3),
	}
	if r.IntN(3) == 0 {
		c.pause = time.Duration(r.IntN(300)) * time.Microsecond
	}
	// A writer that writes where it may is the more common one.
	for range 20 {
		if c.writes == nil || mayWrite(c.merge, c.writes) {
			break
		}
		c.merge = mergeChoices[r.IntN(len(mergeChoices))]
	}
	if r.IntN(25) == 0 {
		c.fails = waysToFail[r.IntN(len(waysToFail))]
	}
	return c
}

func mayWrite(merge string, writes []string) bool {
	for _, w := range writes {
		if first := strings.Split(w+"/", "/")[1]; strings.HasPrefix(merge, `{"`+first+`"`) || w == "" {
			return true
		}
	}
	return merge == `{}`
}

func (c *chaotic) answer(ctx context.Context, q host.Request) (*host.Answer, error) {
	for i := range c.logs {
		logs1(q, fmt.Sprintf("%s %s %d of %s", c.name, q.Method, i, q.Params))
	}
	for i := range c.lines {
		q.Stderr(fmt.Sprint("line ", i))
	}
	if c.pause > 0 {
		select {
		case <-time.After(c.pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if c.fails == q.Method {
		return nil, &host.PluginError{Plugin: c.name, Method: q.Method, Err: errors.New("as it is told")}
	}
	a := &host.Answer{Result: c.described()}
	if q.Method == protocol.MethodModify {
		a.Result = c.modified(q)
	}
	if c.logs == 2 {
		a.Warnings = []string{"was odd in " + q.Method}
	}
	return a, nil
}

func (c *chaotic) described() []byte {
	r := map[string]any{"name": c.name, "version": "1", "protocols": []int{1}}
	for key, scope := range map[string][]string{"reads": c.reads, "writes": c.writes} {
		if scope != nil {
			r[key] = scope
		}
	}
	switch c.fails {
	case "name":
		r["name"] = "other"
	case "options":
		r["options"] = map[string]any{"required": []string{"site"}}
	}
	b, err := protocol.EncodeParams(r)
	if err != nil {
		panic(err)
	}
	return b
}

// modified depends on all that the plugin is sent.
func (c *chaotic) modified(q host.Request) []byte {
	switch c.fails {
	case "form":
		return []byte(`{}`)
	case "patch":
		return []byte(`{"patch":[{"op":"remove","path":"/nowhere"}]}`)
	case "refused":
		return []byte(`{"merge":{"bird-binary":"/x"}}`)
	}
	hash := fnv.New32a()
	hash.Write(q.Params)
	n := hash.Sum32() % 50000
	merge := c.merge
	if strings.Contains(merge, "%") {
		merge = fmt.Sprintf(merge, n)
	}
	return fmt.Appendf(nil, `{"merge":%s,"messages":[{"level":"info","message":"%d"}]}`, merge, n)
}

// report is all that a run comes to, as text.
type report struct {
	mu    sync.Mutex
	lines []string
}

func (r *report) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *report) outcome(out *host.Outcome, err error) {
	if err != nil {
		r.add("error: %v (%T)", err, err)
		return
	}
	r.add("tree: %s", tree.Append(nil, out.Tree))
	for _, p := range out.Ran {
		r.add("ran: %s %s", p.Plugin.Name, p.Options)
	}
	for _, c := range out.Changes {
		r.add("change: %s %s %s %s %s %s", c.Plugin, c.Version, c.Op, c.Pointer, c.Before, c.After)
	}
	for _, m := range out.Messages {
		r.add("message: %+v", m)
	}
	edited, err := out.Edit()
	if err != nil {
		r.add("edit: %v", err)
		return
	}
	r.add("text: %s", edited.Text)
}

// counts tells tests that the cases are worth something.
type counts struct{ together, failed, refused, changed atomic.Int64 }

// runChaotic runs the plugins and reports everything.
func runChaotic(t *testing.T, plugins []*chaotic, steps []host.Step, jobs int, n *counts) []string {
	h := &host.Host{Runner: &host.Runner{}, Jobs: jobs}
	var running atomic.Int64
	h.SetCalls(func(ctx context.Context, s host.Step, q host.Request) (*host.Answer, error) {
		if running.Add(1) > 1 && q.Method == protocol.MethodModify {
			n.together.Add(1)
		}
		defer running.Add(-1)
		var i int
		if _, err := fmt.Sscanf(s.Plugin.Name, "p%d", &i); err != nil {
			return nil, err
		}
		return plugins[i].answer(ctx, q)
	})
	r := &report{}
	h.Runner.Stderr = func(plugin, line string) { r.add("stderr: %s %s", plugin, line) }
	h.Log = slog.New(hears(func(text string) { r.add("log: %s", text) }))
	out, err := h.Modify(t.Context(), parsed(t, shared), steps)
	r.outcome(out, err)
	switch {
	case errors.As(err, new(*config.RefusedError)):
		n.refused.Add(1)
	case err != nil:
		n.failed.Add(1)
	case len(out.Changes) > 0:
		n.changed.Add(1)
	}
	return r.lines
}

// SCP-12: whatever the plugins are, running side by side comes to the same as
// running one after the other: the tree, the changes, what is said and in
// which order, the error.
func TestSideBySideIsTheSameAsInOrder(t *testing.T) {
	cases := uint64(2000)
	if testing.Short() {
		cases = 300
	}
	var inOrder, side counts
	for seed := range cases {
		r := rand.New(rand.NewPCG(seed, 11))
		plugins := make([]*chaotic, 2+r.IntN(6))
		steps := make([]host.Step, len(plugins))
		for i := range plugins {
			plugins[i] = newChaotic(r, i)
			steps[i] = host.Step{Plugin: discovery.Plugin{Name: plugins[i].name, Path: "/nowhere"}, Secrets: r.IntN(4) == 0}
			if r.IntN(4) == 0 {
				steps[i].Reads, steps[i].Writes = narrowing(t, r), narrowing(t, r)
			}
		}
		want := runChaotic(t, plugins, steps, 1, &inOrder)
		require.Equal(t, want, runChaotic(t, plugins, steps, 2+r.IntN(7), &side), "%d", seed)
	}
	assert.Zero(t, inOrder.together.Load())
	for what, n := range map[string]int64{
		"calls beside others": side.together.Load(), "waysToFail": side.failed.Load(),
		"refusals": side.refused.Load(), "changes": side.changed.Load(),
	} {
		assert.Greater(t, n, int64(cases/20), what)
	}
}

func narrowing(t *testing.T, r *rand.Rand) []config.Pattern {
	var out []config.Pattern
	for _, text := range scopeChoices[r.IntN(len(scopeChoices))] {
		p, err := config.ParsePattern(text)
		require.NoError(t, err)
		out = append(out, p)
	}
	return out
}

// The same with processes, of which the first are the slowest.
func TestSideBySideIsTheSameWithProcesses(t *testing.T) {
	const n = 4
	// The pipes of one plugin have no order between them.
	run := func(jobs, fails int) (said, lines []string) {
		h := newHost()
		h.Jobs = jobs
		r, stderr := &report{}, &report{}
		h.Runner.Stderr = func(plugin, line string) { stderr.add("%s %s", plugin, line) }
		h.Log = slog.New(hears(func(text string) { r.add("log: %s", text) }))
		var steps []host.Step
		for i := range n {
			end := fmt.Sprintf(`echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"peers":{"P%d":{"asn":%d}}}}}'`, i, i)
			if i == fails {
				end = `echo "I fail" >&2; exit 3`
			}
			s := pluginStep(t, fmt.Sprint("p", i), fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"p%d","version":"1","protocols":[1]%s}}' ;;
modify)
	echo working >&2
	sleep 0.0%d
	echo '{"jsonrpc":"2.0","method":"log","params":{"level":"info","message":"%d works"}}'
	%s ;;
esac`, i, disjoint(i), n-i, i, end))
			steps = append(steps, s)
		}
		out, err := h.Modify(t.Context(), parsed(t, edge), steps)
		r.outcome(out, err)
		return r.lines, stderr.lines
	}
	for fails := range n + 1 {
		wantSaid, wantLines := run(1, fails)
		said, lines := run(n, fails)
		assert.Equal(t, wantSaid, said, "plugin %d fails", fails)
		assert.Equal(t, wantLines, lines, "plugin %d fails", fails)
	}
}
