package python_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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

func demoPath(t *testing.T) string {
	t.Helper()
	tool(t, "python3")
	path, err := filepath.Abs("testdata/pathvector-plugin-demo")
	require.NoError(t, err)
	return path
}

// demo is the plugin in testdata, started with the arguments and more in its
// environment. It runs in / as under a host, and a minute at most.
func demo(t *testing.T, args []string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), demoPath(t), args...)
	cmd.Dir, cmd.WaitDelay = "/", time.Second
	cmd.Env = append(os.Environ(), append(env, "PYTHONDONTWRITEBYTECODE=1")...)
	stop := time.AfterFunc(time.Minute, func() {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
		}
	})
	t.Cleanup(func() { stop.Stop() })
	return cmd
}

// oneShot gives the request to a process of its own, and returns its lines.
func oneShot(t *testing.T, args []string, request []byte, env ...string) []string {
	t.Helper()
	cmd := demo(t, args, env...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(request), &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	require.True(t, strings.HasSuffix(out.String(), "\n"), "%q", out.String())
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// peer is a process that is kept running.
type peer struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	errs   *bytes.Buffer
}

func serve(t *testing.T, args []string, env ...string) *peer {
	t.Helper()
	p := &peer{cmd: demo(t, args, env...), errs: &bytes.Buffer{}}
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	p.stdout, p.cmd.Stderr = bufio.NewReader(stdout), p.errs
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

func (p *peer) write(t *testing.T, line string) {
	t.Helper()
	_, err := io.WriteString(p.stdin, line)
	require.NoError(t, err)
}

// read returns the next line, with its LF.
func (p *peer) read(t *testing.T) string {
	t.Helper()
	line, err := p.stdout.ReadString('\n')
	require.NoError(t, err, p.errs)
	return line
}

// end closes stdin and returns the exit status; nothing more may come.
func (p *peer) end(t *testing.T) int {
	t.Helper()
	rest, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	assert.Empty(t, string(rest))
	_ = p.cmd.Wait()
	assert.Empty(t, p.errs.String())
	return p.cmd.ProcessState.ExitCode()
}

func unmarshal[T any](t *testing.T, text string) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}
