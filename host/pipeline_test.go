//go:build linux

package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// scripted is a plugin that is no process: what it does in a call of modify is
// Go code, and what it describes is more.
type scripted struct {
	more   string // of its describe result
	modify func(context.Context, host.Request) (*host.Answer, error)
}

const merged = `{"merge":{}}`

// scriptedHost runs such plugins in their order.
func scriptedHost(plugins ...scripted) (*host.Host, []host.Step) {
	h := &host.Host{Runner: &host.Runner{}}
	h.SetCalls(func(ctx context.Context, s host.Step, q host.Request) (*host.Answer, error) {
		var i int
		if _, err := fmt.Sscanf(s.Plugin.Name, "p%d", &i); err != nil {
			return nil, err
		}
		if q.Method == protocol.MethodDescribe {
			return &host.Answer{Result: fmt.Appendf(nil, `{"name":%q,"version":"1","protocols":[1]%s}`, s.Plugin.Name, plugins[i].more)}, nil
		}
		return plugins[i].modify(ctx, q)
	})
	var steps []host.Step
	for i := range plugins {
		steps = append(steps, host.Step{Plugin: discovery.Plugin{Name: fmt.Sprintf("p%d", i), Path: "/nowhere"}})
	}
	return h, steps
}

func answer(result string) (*host.Answer, error) {
	return &host.Answer{Result: json.RawMessage(result)}, nil
}

func logs1(q host.Request, text string) {
	q.Notify(&protocol.Notification{Method: "log", Params: fmt.Appendf(nil, `{"level":"info","message":%q}`, text)})
}

// receive fails the test where nothing comes, without which it would hang.
func receive(t *testing.T, c <-chan struct{}) {
	select {
	case <-c:
	case <-time.After(patience):
		t.Error("what a plugin waits for does not happen")
	}
}

func disjoint(i int) string {
	return fmt.Sprintf(`,"reads":[],"writes":["/peers/P%d"]`, i)
}

// Each of two plugins, in sh, waits for a file that the other one makes: they
// are done only if they run at the same time.
func TestPluginsRunAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	meet := func(name, other string, i int) host.Step {
		return pluginStep(t, name, fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%s","version":"1","protocols":[1]%s}}' ;;
modify)
	: >%s/%s
	until [ -e %s/%s ]; do sleep 0.01; done
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"peers":{"P%d":{"asn":%d}}}}}' ;;
esac`, name, disjoint(i), dir, name, dir, other, i, i))
	}
	h := newHost()
	h.Jobs = 2
	out := modify(t, h, edge, meet("first", "second", 1), meet("second", "first", 2))
	var changed []string
	for _, c := range out.Changes {
		changed = append(changed, c.Plugin+" "+c.Pointer)
	}
	assert.Equal(t, []string{"first /peers/P1/asn", "second /peers/P2/asn"}, changed)
}

// The same for describe, whatever the scopes are.
func TestPluginsDescribeThemselvesAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	meet := func(name, other string) host.Step {
		return pluginStep(t, name, fmt.Sprintf(`
: >%s/%s
until [ -e %s/%s ]; do sleep 0.01; done
echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%s","version":"1","protocols":[1],"methods":["describe"]}}'`, dir, name, dir, other, name))
	}
	out := modify(t, newHost(), edge, meet("first", "second"), meet("second", "first"))
	assert.Len(t, out.Ran, 2)
	assert.Equal(t, "first", out.Ran[0].Plugin.Name)
}

// SCP-12: plugins whose scopes touch, and a plugin that stands there twice,
// run one after the other; with one job all do.
func TestPluginsThatTouchDoNotRunAtTheSameTime(t *testing.T) {
	for _, tc := range []struct {
		name          string
		jobs          int
		first, second string
		twice         bool
	}{
		{"undeclared", 4, "", "", false},
		{"one writes what the next reads", 4, `,"writes":["/asn"]`, `,"reads":["/asn"],"writes":[]`, false},
		{"both write the same", 4, `,"reads":[],"writes":["/asn"]`, `,"reads":[],"writes":["/*"]`, false},
		{"the same plugin", 4, `,"reads":[],"writes":[]`, `,"reads":[],"writes":[]`, true},
		{"one job", 1, `,"reads":[],"writes":["/asn"]`, `,"reads":[],"writes":["/hostname"]`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			running := make(chan struct{}, 1)
			alone := func(_ context.Context, q host.Request) (*host.Answer, error) {
				select {
				case running <- struct{}{}:
				default:
					return nil, errors.New("not alone")
				}
				time.Sleep(2 * time.Millisecond)
				<-running
				return answer(merged)
			}
			h, steps := scriptedHost(scripted{tc.first, alone}, scripted{tc.second, alone})
			h.Jobs = tc.jobs
			if tc.twice {
				steps[1] = steps[0]
			}
			out, err := h.Modify(t.Context(), parsed(t, edge), steps)
			require.NoError(t, err)
			assert.Len(t, out.Ran, 2)
		})
	}
}

// SCP-12, NTF-6: what the second says while the first one runs comes after what
// the first one says, and from then on at once; lines of stderr too.
func TestMessagesWaitForTheirTurnAndThenDoNot(t *testing.T) {
	secondSpoke, firstOver, heard := make(chan struct{}), make(chan struct{}), make(chan struct{})
	h, steps := scriptedHost(
		scripted{disjoint(0), func(_ context.Context, q host.Request) (*host.Answer, error) {
			receive(t, secondSpoke)
			logs1(q, "first")
			return answer(`{"merge":{},"messages":[{"level":"info","message":"first is over"}]}`)
		}},
		scripted{disjoint(1), func(_ context.Context, q host.Request) (*host.Answer, error) {
			q.Stderr("a line")
			q.Stderr("")
			logs1(q, "second, early")
			q.Stderr("another line")
			close(secondSpoke)
			receive(t, firstOver)
			logs1(q, "second, late")
			receive(t, heard)
			return answer(merged)
		}},
	)
	var said []string
	h.Runner.Stderr = func(plugin, line string) { said = append(said, plugin+" stderr "+line) }
	h.Log = slog.New(hears(func(text string) {
		said = append(said, text)
		switch text {
		case "first is over":
			close(firstOver)
		case "second, late":
			close(heard)
		}
	}))
	_, err := h.Modify(t.Context(), parsed(t, edge), steps)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"first", "first is over", "p1 stderr a line", "p1 stderr ", "second, early", "p1 stderr another line", "second, late",
	}, said)
}

// The same for a plugin that is kept running, whose stderr belongs to no call;
// after its call, its lines are shown as they come.
func TestAKeptRunningPluginWaitsForItsTurnToo(t *testing.T) {
	dir := t.TempDir()
	first := pluginStep(t, "first", fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"first","version":"1","protocols":[1]%s}}' ;;
modify)
	until [ -e %s/second ]; do sleep 0.01; done
	echo "a line of the first" >&2
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{}}}' ;;
esac`, disjoint(0), dir))
	second := pluginStep(t, "second", fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"second","version":"1","protocols":[1],"mode":"kept-running"%s}}' ;;
serve)
	echo "the second starts" >&2
	while read -r line; do
		id=${line#*\"id\":}
		id=${id%%%%,*}
		echo "a line of the second" >&2
		: >%s/second
		printf '{"jsonrpc":"2.0","id":%%s,"result":{"merge":{}}}\n' "$id"
	done
	echo "the second ends" >&2 ;;
esac`, disjoint(1), dir))
	h := newHost()
	var mu sync.Mutex
	var lines []string
	h.Runner.Stderr = func(plugin, line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}
	modify(t, h, edge, first, second)
	_, err := h.Close()
	require.NoError(t, err)
	assert.Equal(t, []string{"a line of the first", "the second starts", "a line of the second", "the second ends"}, lines)
}

// hears is a log of texts.
type hears func(text string)

func (hears) Enabled(context.Context, slog.Level) bool { return true }
func (h hears) WithAttrs([]slog.Attr) slog.Handler     { return h }
func (h hears) WithGroup(string) slog.Handler          { return h }

func (h hears) Handle(_ context.Context, r slog.Record) error {
	h(r.Message)
	return nil
}

// SCP-12, INV-13: when a plugin fails, at whichever place, those behind it are
// cancelled, and neither their answers nor their messages count; those before
// it are waited for.
func TestAFailureCancelsWhatRunsBeside(t *testing.T) {
	const n = 5
	for fails := range n {
		t.Run(fmt.Sprint(fails), func(t *testing.T) {
			spoke := make(chan struct{}, n)
			var plugins []scripted
			for i := range n {
				plugins = append(plugins, scripted{disjoint(i), func(ctx context.Context, q host.Request) (*host.Answer, error) {
					logs1(q, fmt.Sprint("here is ", i))
					spoke <- struct{}{}
					switch {
					case i < fails:
						return answer(fmt.Sprintf(`{"merge":{"peers":{"P%d":{"asn":1}}}}`, i))
					case i == fails:
						for range n {
							receive(t, spoke)
						}
						return nil, &host.PluginError{Plugin: fmt.Sprint("p", i), Method: q.Method, Err: errors.New("no")}
					}
					receive(t, ctx.Done())
					return nil, ctx.Err()
				}})
			}
			h, steps := scriptedHost(plugins...)
			h.Jobs = n
			var said, want []string
			h.Log = slog.New(hears(func(text string) { said = append(said, text) }))
			out, err := h.Modify(t.Context(), parsed(t, edge), steps)
			assert.Nil(t, out)
			require.EqualError(t, err, fmt.Sprintf("plugin p%d: modify: no", fails))
			for i := range fails + 1 {
				want = append(want, fmt.Sprint("here is ", i))
			}
			assert.Equal(t, want, said)
		})
	}
}

// Ctrl-C ends all that run, in sh, and the error is of the first one.
func TestInterruptingEndsAllPlugins(t *testing.T) {
	r := newRig(t)
	h := &host.Host{Runner: r.Runner, Jobs: 3}
	var steps []host.Step
	for i := range 3 {
		s := pluginStep(t, fmt.Sprint("sleeper", i), fmt.Sprintf(`case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"sleeper%d","version":"1","protocols":[1]%s}}' ;;
modify)	echo '{"jsonrpc":"2.0","method":"progress"}'; exec sleep 600 ;;
esac`, i, disjoint(i)))
		s.Env = []string{mark}
		steps = append(steps, s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := make(chan struct{}, 3)
	h.Progress = func(p host.Progress) {
		if !p.Ended {
			running <- struct{}{}
		}
	}
	go func() {
		for range 3 {
			<-running
		}
		cancel()
	}()
	_, err := h.Modify(ctx, parsed(t, edge), steps)
	require.ErrorContains(t, err, "plugin sleeper0: modify: interrupted")
	require.ErrorIs(t, err, context.Canceled)
	r.nothingLeft(t)
}
