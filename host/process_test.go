//go:build linux

package host_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// ENV-1, ENV-2: the working directory, and the environment to the letter.
func TestEnvironmentAndDirectory(t *testing.T) {
	given := []string{
		"PATH=/overridden", "PATH=" + os.Getenv("PATH"), "HOME=/h", "USER=u", "LOGNAME=l", "LANG=C", "LC_ALL=C", "LC_TIME=C",
		"TZ=UTC", "TMPDIR=/t", "XDG_DATA_HOME=/x", "EMPTY", "KUBECONFIG=/k", "AWS_SECRET=s", "LD_PRELOAD=/evil.so",
		"ENV=/evil", "SSH_AUTH_SOCK=/s", "LCX=1", "PATHS=1",
	}
	r := newRig(t)
	r.Environ = given
	p := shell(t, "cp /proc/$$/environ $(dirname $0)/env; pwd >$(dirname $0)/pwd\n"+printOK)
	p.Env = []string{"KUBECONFIG", "NOT_SET"}
	_, err := r.call(t, p, request)
	require.NoError(t, err)

	dir := filepath.Dir(p.Path)
	env, err := os.ReadFile(filepath.Join(dir, "env"))
	require.NoError(t, err)
	want := append(append([]string{}, given[1:11]...), "KUBECONFIG=/k")
	assert.Equal(t, want, strings.Split(strings.Trim(string(env), "\x00"), "\x00"))
	pwd, err := os.ReadFile(filepath.Join(dir, "pwd"))
	require.NoError(t, err)
	assert.Equal(t, "/\n", string(pwd))
}

func TestNilEnvironIsTheHosts(t *testing.T) {
	t.Setenv(mark, "from-the-host")
	p := shell(t, `printf '{"jsonrpc":"2.0","id":1,"result":"%s"}\n' "$`+mark+`"`)
	answer, err := new(host.Runner).Call(context.Background(), p, host.Request{Method: "describe", Params: []byte(request)})
	require.NoError(t, err)
	assert.Equal(t, `"from-the-host"`, string(answer.Result))
}

// ENV-4
func TestOwnGroup(t *testing.T) {
	p := shell(t, "read -r pid comm state ppid pgrp rest </proc/$$/stat\n"+
		`printf '{"jsonrpc":"2.0","id":1,"result":"%s"}\n' "$((pid - pgrp))"`)
	answer, err := newRig(t).call(t, p, request)
	require.NoError(t, err)
	assert.Equal(t, `"0"`, string(answer.Result))
}

// A grandchild that left the group and holds stdout is beyond reach, but it
// cannot hang the host.
func TestEscapedGrandchildCannotHang(t *testing.T) {
	t.Parallel()
	p, environ := self("escape")
	r := newRig(t, environ...)
	r.SetGraces(enoughToExit, time.Second)
	answer, err := r.call(t, p, request)
	require.NoError(t, err)
	require.Len(t, answer.Warnings, 1)
	assert.Contains(t, answer.Warnings[0], "kept its stdout or stderr open")
	r.nothingLeft(t) // its next line meets a closed pipe
}

// ENV-5, the last step.
func TestStubbornPluginIsKilled(t *testing.T) {
	t.Parallel()
	p, environ := self("stubborn")
	p.Timeout = 200 * time.Millisecond
	r := newRig(t, environ...)
	_, err := r.call(t, p, request)
	checkError(t, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	r.nothingLeft(t)
}

// A plugin that has left its group is ended all the same.
func TestPluginThatMovesIsKilled(t *testing.T) {
	t.Parallel()
	p, environ := self("moved")
	p.Timeout = time.Second
	r := newRig(t, environ...)
	_, err := r.call(t, p, request)
	checkError(t, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	r.nothingLeft(t)
}

// SIGTERM comes before SIGKILL, and a plugin may use the time (ENV-5).
func TestPluginMayCleanUp(t *testing.T) {
	t.Parallel()
	p := shell(t, "trap 'sleep 0.2; echo cleaned >&2; exit' TERM; echo ready >&2; sleep 60 & wait")
	r := newRig(t)
	r.SetGraces(time.Millisecond, patience)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	show := r.Stderr
	r.Stderr = func(plugin, line string) {
		show(plugin, line)
		cancel() // it is ready
	}
	_, err := r.Call(ctx, p, host.Request{Method: "describe", Params: []byte(request)})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []string{"zorb: ready", "zorb: cleaned"}, r.lines)
	r.nothingLeft(t)
}

func TestPluginDiesWithTheHost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	// The plugin dies at once, what it started when its guard sees it.
	p := shell(t, "sleep 60 & echo up >&2; exec sleep 60")
	killed := exec.Command(os.Args[0], p.Path)
	killed.WaitDelay = patience
	killed.Env = append(os.Environ(), modeVariable+"=host", r.mark)
	out, err := killed.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, killed.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "up\n", line)
	require.Eventually(t, func() bool { return len(r.left()) == 3 }, patience, 5*time.Millisecond) // not while sh becomes sleep
	require.Eventually(t, func() bool { return len(guards(t, killed.Process.Pid)) == 1 }, patience, 5*time.Millisecond)

	require.NoError(t, killed.Process.Kill())
	_ = killed.Wait()
	r.nothingLeft(t)
	assert.Eventually(t, func() bool { return len(guards(t, killed.Process.Pid)) == 0 }, patience, 5*time.Millisecond)
}

// guards lists the guards that the process has started.
func guards(t *testing.T, parent int) []string {
	var found []string
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	for _, stat := range stats {
		text, _ := os.ReadFile(stat)
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
		_, after, _ := strings.Cut(string(text), ") ") // the name of the program may hold anything
		fields := strings.Fields(after)
		if len(fields) > 1 && fields[1] == fmt.Sprint(parent) && strings.Contains(string(command), "guard of pathvector-plugin-zorb") {
			found = append(found, stat)
		}
	}
	return found
}

// A guard ends with its plugin.
func TestGuardsAreReleased(t *testing.T) {
	p := shell(t, "sleep 0.4\n"+printOK)
	seen := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		require.Eventually(t, func() bool { seen = len(guards(t, os.Getpid())); return seen > 0 }, patience, 5*time.Millisecond)
	}()
	_, err := newRig(t).call(t, p, request)
	require.NoError(t, err)
	<-done
	assert.Equal(t, 1, seen)
	assert.Empty(t, guards(t, os.Getpid()))
}

// Many calls at once keep to their own plugins.
func TestConcurrentCalls(t *testing.T) {
	r := newRig(t)
	p := shell(t, `read -r line; printf '{"jsonrpc":"2.0","id":1,"result":[%s]}\n' "$(printf %s "$line" | tr -cd 0-9)"`)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			answer, err := r.Call(context.Background(), p, host.Request{Method: "describe", Params: fmt.Appendf(nil, `{"protocol":1,"n":%d}`, 1000+i)})
			if assert.NoError(t, err) {
				assert.Equal(t, fmt.Sprintf("[2011%d]", 1000+i), string(answer.Result)) // jsonrpc, id, protocol, n
			}
		})
	}
	wg.Wait()
	r.nothingLeft(t)
}

// The guard's script does its work in every sh that a system may have.
func TestGuardScript(t *testing.T) {
	for _, shell := range [][]string{{"sh"}, {"dash"}, {"bash"}, {"busybox", "sh"}} {
		t.Run(shell[0], func(t *testing.T) {
			if _, err := exec.LookPath(shell[0]); err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			group := exec.Command("sh", "-c", "sleep 60 & sleep 60")
			group.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			require.NoError(t, group.Start())
			pid := fmt.Sprint(group.Process.Pid)
			out, err := exec.Command(shell[0], append(shell[1:], "-c", host.GuardScript, "guard", pid)...).CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Error(t, group.Wait())
			assert.Equal(t, syscall.SIGKILL, group.ProcessState.Sys().(syscall.WaitStatus).Signal())
			assert.Empty(t, string(out))
		})
	}
}
