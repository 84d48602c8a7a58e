//go:build linux

package host_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

const megabytes = 20 << 20

// INV-6, INV-3: 20 MB each way at once, and a plugin that writes before it
// reads, or never reads.
func TestLargeMessages(t *testing.T) {
	large := `{"protocol":1,"config":{"x":"` + strings.Repeat("x", megabytes) + `"}}`
	answer := `printf '{"jsonrpc":"2.0","id":1,"result":"'; head -c ` + strconv.Itoa(megabytes) + ` /dev/zero | tr '\0' a; printf '"}\n'` + "\n"
	cases := []struct{ name, script string }{
		{"writes, then reads", answer + "cat >/dev/null"},
		{"reads, then writes", "cat >/dev/null; " + answer},
		{"echoes while it reads", "cat >/dev/null &\n" + answer + "wait"},
		{"never reads", answer},
		{"closes stdin", "exec <&-; " + answer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).patient()
			got, err := r.call(t, shell(t, c.script), large)
			require.NoError(t, err)
			assert.Len(t, got.Result, megabytes+2)
			assert.Empty(t, got.Warnings)
			r.nothingLeft(t)
		})
	}
}

// A request that is not read must not hide why there is no answer.
func TestLargeRequestUnread(t *testing.T) {
	large := `{"protocol":1,"config":{"x":"` + strings.Repeat("x", megabytes) + `"}}`
	r := newRig(t).patient()
	_, err := r.call(t, shell(t, "exit 3"), large)
	checkError(t, err)
	var exit *host.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, 3, exit.Code)

	_, err = r.call(t, shell(t, "exit 0"), large)
	var v *protocol.Violation
	require.ErrorAs(t, err, &v)
	assert.Equal(t, protocol.NoAnswer, v.Kind)

	r = newRig(t)
	r.Timeout = 200 * time.Millisecond
	_, err = r.call(t, shell(t, "sleep 60"), large)
	checkError(t, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	r.nothingLeft(t)
}

// The whole request arrives, then EOF (INV-1).
func TestRequestArrivesWhole(t *testing.T) {
	r := newRig(t)
	out := filepath.Join(t.TempDir(), "out")
	params := `{"protocol":1,"config":{"x":"` + strings.Repeat("<>", megabytes/20) + `"}}`
	_, err := r.call(t, shell(t, "cat >"+out+"; printf ' %s' \"$#\" \"$1\" >>"+out+"\n"+printOK), params)
	require.NoError(t, err)
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	want := `{"jsonrpc":"2.0","id":1,"method":"describe","params":` + params + "}\n 1 describe"
	assert.True(t, want == string(got), "%d bytes wanted, %d came", len(want), len(got))
}

func TestAnswerBeyondTheLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Limit = 1000
	_, err := r.call(t, shell(t, "head -c 200000 /dev/zero | tr '\\0' a; sleep 60"), request)
	checkError(t, err)
	var v *protocol.Violation
	require.ErrorAs(t, err, &v)
	assert.Equal(t, protocol.TooLong, v.Kind)
	r.nothingLeft(t)
}
