package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPercentile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1)*time.Millisecond)
	}
	for _, tc := range []struct {
		sorted []time.Duration
		p      int
		want   int64
	}{
		{hundred, 50, 50_000},
		{hundred, 99, 99_000},
		{hundred, 100, 100_000},
		{hundred[:1], 50, 1_000},
		{hundred[:2], 50, 1_000},
		{hundred[:3], 50, 2_000},
		{hundred[:10], 90, 9_000},
		{hundred[:10], 99, 10_000},
	} {
		assert.Equal(t, tc.want, percentile(tc.sorted, tc.p), "%d %% of %d", tc.p, len(tc.sorted))
	}
}
