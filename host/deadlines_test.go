package host

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every call has its own time, whichever of them the timer was set for.
func TestDeadlines(t *testing.T) {
	const forever = time.Hour
	var d deadlines
	defer d.stop()
	long, endLong := d.begin(t.Context(), forever)
	short, endShort := d.begin(t.Context(), time.Millisecond)
	answered, end := d.begin(t.Context(), 2*time.Millisecond)
	end()
	<-short.Done()
	assert.Equal(t, &deadlineError{after: time.Millisecond, kept: true}, ended(short))
	require.ErrorIs(t, context.Cause(short), context.DeadlineExceeded)
	require.ErrorIs(t, context.Cause(answered), context.Canceled)
	require.NoError(t, long.Err())
	next, endNext := d.begin(t.Context(), 3*time.Millisecond)
	<-next.Done()
	assert.Equal(t, &deadlineError{after: 3 * time.Millisecond, kept: true}, ended(next))
	require.NoError(t, long.Err())
	endLong()
	endShort()
	endNext()
	assert.Empty(t, d.calls)
}

// A caller's own context ends a call too.
func TestDeadlinesOfACallersContext(t *testing.T) {
	var d deadlines
	defer d.stop()
	parent, cancel := context.WithCancel(t.Context())
	ctx, end := d.begin(parent, time.Hour)
	defer end()
	cancel()
	<-ctx.Done()
	assert.EqualError(t, ended(ctx), "interrupted before it answered")
}
