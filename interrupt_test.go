package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is what only a hang exceeds.
const patience = 3 * time.Minute

// Ctrl-C, or what systemd sends, in the middle of a plugin and in the middle
// of pathvector: exit code 130, nothing on stdout, nothing left behind.
func TestInterrupted(t *testing.T) {
	for _, tc := range []struct {
		name   string
		signal os.Signal
		args   []string
	}{
		{"a plugin that hangs, Ctrl-C", os.Interrupt, []string{"modify", "--plugin", "hangs", "-o", "out.yml"}},
		{"a plugin that hangs, SIGTERM", syscall.SIGTERM, []string{"modify", "--plugin", "hangs", "-o", "out.yml"}},
		{"a command that hangs", os.Interrupt, []string{"hangs", "show"}},
		{"pathvector that hangs", os.Interrupt, []string{"generate"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			put := func(name, content string) {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o700))
			}
			put("c.yml", "asn: 65000\nrouter-id: 192.0.2.1\n")
			put("pathvector-plugin-hangs", "#!/bin/sh\n[ $1 = describe ] || { echo $$ >"+dir+"/pid; exec sleep 600; }\n"+
				`echo '{"jsonrpc":"2.0","id":1,"result":{"name":"hangs","version":"1","protocols":[1],"methods":["modify","command"],"commands":[{"name":"show"}]}}'`+"\n")
			put("pathvector", "#!/bin/sh\nfor f; do :; done\necho $f >file\necho $$ >pid\nexec sleep 600\n")

			program, err := exec.LookPath("pathvector-plugin")
			require.NoError(t, err)
			cmd := exec.Command(program, append([]string{"-c", "c.yml"}, tc.args...)...)
			var stdout, stderr bytes.Buffer
			cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir, "XDG_RUNTIME_DIR=", "TMPDIR="+t.TempDir())
			require.NoError(t, cmd.Start())
			pid := waitForPID(t, filepath.Join(dir, "pid"))
			require.NoError(t, cmd.Process.Signal(tc.signal))
			waitFor(t, func() bool { return cmd.Wait() != nil || cmd.ProcessState != nil })

			assert.Equal(t, 130, cmd.ProcessState.ExitCode(), "%s", stderr.String())
			assert.Empty(t, stdout.String())
			assert.Contains(t, stderr.String(), "interrupted")
			assert.NotContains(t, stderr.String(), context.Canceled.Error())
			assert.NoFileExists(t, filepath.Join(dir, "out.yml"))
			assert.NoDirExists(t, filepath.Join("/proc", pid))
			if file := strings.TrimSpace(readAll(t, dir, "file")); file != "" {
				assert.NoDirExists(t, filepath.Dir(file), "what pathvector was given")
			}
		})
	}
}

// readAll returns a file's content, "" where there is none.
func readAll(t *testing.T, dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	return string(data)
}

func waitForPID(t *testing.T, file string) string {
	var pid string
	require.Eventually(t, func() bool {
		data, _ := os.ReadFile(file)
		pid = strings.TrimSpace(string(data))
		return pid != ""
	}, patience, 10*time.Millisecond)
	return pid
}

func waitFor(t *testing.T, done func() bool) {
	ended := make(chan bool, 1)
	go func() { ended <- done() }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("still running")
	}
}
