package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQuantiles(t *testing.T) {
	assert.InDelta(t, 3.0, sample{5, 1, 3, 2, 4}.median(), 0)
	assert.InDelta(t, 2.0, sample{5, 1, 3, 2, 4}.quantile(0.25), 0)
	assert.InDelta(t, 4.0, sample{5, 1, 3, 2, 4}.quantile(0.75), 0)
	assert.InDelta(t, 7.0, sample{7}.quantile(0.25), 0)
	assert.Zero(t, sample{}.median())
}

// A and B take turns. In each, one call does not count.
func TestContendersTakeTurns(t *testing.T) {
	var order strings.Builder
	does := func(name string) contender {
		return contender{name, func() error {
			order.WriteString(name)
			return nil
		}}
	}
	samples, err := pace{least: 2}.alternate(2, []contender{does("a"), does("b")})
	require.NoError(t, err)
	assert.Equal(t, "aaabbbaaabbb", order.String())
	assert.Len(t, samples[0], 4)
	assert.Len(t, samples[1], 4)
}

func TestTurnsFillTheBudget(t *testing.T) {
	turns := 0
	_, err := pace{budget: 200 * time.Millisecond, least: 1}.alternate(1, []contender{{"a", func() error {
		turns++
		time.Sleep(100 * time.Microsecond)
		return nil
	}}})
	require.NoError(t, err)
	assert.Greater(t, turns, 2) // one turn has two calls
}

func TestAFailureNamesTheContender(t *testing.T) {
	_, err := pace{least: 1}.alternate(1, []contender{{"a", func() error { return errors.New("it broke") }}})
	assert.EqualError(t, err, "a: it broke")
}

func TestAtOnceMakesAllCalls(t *testing.T) {
	calls := make(chan bool, 256)
	require.NoError(t, atOnce(4, 256, func() error {
		calls <- true
		return nil
	}))
	assert.Len(t, calls, 256)
	assert.Error(t, atOnce(4, 256, func() error { return errors.New("it broke") }))
}
