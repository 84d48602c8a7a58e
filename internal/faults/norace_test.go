//go:build linux && !race

package faults

import "time"

const (
	largeSize  = 10_000_000      // bytes of a large request
	stderrSize = 10_000_000      // bytes
	floodSize  = 70_000          // notifications, of 150 bytes each
	timeout    = 3 * time.Second // of a call whose deadline passes
)
