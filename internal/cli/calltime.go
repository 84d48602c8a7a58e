package cli

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// latency is what call --count prints with --json, in microseconds.
type latency struct {
	Count int    `json:"count"`
	P50   int64  `json:"p50_us"`
	P90   int64  `json:"p90_us"`
	P99   int64  `json:"p99_us"`
	Max   int64  `json:"max_us"`
	Mode  string `json:"mode"`
}

// timeCalls makes the call again and again, one after the other. Of a plugin
// that is kept running, one call comes before those that count: it starts the
// process.
func (a *app) timeCalls(c *cli.Context, r *request) error {
	mode := cmp.Or(r.step.Mode, protocol.ModeOneShot)
	if mode == protocol.ModeKeptRunning {
		if _, err := a.makeCall(c, r); err != nil {
			return err
		}
	}
	took := make([]time.Duration, c.Int("count"))
	for i := range took {
		began := time.Now()
		_, err := a.makeCall(c, r)
		took[i] = time.Since(began)
		if err != nil {
			return err
		}
	}
	slices.Sort(took)
	l := latency{
		Count: len(took), Mode: mode,
		P50: percentile(took, 50), P90: percentile(took, 90), P99: percentile(took, 99), Max: percentile(took, 100),
	}
	if c.Bool("json") {
		return a.printJSON(l)
	}
	return a.print(l.text())
}

// percentile is by the nearest rank: the smallest that so many per cent do not
// exceed.
func percentile(sorted []time.Duration, p int) int64 {
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1].Microseconds()
}

func (l latency) text() string {
	ms := func(us int64) string { return fmt.Sprintf("%9.3f ms", float64(us)/1000) }
	return fmt.Sprintf("calls %5d, %s\np50 %s\np90 %s\np99 %s\nmax %s\n", l.Count, l.Mode, ms(l.P50), ms(l.P90), ms(l.P99), ms(l.Max))
}
