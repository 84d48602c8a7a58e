package host

import (
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// guard is a small process that outlives this one when that is killed by
// SIGKILL, and then kills a plugin's process group, of which the system at best
// ends the leader (see sysProcAttr). It waits for the end of its stdin, whose
// other end only this process has.
//
// It costs about as much as a short call, so plugins that run for long have
// one, and others none.
type guard struct {
	name  string // the plugin's
	group int    // the process group's id
	timer *time.Timer

	mu      sync.Mutex
	over    bool
	process *os.Process // nil before it runs
	alive   *os.File    // its stdin
}

const guardedAfter = 200 * time.Millisecond

// guardScript is in the words that sh of every kind has: some do not take
// kill -s KILL -- with a group. A terminal's signals must not end it, as its
// plugin may live on for a while.
const guardScript = `trap '' HUP INT TERM; read -r _; kill -9 "-$1"`

func newGuard(name string, group int) *guard {
	g := &guard{name: name, group: group}
	g.timer = time.AfterFunc(guardedAfter, g.start)
	return g
}

// start starts the process. A system where it cannot be started has no guard,
// as a system without this host would have none.
func (g *guard) start() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return
	}
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	defer r.Close()
	argv := []string{"sh", "-c", guardScript, "guard of pathvector-plugin-" + g.name, strconv.Itoa(g.group)}
	attr := &os.ProcAttr{Dir: "/", Env: []string{}, Files: []*os.File{r, nil, nil}, Sys: &syscall.SysProcAttr{Setpgid: true}}
	g.process, err = os.StartProcess("/bin/sh", argv, attr)
	if err != nil {
		_ = w.Close()
		return
	}
	g.alive = w
}

// release ends the guard. It must come before the group's leader is reaped:
// after that the id may be another group's.
func (g *guard) release() {
	g.timer.Stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	if g.alive == nil {
		return
	}
	_ = g.process.Kill()
	_, _ = g.process.Wait()
	_ = g.alive.Close()
}
