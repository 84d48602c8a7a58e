//go:build linux

package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

var soakFor = flag.Duration("soak", 2*time.Second, "how long TestSoak goes on")

// TestSoak has 200 callers call 20 plugins that are kept running, with faults,
// cancelling and restarts at random. Every call returns, with what belongs to
// it, and nothing is left in the end (INV-17 to INV-23, MSG-3, NTF-8, ASK-3).
func TestSoak(t *testing.T) {
	const plugins, callers = 20, 200
	there := goleak.IgnoreCurrent()
	time.Sleep(time.Millisecond) // has the runtime open what its timers need, for good
	files := openFiles(t)
	s := newSoak(t, plugins)
	over := time.Now().Add(*soakFor)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for time.Now().Before(over) && !t.Failed() {
				s.call(t, plugins)
			}
		})
	}
	all.Go(func() {
		for time.Now().Before(over) {
			time.Sleep(rand.N(2 * time.Second))
			s.close(t)
		}
	})
	returned := make(chan struct{})
	go func() {
		all.Wait()
		close(returned)
	}()
	select {
	case <-returned:
	case <-time.After(*soakFor + patience):
		t.Fatal("a call does not return")
	}
	s.close(t)
	s.nothingLeft(t)
	assert.NoError(t, goleak.Find(there))
	assert.Equal(t, files, openFiles(t))
	t.Logf("%d calls, of which %d have a result, %d failed, %d were cancelled", s.calls.Load(), s.results.Load(), s.failures.Load(), s.cancelled.Load())
	assert.NotZero(t, s.results.Load())
	assert.NotZero(t, s.failures.Load())
	assert.NotZero(t, s.cancelled.Load())
}

type soak struct {
	*rig
	host                                *host.Host
	dir                                 string
	whats                               []string // faults
	calls, results, failures, cancelled atomic.Int64
}

func newSoak(t *testing.T, plugins int) *soak {
	s := &soak{rig: newRig(t, modeVariable+"=soak", "GORACE=atexit_sleep_ms=0"), dir: t.TempDir()}
	s.Stderr = nil
	s.SetGraces(time.Second, 300*time.Millisecond)
	s.SetRestarts(time.Millisecond, 20*time.Millisecond, 5, 50*time.Millisecond)
	s.host = &host.Host{Runner: s.Runner}
	s.whats = slices.Sorted(maps.Keys(soakFaults))
	for i := range plugins {
		require.NoError(t, os.Symlink(os.Args[0], s.path(i)))
	}
	return s
}

func (s *soak) path(i int) string {
	return filepath.Join(s.dir, fmt.Sprintf("pathvector-plugin-soak%d", i))
}

// what chooses what a plugin does: a fault in one call of 300.
func (s *soak) what() string {
	if rand.N(300) == 0 {
		return s.whats[rand.N(len(s.whats))]
	}
	good := []string{"", "note", "ask", "slow", "fail"}
	return good[rand.N(len(good))]
}

// call makes one call, which may be cancelled at any time, and checks that what
// comes of it is its own.
func (s *soak) call(t *testing.T, plugins int) {
	i := rand.N(plugins)
	nonce := fmt.Sprintf("%d/%d", s.calls.Add(1), rand.Uint64())
	what := s.what()
	within := patience
	if rand.N(20) == 0 || what == "hang" || what == "stop" || what == "close stdin" {
		within = rand.N(50 * time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	name := fmt.Sprintf("soak%d", i)
	step := host.Step{
		Plugin: discovery.Plugin{Name: name, Path: s.path(i)},
		Mode:   protocol.ModeKeptRunning, Env: []string{mark, modeVariable, "GORACE"},
	}
	answer, err := s.host.Call(ctx, step, host.Request{
		Method: protocol.MethodModify, Params: doing(what, nonce),
		Notify: func(n *protocol.Notification) {
			assert.Contains(t, string(n.Params), `"`+nonce+`"`, "a note of another call")
		},
		Ask: func(r *protocol.Request) (json.RawMessage, error) {
			assert.Contains(t, string(r.Params), `"`+nonce+`"`, "a question of another call")
			return fmt.Appendf(nil, `{"value":%q}`, nonce), nil
		},
	})
	if err == nil {
		s.results.Add(1)
		if what != "twice" {
			assert.Equal(t, `"`+nonce+`"`, string(answer.Result), what)
		}
		return
	}
	s.checkFailure(t, ctx, name, nonce, err)
}

// checkFailure checks that a call failed for a reason that it may have.
func (s *soak) checkFailure(t *testing.T, ctx context.Context, name, nonce string, err error) {
	var failed *host.PluginError
	if !assert.ErrorAs(t, err, &failed) {
		return
	}
	assert.Equal(t, name, failed.Plugin)
	assert.Equal(t, 1, strings.Count(err.Error(), "plugin soak"), err)
	assert.NotEmpty(t, failed.Hint())
	var answered *protocol.Error
	switch over := errors.Is(err, context.DeadlineExceeded); {
	case errors.As(err, &answered):
		assert.Equal(t, nonce, answered.Message)
	case over:
		s.cancelled.Add(1)
		assert.Error(t, ctx.Err(), "the call had time: %v", err)
	default:
		s.failures.Add(1)
	}
}

// close ends all plugins; the next calls start them again.
func (s *soak) close(t *testing.T) {
	_, err := s.host.Close()
	if err != nil {
		var broken *protocol.Violation
		assert.ErrorAs(t, err, &broken)
	}
}
