//go:build linux && !race

package faults

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/faults.md anew")

const document = "../../docs/faults.md"

// TestDocument holds the documentation to the matrix.
func TestDocument(t *testing.T) {
	text := head + table() + foot
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(text), 0o644))
	}
	have, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.True(t, text == string(have), "docs/faults.md is not what the matrix says; write it anew: go test ./internal/faults -run Document -update")
}

const head = `# What a plugin can do wrong, and what comes of it

This page is written by a test, which runs every line of the table in both modes:
` + "`go test ./internal/faults`" + `.

The configuration stays as it is, whatever the plugin does. Without a result nothing is written to
stdout. A call ends within its deadline (` + "`--timeout`" + `, in the table 3 s) and at most five seconds more.
Nothing of the plugin runs after that (on Linux; [the README](../README.md#what-a-plugin-may-do)
says what other systems cannot do), and no other plugin is affected.

A result may come with a warning; with ` + "`--strict`" + ` that is exit code 4 in place of the result. An
error says which plugin it was, what was expected, what came, and what to do; in the table stands
its most important part, and the rule of [the protocol](../spec/protocol.md) that the plugin broke.

| a plugin that … | one-shot | kept running |
|---|---|---|
`

const foot = `
The deadline is the same whether a plugin hangs or is slow. A plugin that is kept running is told
to cancel then, and has one second to answer that; if it does not, it is stopped, and all its calls
fail. What it writes after its answer is found when the host ends it: the run fails then, as in
one-shot mode.

Within one run, a plugin that is kept running is started again after a crash, for the next call.
When it ends five times in a row without an answer, with longer and longer waits between, its calls
fail at once for a minute.
`

func table() string {
	var b strings.Builder
	for _, row := range matrix {
		if row.name == "none" {
			continue
		}
		kept := row.kept.String()
		if row.kept == row.oneShot {
			kept = "the same"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.does, row.oneShot, kept)
	}
	return b.String()
}

// String returns the outcome in words, for a cell of the table.
func (o outcome) String() string {
	text := "a result"
	switch {
	case o.exit != 0:
		text = fmt.Sprintf("exit code %d: %s", o.exit, verbatim(o.says))
	case o.says != "":
		text += ", warning: " + verbatim(o.says)
	}
	if o.rule != "" {
		text += " (" + o.rule + ")"
	}
	if o.note != "" {
		text += ", note: " + verbatim(o.note)
	}
	return text
}

// verbatim keeps Markdown from reading the text.
func verbatim(text string) string { return "`" + strings.ReplaceAll(text, "|", `\|`) + "`" }
