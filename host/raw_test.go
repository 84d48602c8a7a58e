//go:build linux

package host_test

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// ENV-1, ENV-2: a plugin that is started raw has what one has in a call.
func TestStartIsAsInACall(t *testing.T) {
	r := &host.Runner{Environ: []string{"PATH=/usr/bin:/bin", "LANG=C", "SECRET=x"}}
	p, err := r.Start(t.Context(), shell(t, `read -r line; echo "$1 $# $(pwd) ${SECRET-none} $LANG $line"; echo oops >&2; exit 3`), "a", "b")
	require.NoError(t, err)
	_, err = io.WriteString(p.Stdin, "{}\n")
	require.NoError(t, err)
	out, err := io.ReadAll(p.Stdout)
	require.NoError(t, err)
	assert.Equal(t, "a 2 / none C {}\n", string(out))
	assert.True(t, p.Settle(time.Minute))
	assert.Equal(t, host.Ended{Exited: true, Status: 3, Stderr: []string{"oops"}}, p.End(time.Minute))
}

// ENV-5: the steps by which a plugin is ended.
func TestEnd(t *testing.T) {
	for _, tc := range []struct {
		name, script string
		want         host.Ended
	}{
		{"at the end of stdin", `cat >/dev/null`, host.Ended{Exited: true}},
		{"by SIGTERM", `exec sleep 60`, host.Ended{Status: -1, Signal: syscall.SIGTERM}},
		{"by SIGKILL", `trap "" TERM; while :; do sleep 1; done`, host.Ended{Status: -1, Signal: syscall.SIGKILL}},
		{"what it leaves behind holds stdout", `sleep 60 & exit 0`, host.Ended{Exited: true, Held: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := (&host.Runner{}).Start(t.Context(), shell(t, tc.script))
			require.NoError(t, err)
			read := make(chan struct{})
			go func() {
				defer close(read)
				_, _ = io.Copy(io.Discard, p.Stdout)
			}()
			got := p.End(300 * time.Millisecond)
			<-read
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestTerminate(t *testing.T) {
	p, err := (&host.Runner{}).Start(t.Context(), shell(t, `trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done`), "serve")
	require.NoError(t, err)
	up := make([]byte, 3)
	_, err = io.ReadFull(p.Stdout, up)
	require.NoError(t, err)
	p.Terminate()
	rest, err := io.ReadAll(p.Stdout)
	require.NoError(t, err)
	assert.Equal(t, "bye\n", string(rest))
	end := p.End(time.Minute)
	end.Stderr = nil // some shells tell there what they saw end
	assert.Equal(t, host.Ended{Exited: true}, end)
}

func TestStartFails(t *testing.T) {
	_, err := (&host.Runner{}).Start(t.Context(), host.Program{Name: "none", Path: "/nonexistent/none"}, "describe")
	var failed *host.PluginError
	require.True(t, errors.As(err, &failed), "%v", err)
	assert.Equal(t, "none", failed.Plugin)
}
