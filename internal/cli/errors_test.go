package cli

import (
	"fmt"
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
