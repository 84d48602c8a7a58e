//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a plugin leaves behind is killed, also when it has left the plugin's
// process group; what the script before the host left is not (ENV-6).
func TestWhatPluginsLeaveBehind(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Fatal("setsid of util-linux is needed: ", err)
	}
	const escapes = `#!/bin/sh
if [ $1 = modify ]; then
	setsid sh -c 'sleep 600 & echo $! $$ >'$0.pid'; exec sleep 600' >/dev/null 2>&1 </dev/null &
	until [ -s $0.pid ]; do sleep 0.01; done
fi
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"escapes","version":"1","protocols":[1]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"hostname":"edge1"}}}' ;;
esac
`
	for _, tc := range []struct {
		name, script string
		spared       bool
	}{
		{"killed", `exec "$@"`, false},
		{"spared beside a child that the host has already", `sleep 600 >/dev/null 2>&1 & echo $! >own.pid; exec "$@"`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "c.yml"), []byte("asn: 65000\n"), 0o600))
			plugin := filepath.Join(dir, "pathvector-plugin-escapes")
			require.NoError(t, os.WriteFile(plugin, []byte(escapes), 0o700))
			program, err := exec.LookPath("pathvector-plugin")
			require.NoError(t, err)

			var stdout, stderr bytes.Buffer
			cmd := exec.Command("sh", "-c", tc.script, "sh", program, "-c", "c.yml", "--plugin-dir", dir, "modify", "--plugin", "escapes")
			cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, &stdout, &stderr, patience
			cmd.Env = append(os.Environ(), "HOME="+dir)
			t.Cleanup(func() { killAll(t, dir) })
			require.NoError(t, cmd.Run())
			assert.Equal(t, "asn: 65000\nhostname: edge1\n", stdout.String())
			pid, _, _ := strings.Cut(readAll(t, dir, "pathvector-plugin-escapes.pid"), " ")
			if tc.spared {
				assert.DirExists(t, filepath.Join("/proc", pid))
				assert.DirExists(t, filepath.Join("/proc", strings.TrimSpace(readAll(t, dir, "own.pid"))))
				assert.Empty(t, stderr.String())
				return
			}
			assert.NoDirExists(t, filepath.Join("/proc", pid))
			// The shell may not have become its sleep yet.
			assert.Regexp(t, `^pathvector-plugin: note: plugins left processes behind, which were killed: (sleep|sh), (sleep|sh)\n$`, stderr.String())
		})
	}
}

// killAll ends what a test has let live.
func killAll(t *testing.T, dir string) {
	pids, err := filepath.Glob(filepath.Join(dir, "*.pid"))
	require.NoError(t, err)
	for _, file := range pids {
		_ = exec.Command("kill", strings.Fields(readAll(t, dir, filepath.Base(file)))...).Run()
	}
}
