package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Ctrl-C ends a command also when nobody reads what it prints, as in a pager.
func TestInterruptedWhileNobodyReads(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "c.yml"), []byte("asn: 65000\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pathvector-plugin-floods"), []byte(`#!/bin/sh
[ $1 = command ] || exec echo '{"jsonrpc":"2.0","id":1,"result":{"name":"floods","version":"1","protocols":[1],"methods":["command"],"commands":[{"name":"show"}]}}'
while :; do printf '%s\n' '{"jsonrpc":"2.0","method":"output","params":{"stream":"stdout","text":"more and more and more\n"}}'; done
`), 0o700))
	program, err := exec.LookPath("pathvector-plugin")
	require.NoError(t, err)
	cmd := exec.Command(program, "-c", "c.yml", "floods", "show")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, w, &stderr
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir)
	require.NoError(t, cmd.Start())
	require.NoError(t, w.Close())
	require.Eventually(t, func() bool {
		waiting, err := unix.IoctlGetInt(int(r.Fd()), unix.TIOCINQ)
		return err == nil && waiting > 60_000
	}, patience, 10*time.Millisecond, "the pipe fills up")
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	waitFor(t, func() bool { return cmd.Wait() != nil || cmd.ProcessState != nil })
	assert.Equal(t, 130, cmd.ProcessState.ExitCode(), "%s", stderr.String())
	assert.Contains(t, stderr.String(), "interrupted while the output of plugin floods was printed")
}
