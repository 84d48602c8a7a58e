package host_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/natesales/pathvector-plugin/host"
)

const (
	mark    = "HOST_TEST_MARK" // in the environment of all that a test starts
	request = `{"protocol":1}`
)

// modeVariable makes the test binary a plugin, for what sh cannot do.
const modeVariable = "HOST_TEST_PLUGIN"

func TestMain(m *testing.M) {
	if mode := os.Getenv(modeVariable); mode != "" {
		os.Exit(plugins[mode]())
	}
	// Most tests that run in parallel wait for a plugin.
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

const okLine = `{"jsonrpc":"2.0","id":1,"result":{"ok":true}}`

var plugins = map[string]func() int{
	"answer": func() int {
		fmt.Println(okLine)
		return 0
	},
	// A child in a session of its own is out of the group's reach.
	"escape": func() int {
		if os.Setenv(modeVariable, "hold") != nil {
			return 1
		}
		attr := &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}, Sys: &syscall.SysProcAttr{Setsid: true}}
		if _, err := os.StartProcess(os.Args[0], os.Args, attr); err != nil {
			return 1
		}
		fmt.Println(okLine)
		return 0
	},
	// It ends when somebody closes the pipes that it holds, as a daemon that
	// logs would.
	"hold": func() int {
		for range 600 {
			time.Sleep(100 * time.Millisecond)
			if _, err := fmt.Fprintln(os.Stderr, "tick"); err != nil {
				return 0
			}
		}
		return 1
	},
	"stubborn": func() int {
		signal.Ignore(syscall.SIGTERM, syscall.SIGPIPE)
		time.Sleep(time.Minute)
		return 0
	},
	// It takes part in the host's process group in place of its own.
	"moved": func() int {
		signal.Ignore(syscall.SIGTERM)
		group, err := syscall.Getpgid(os.Getppid())
		if err != nil || syscall.Setpgid(0, group) != nil {
			return 1
		}
		time.Sleep(time.Minute)
		return 0
	},
	"keep":       keepRunning,
	"soak":       soakPlugin,
	"change one": changeOne,
	// A host that is killed while its plugin, which is in the argument, runs.
	"host": runAsHost,
	// One of many hosts that use one cache.
	"describing": runDescribing,
}

// runAsHost says on stdout when its plugin runs.
func runAsHost() int {
	r := &host.Runner{Stderr: func(_, line string) { fmt.Println(line) }}
	_, err := r.Call(context.Background(), host.Program{Name: "zorb", Path: os.Args[1], Env: []string{mark}}, host.Request{Method: "describe", Params: []byte(request)})
	fmt.Println("the call ended:", err)
	return 1
}
