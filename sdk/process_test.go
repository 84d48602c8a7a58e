package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/sdk"
)

// early has stdout from before Main runs, as loggers of libraries do.
var early = log.New(os.Stdout, "", 0)

// noisyEnv makes the test binary a plugin that prints to stdout in every way.
const noisyEnv = "SDK_TEST_NOISY"

func TestMain(m *testing.M) {
	if os.Getenv(noisyEnv) != "" {
		os.Exit(noisyPlugin().Main())
	}
	os.Exit(m.Run())
}

func noisyPlugin() *sdk.Plugin {
	p := wirePlugin()
	p.Modify = sdk.Modify(func(ctx context.Context, c *wireCall) (sdk.Result, error) {
		switch c.Options.Do {
		case "nothing":
			return sdk.Result{}, nil
		case "wait", "poll", "child", "stubborn", "deaf":
			return sdk.Result{}, lookAt(ctx, c.Options.Do)
		}
		fmt.Println("by fmt")
		early.Println("by a logger")
		child := exec.CommandContext(ctx, "echo", "by a child")
		child.Stdout = os.Stdout
		return sdk.Result{}, child.Run()
	})
	return p
}

// lookAt says that it works, and returns when the context ends.
func lookAt(ctx context.Context, way string) error {
	stopped := make(<-chan struct{})
	switch way { // from here on SIGTERM is heard
	case "wait":
		stopped = ctx.Done()
	case "poll", "stubborn":
		_ = ctx.Err()
	case "child":
		child, cancel := context.WithCancel(ctx)
		defer cancel()
		stopped = child.Done()
	}
	fmt.Fprintln(os.Stderr, "working")
	if way == "stubborn" {
		time.Sleep(3 * time.Minute)
	}
	for way == "poll" && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if way != "poll" {
		<-stopped
	}
	return ctx.Err()
}

func noisy(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), noisyEnv+"=1")
	return cmd
}

// What a plugin prints to stdout goes to stderr (FRM-11).
func TestMainKeepsStdoutClean(t *testing.T) {
	cmd := noisy(t, "modify")
	cmd.Stdin = strings.NewReader(strings.Replace(do("print"), `"timeoutMs":50`, `"timeoutMs":0`, 1) + "\n")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	assert.Equal(t, result(`{"merge":{}}`)+"\n", out.String())
	assert.Equal(t, "by fmt\nby a logger\nby a child\n", errs.String())
}

// SIGTERM ends the context of the handler; its answer still goes out (ENV-5).
func TestMainTerminated(t *testing.T) {
	cmd := noisy(t, "modify")
	request := strings.Replace(do("wait"), `"timeoutMs":50`, `"timeoutMs":0`, 1)
	cmd.Stdin = strings.NewReader(request + "\n")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "working\n", line)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	answer, err := io.ReadAll(stdout)
	require.NoError(t, err)
	assert.Equal(t, failed(-32800, "context canceled")+"\n", string(answer))
	assert.NoError(t, cmd.Wait())
}

// A process that is kept running answers until stdin ends (INV-14), and ends
// by SIGTERM with an answer to what it works on (ENV-5).
func TestMainServes(t *testing.T) {
	for name, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"stdin":   func(_ *exec.Cmd, stdin io.Closer) error { return stdin.Close() },
		"SIGTERM": func(cmd *exec.Cmd, _ io.Closer) error { return cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			cmd := noisy(t, "serve")
			stdin, err := cmd.StdinPipe()
			require.NoError(t, err)
			stdout, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			lines := bufio.NewReader(stdout)
			for range 3 {
				_, err = io.WriteString(stdin, strings.Replace(do("print"), `"timeoutMs":50`, `"timeoutMs":0`, 1)+"\n")
				require.NoError(t, err)
				line, err := lines.ReadString('\n')
				require.NoError(t, err)
				assert.Equal(t, result(`{"merge":{}}`)+"\n", line)
			}
			require.NoError(t, end(cmd, stdin))
			rest, err := io.ReadAll(lines)
			require.NoError(t, err)
			assert.Empty(t, rest)
			assert.NoError(t, cmd.Wait())
		})
	}
}

// SIGTERM ends a handler that does not look at its context, and with it the
// process, as no answer is needed then (ENV-5).
func TestMainTerminatedUnheard(t *testing.T) {
	cmd := noisy(t, "modify")
	cmd.Stdin = strings.NewReader(do("deaf") + "\n")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "working\n", line)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	var ended *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &ended)
	assert.Equal(t, "signal: terminated", ended.Error())
}

// The context of the only call tells of SIGTERM whichever way it is looked at.
func TestMainTerminatedHoweverLooked(t *testing.T) {
	for way, problem := range map[string]string{
		"poll":     "context canceled",
		"child":    "context canceled",
		"stubborn": "the plugin ends, and its function did not return in time",
	} {
		cmd := noisy(t, "modify")
		cmd.Stdin = strings.NewReader(strings.Replace(do(way), `"timeoutMs":50`, `"timeoutMs":0`, 1) + "\n")
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		var out bytes.Buffer
		cmd.Stdout = &out
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(stderr).ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "working\n", line)
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, cmd.Wait())
		assert.Equal(t, failed(-32800, problem)+"\n", out.String(), way)
	}
}
