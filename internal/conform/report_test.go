package conform

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var example = Report{Plugin: "zorb", FirstAnswerUs: 4321, Checks: []Result{
	{Name: "describe", Title: "it says what it is", Status: Passed},
	{Name: "modify", Title: "it changes", Status: Failed, Findings: []Finding{{
		Rule: "MOD-2", Level: must, Text: "A modify result MUST be an object.", Problem: "expected one form, got none",
		Arguments: []string{"modify"}, Sent: `"{}\n"`, Got: `"<\x1b>"`, Stderr: []string{"a", "b"}, Hint: "answer {\"merge\":{}}",
	}}},
	{Name: "scopes", Title: "it declares", Status: Warning, Findings: []Finding{{Rule: "DSC-6", Level: should, Problem: "no reads"}}},
	{Name: "serve", Title: "it serves", Status: Skipped, Reason: "one-shot"},
	{Name: "serve-large", Title: "it serves much", Status: Skipped, Reason: "one-shot"},
	{Name: "options", Title: "they fit", Status: Untested, Reason: "file is missing", Hint: "give --option file=a"},
}}

func TestReportForPeople(t *testing.T) {
	var b strings.Builder
	require.NoError(t, example.Text(&b, false, false))
	assert.Equal(t, `ok      describe: it says what it is
FAILED  modify: it changes
        problem:    expected one form, got none
        started:    with modify
        sent:       "{}\n"
        got:        "<\x1b>"
        stderr:     a\nb
        rule MOD-2: A modify result MUST be an object.
        what to do: answer {"merge":{}}
warn    scopes: it declares
        problem:    no reads
skip    serve: and 1 more: one-shot
?       options: they fit: file is missing
        what to do: give --option file=a
zorb: 1 passed, 1 failed, 1 with warnings, 2 skipped, 1 could not be made; it breaks MOD-2; the first answer took 4.3ms
`, b.String())
	b.Reset()
	require.NoError(t, example.Text(&b, true, true))
	assert.Contains(t, b.String(), "\x1b[31mFAILED\x1b[0m  modify")
	assert.Contains(t, b.String(), "serve-large: it serves much: one-shot")
}

func TestReportAsTAP(t *testing.T) {
	var b strings.Builder
	require.NoError(t, example.TAP(&b, false))
	assert.Equal(t, `TAP version 13
1..6
ok 1 - describe
not ok 2 - modify
# MUST MOD-2: expected one form, got none
ok 3 - scopes
# SHOULD DSC-6: no reads
ok 4 - serve # SKIP one-shot
ok 5 - serve-large # SKIP one-shot
ok 6 - options # SKIP file is missing
`, b.String())
	b.Reset()
	require.NoError(t, example.TAP(&b, true))
	assert.Contains(t, b.String(), "not ok 3 - scopes")
}

func TestReportAsJUnit(t *testing.T) {
	var b strings.Builder
	require.NoError(t, example.JUnit(&b, true))
	var s suite
	require.NoError(t, xml.Unmarshal([]byte(b.String()), &s), b.String())
	assert.Equal(t, []int{6, 2, 3}, []int{s.Tests, s.Failures, s.Skipped})
	assert.Equal(t, "MOD-2: expected one form, got none", s.Cases[1].Failure.Message)
	assert.Contains(t, s.Cases[1].Failure.Text, `what to do: answer {"merge":{}}`)
	assert.Equal(t, "file is missing", s.Cases[5].Skipped.Message)
}

func TestReportCounts(t *testing.T) {
	assert.Equal(t, []string{"MOD-2"}, example.Broken(must))
	assert.Equal(t, []string{"DSC-6"}, example.Broken(should))
	assert.Equal(t, 2, example.Count(Skipped))
}
