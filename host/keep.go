package host

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// keeper holds the plugins that are kept running.
type keeper struct {
	mu       sync.Mutex
	sessions map[string]*session
}

// session returns the plugin's session, and begins it where there is none: it
// starts nothing before the first call.
func (h *Host) session(s Step) *session {
	p := s.program()
	key := strings.Join(append([]string{p.Path}, p.Env...), "\x00")
	h.keeper.mu.Lock()
	defer h.keeper.mu.Unlock()
	if found := h.keeper.sessions[key]; found != nil {
		return found
	}
	changed := func() {
		if h.Changed != nil {
			h.Changed(p.Name)
		}
	}
	began := newSession(h.Runner, p, changed)
	if h.keeper.sessions == nil {
		h.keeper.sessions = map[string]*session{}
	}
	h.keeper.sessions[key] = began
	return began
}

// Close ends the plugins that are kept running, all at once, which takes a few
// seconds at most. The messages are about how they ended. The error is a
// *PluginError for a plugin that broke the protocol after it had answered: what
// came of its answers should not be used. The next call starts a plugin anew.
func (h *Host) Close() ([]Message, error) {
	h.keeper.mu.Lock()
	sessions := h.keeper.sessions
	h.keeper.sessions = nil
	h.keeper.mu.Unlock()

	var messages []Message
	var errs []error
	var mu sync.Mutex
	var closing sync.WaitGroup
	for _, s := range sessions {
		closing.Go(func() {
			warnings, err := s.close()
			mu.Lock()
			defer mu.Unlock()
			for _, w := range warnings {
				messages = append(messages, Message{Plugin: s.program.Name, Level: protocol.LevelWarning, Text: w, ByHost: true})
			}
			errs = append(errs, err)
		})
	}
	closing.Wait()
	slices.SortStableFunc(messages, func(a, b Message) int { return cmp.Compare(a.Plugin, b.Plugin) })
	return messages, first(errs)
}

// first returns the first error by its text, so that it does not depend on
// which plugin was quicker.
func first(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 0 {
		return nil
	}
	return slices.MinFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
}

// ModeOf decides whether the plugin is kept running: the step says so, else the
// plugin. One that does not offer it is never started with serve (INV-15).
func (d *Described) ModeOf(s Step) (string, error) {
	offered := cmp.Or(d.Mode, protocol.ModeOneShot)
	if s.Mode == protocol.ModeKeptRunning && offered != s.Mode {
		return "", &ModeError{Plugin: s.Plugin.Name}
	}
	return cmp.Or(s.Mode, offered), nil
}

// ModeError says that a plugin cannot be kept running.
type ModeError struct{ Plugin string }

func (e *ModeError) Error() string {
	return fmt.Sprintf("plugin %s: expected one that can be kept running, got one that describes no mode, or %q", e.Plugin, protocol.ModeOneShot)
}

// Hint says what to do.
func (e *ModeError) Hint() string {
	return "leave out the mode, or ask the plugin's author for one that answers to serve and describes \"mode\":\"kept-running\""
}

// PluginName returns the plugin that it is about.
func (e *ModeError) PluginName() string { return e.Plugin }

// Call makes one call of the step's plugin and returns its answer as it is: of
// the process that is kept running when the step's mode says so, else of one
// that is started for it.
func (h *Host) Call(ctx context.Context, s Step, q Request) (*Answer, error) {
	over := h.watched(s, &q)
	defer over()
	switch {
	case h.fake != nil:
		return h.fake(ctx, s, q)
	case s.Mode == protocol.ModeKeptRunning:
		q.Hide = slices.Concat(q.Hide, s.Hide)
		return h.session(s).call(ctx, q)
	}
	return h.Runner.Call(ctx, s.program(), q)
}
