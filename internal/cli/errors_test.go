package cli

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/host"
)

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) {
	return 0, fmt.Errorf("write: %w", syscall.EPIPE)
}

func TestOnlyTheResultsReaderMayGoQuietly(t *testing.T) {
	err := (&app{env: Env{Stdout: brokenPipe{}}}).print("asn: 1\n")
	assert.True(t, quietly(err))
	assert.Equal(t, exitHost, exitCode(err))
	assert.False(t, quietly(&host.PluginError{Plugin: "zorb", Err: syscall.EPIPE}))
}

// Advice fits the cause: a full disk is no matter of rights, nor are these of a
// misspelt name.
func TestAdviceOnFilesFitsTheCause(t *testing.T) {
	for cause, want := range map[syscall.Errno]string{
		syscall.ENOSPC: `make room there: df "/etc"; the file is as it was`,
		syscall.EROFS:  "check that its directory exists and that this user may write there; the file is as it was",
	} {
		assert.Equal(t, want, hintOf(outputError("/etc/c.yml", &os.PathError{Op: "write", Path: "x", Err: cause})))
	}
	for cause, want := range map[syscall.Errno]string{
		syscall.EACCES: `run as a user who may read it, or let this one: namei -l "/etc/c.yml"`,
		syscall.ENOENT: "name it with -c FILE",
	} {
		assert.Equal(t, want, unreadableAdvice("/etc/c.yml", &os.PathError{Op: "open", Path: "x", Err: cause}))
	}
}
