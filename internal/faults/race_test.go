//go:build linux && race

package faults

import "time"

// Under the race detector the host is ten times slower: what is large is
// smaller, but still more than is shown, and calls have more time.
const (
	largeSize  = 1_000_000
	stderrSize = 2_000_000
	floodSize  = 15_000
	timeout    = 10 * time.Second
)
