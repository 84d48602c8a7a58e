package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var everything = []string{nameOurs, nameGRPC, nameNetRPC, nameLine}

// All transports answer the same to the same, which contenders sees to, and what
// they answer is right.
func TestTransportsAnswerAlike(t *testing.T) {
	b := binaries{t.TempDir()}
	require.NoError(t, b.build())
	for _, c := range []struct {
		op    operation
		peers int
		want  string
	}{
		{noop, 0, `{"merge":{"hostname":"edge1"}}`},
		{noop, peersSmall, `{"merge":{"hostname":"edge1"}}`},
		{modify, peersSmall, `{"patch":[{"op":"add","path":"/peers/P0/import-limit4","value":1100}]}`},
		{modify, peersLarge, `{"patch":[{"op":"add","path":"/peers/P0/import-limit4","value":11000}]}`},
	} {
		all, err := open(b, c.op, everything...)
		require.NoError(t, err)
		contenders, err := all.contenders(configuration(c.peers))
		require.NoError(t, err)
		assert.Len(t, contenders, len(everything))
		for i, each := range all.opened {
			call, err := each.caller(configuration(c.peers))
			require.NoError(t, err)
			got, err := call()
			require.NoError(t, err)
			assert.JSONEq(t, c.want, string(got), all.names[i])
		}
		require.NoError(t, all.close())
	}
}

func TestRunMeasuresTheRowsThatMatch(t *testing.T) {
	var stdout, stderr strings.Builder
	require.NoError(t, run([]string{"-short", "-run", "^(noop-64B|cold|list-1)$"}, &stdout, &stderr), stderr.String())
	assert.Contains(t, stdout.String(), "\n| noop, 64 B | ")
	assert.Contains(t, stdout.String(), "\n| list, 1 plugin | ")
	assert.Contains(t, stdout.String(), "noop 64 B, kept running, against gRPC | 0.40 | ")
	assert.NotContains(t, stdout.String(), "17 KB")
	assert.ErrorContains(t, run([]string{"-run", "("}, &stdout, &stderr), "error parsing regexp")
	assert.ErrorContains(t, run([]string{"-run", "none"}, &stdout, &stderr), "no row matches")
}
