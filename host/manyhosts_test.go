package host_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
)

// describeOften is one of many hosts. It checks that versions never go back,
// as they do if an old answer is taken for that of a new file.
func describeOften(t assert.TestingT, r *host.Runner, plugin, cache string) {
	h := &host.Host{Runner: r, Version: "1.0.0", Cache: &host.DescribeCache{Dir: cache}}
	h.Cache.SetClock(func() time.Time { return time.Now().Add(time.Hour) })
	last := ""
	for range 25 {
		d, err := h.Describe(context.Background(), host.Step{Plugin: discovery.Plugin{Name: "zorb", Path: plugin}})
		if !assert.NoError(t, err) || !assert.GreaterOrEqual(t, d.Version, last) {
			return
		}
		last = d.Version
	}
}

// runDescribing does so in a process of its own. The plugin and the cache are
// its arguments.
func runDescribing() int {
	var failed failures
	describeOften(&failed, new(host.Runner), os.Args[1], os.Args[2])
	return int(failed)
}

// failures is a testing.T for a process that is no test.
type failures int

func (f *failures) Errorf(format string, args ...any) {
	*f = 1
	fmt.Fprintf(os.Stderr, format, args...)
}
