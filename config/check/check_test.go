package check_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/check"
)

// lines are the findings in short.
func lines(found []check.Finding) []string {
	out := []string{}
	for _, f := range found {
		out = append(out, fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Code, f.Path))
	}
	return out
}

// The edge router's file is what a careful operator writes.
func TestTheEdgeRouterHasNoFindings(t *testing.T) {
	text, err := os.ReadFile("../../testdata/edge/pathvector.yml")
	require.NoError(t, err)
	assert.Empty(t, find(t, text))
}

// Findings stand where the value is written, also one that a template or an
// anchor brings, and once for all peers that share it.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{
			"templates:\n  t:\n    announce: [64500:1, nonsense]\npeers:\n  A: {template: t, asn: 1, neighbors: [192.0.2.1]}\n  B: {template: t, asn: 2, neighbors: [192.0.2.1]}\n",
			[]string{"5:25 bad-community /templates/t/announce/1"},
		},
		{"templates:\n  unused: {announce: [nonsense], asn: 0, prefix: x}\n", []string{"4:42 unknown-key /templates/unused/prefix"}},
		{
			"templates:\n  t: {announce: [nonsense], multihop: true}\npeers:\n  A: {template: t, announce: ['64500:1'], multihop: , asn: 1, neighbors: ['fe80::1%eth0']}\n",
			[]string{"6:75 link-local /peers/A/neighbors/0"},
		},
		{"peers:\n  A: &a {asn: 1, neighbors: [one]}\n  B: {<<: *a, asn: 2}\n", []string{"4:30 bad-address /peers/A/neighbors/0", "4:30 bad-address /peers/B/neighbors/0"}},
		{"kernel:\n  statics:\n    192.0.2.1/24: 192.0.2.1\n    foo: 192.0.2.1\n", []string{"5:5 host-bits /kernel/statics/192.0.2.1~124", "6:5 bad-prefix /kernel/statics/foo"}},
		{"peers:\n  A: {asn: 0x1, neighbors: [192.0.2.1]}\n  a: {asn: 1, neighbors: [192.0.2.2]}\n  B: {asn: 1, neighbors: [192.0.2.1]}\n", []string{"5:3 peer-collision /peers/a"}},
		{"peers:\n  1A: {asn: 1, neighbors: [192.0.2.1]}\n  peer 1a: {asn: 1, neighbors: [192.0.2.2]}\n", []string{"5:3 peer-collision /peers/peer 1a"}},
		{"peers: {A: {}}\n", []string{"3:9 peer-without-neighbors /peers/A", "3:9 peer-without-asn /peers/A"}},
		{"later: {key: {neighbors: x}}\n", []string{"3:1 unknown-key /later"}},
	} {
		assert.Equal(t, tt.want, lines(find(t, example{text: tt.text}.file())), tt.text)
	}
	assert.Equal(t, []string{"1:1 missing-asn ", "1:1 missing-router-id "}, lines(find(t, nil)))
}

func TestSuggestions(t *testing.T) {
	for key, want := range map[string]string{
		"neighbours": "did you mean neighbors?", "neighbors4": "did you mean neighbors?", "local_pref": "did you mean local-pref?",
		"Import-Limit4": "did you mean import-limit4?", "ans": "did you mean asn?", "comments": "", "foo": "", "x": "",
	} {
		found := find(t, example{text: "peers:\n  A: {asn: 1, neighbors: [192.0.2.1], " + key + ": x}\n"}.file())
		require.Len(t, found, 1, key)
		message := "unknown key " + key
		if want != "" {
			message += ": " + want
		}
		assert.Equal(t, message, found[0].Message)
	}
}

// SCP-10: no finding shows a password, not even one that was mistaken for a
// tag, or that an alias brings elsewhere.
func TestFindingsKeepPasswords(t *testing.T) {
	for _, text := range []string{
		"peers:\n  A: {asn: 1, neighbors: [192.0.2.1], password: 'hunter2\"'}\n",
		"peers:\n  A: {asn: 1, neighbors: [192.0.2.1], password: !hunter2 x}\n",
		"peers:\n  A: {asn: 1, neighbors: [192.0.2.1], password: &p hunter2, listen4: *p, role: *p}\n",
		"peers:\n  A: {asn: 1, neighbors: [192.0.2.1], password: &p hunter2, announce: [*p], template: *p}\n",
		"peers:\n  A: {asn: 1, neighbors: [192.0.2.1], password: &p hunter2}\nblocklist: [*p]\nbogons4: [*p]\nprefixes: [*p]\nrtr-server: *p\n",
	} {
		found := find(t, example{text: text}.file())
		assert.NotEmpty(t, found, text)
		for _, f := range found {
			assert.NotContains(t, f.Message+f.Instead, "hunter2", text)
		}
	}
}

// FuzzDocument: whatever the file, the checks come to an end, and every finding
// has a place in it.
func FuzzDocument(f *testing.F) {
	text, err := os.ReadFile("../../docs/checks.md")
	require.NoError(f, err)
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		f.Add(m[2])
	}
	codes := check.Codes()
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := config.Parse("c.yml", []byte(text))
		if err != nil {
			return
		}
		for _, found := range check.Document(doc) {
			require.Equal(t, codes[found.Code], found.Severity)
			require.LessOrEqual(t, found.Line, strings.Count(text, "\n")+strings.Count(text, "\r")+strings.Count(text, "\u0085")+strings.Count(text, "\u2028")+strings.Count(text, "\u2029")+1)
			require.Positive(t, found.Column)
		}
	})
}
