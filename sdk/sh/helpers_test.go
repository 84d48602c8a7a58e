package sh_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// shells are those that the SDK must work in.
var shells = []string{"dash", "bash", "busybox sh"}

// tool returns the path of a program that a test needs. Without it the test is
// skipped; with CI=true it fails.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "%s must be installed where CI=true", name)
		t.Skipf("%s is not installed", name)
	}
	return path
}

// eachShell runs the test in every shell, beside each other.
func eachShell(t *testing.T, test func(t *testing.T, shell string)) {
	t.Helper()
	tool(t, "jq")
	for _, shell := range shells {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			test(t, shell)
		})
	}
}

// start is a plugin of testdata, run by the shell in / as under a host, for a
// minute or two at most.
func start(t *testing.T, shell, plugin string, args []string, env ...string) *exec.Cmd {
	t.Helper()
	path, err := filepath.Abs("testdata/pathvector-plugin-" + plugin)
	require.NoError(t, err)
	argv := append(strings.Fields(shell), path)
	cmd := exec.CommandContext(t.Context(), tool(t, argv[0]), append(argv[1:], args...)...)
	cmd.Dir, cmd.WaitDelay = "/", time.Second
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stop := time.AfterFunc(2*time.Minute, func() { end(cmd) })
	t.Cleanup(func() {
		stop.Stop()
		end(cmd)
	})
	return cmd
}

// end kills the process and what it started.
func end(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// oneShot gives the request to a process of its own, and returns what it writes.
func oneShot(t *testing.T, cmd *exec.Cmd, request string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(request), &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	for line := range strings.Lines(out.String()) {
		valid(t, line)
	}
	return out.String(), errs.String()
}

// valid holds a line of the plugin's to the schema of its kind.
func valid(t *testing.T, line string) {
	t.Helper()
	schema := unmarshal[struct{ Method string }](t, line).Method
	switch schema {
	case "":
		schema = "answer"
	case "config.get":
		schema = "config-get-request"
	}
	require.NoError(t, spec.Validate(schema, []byte(line)), line)
}

// peer is a process that is kept running.
type peer struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	errs   *bytes.Buffer
}

func serve(t *testing.T, cmd *exec.Cmd) *peer {
	t.Helper()
	p := &peer{cmd: cmd, errs: &bytes.Buffer{}}
	var err error
	p.stdin, err = cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	p.stdout, cmd.Stderr = bufio.NewReader(stdout), p.errs
	require.NoError(t, cmd.Start())
	return p
}

func (p *peer) write(t *testing.T, line string) {
	t.Helper()
	_, err := io.WriteString(p.stdin, line)
	require.NoError(t, err)
}

// read returns the next line, without its LF.
func (p *peer) read(t *testing.T) string {
	t.Helper()
	line, err := p.stdout.ReadString('\n')
	require.NoError(t, err, p.errs)
	valid(t, line)
	return strings.TrimSuffix(line, "\n")
}

// end closes stdin, if it is not closed, and returns the exit status; nothing
// more may come.
func (p *peer) end(t *testing.T) int {
	t.Helper()
	_ = p.stdin.Close()
	rest, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	assert.Empty(t, string(rest))
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// message is what the tests read of a line.
type message struct {
	ID     json.RawMessage
	Result json.RawMessage
	Error  *struct {
		Code    int
		Message string
	}
}

func unmarshal[T any](t *testing.T, text string) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}
