package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTablesGoBetweenTheLines(t *testing.T) {
	got, err := between("a\n"+beginning+"old\n"+end+"b\n", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "a\n"+beginning+"\nnew\n"+end+"b\n", got)
	_, err = between("a\n"+end, "new\n")
	assert.ErrorContains(t, err, "expected the lines")
}

// The document was written by this program: it has all tables and rows.
func TestDocumentHasAllRows(t *testing.T) {
	text, err := os.ReadFile("../" + documentFile)
	require.NoError(t, err)
	_, tables, _ := strings.Cut(string(text), beginning)
	for _, s := range sections() {
		assert.Contains(t, tables, "\n### "+s.title+"\n")
		for _, r := range s.rows {
			assert.Contains(t, tables, "\n| "+r.text+" | ", "%s: run: go run -C bench . -write", r.name)
		}
	}
	for _, target := range targets {
		assert.Contains(t, tables, "\n| "+target.text+" | ")
	}
}

func TestOnlyAWholeRunIsWritten(t *testing.T) {
	assert.ErrorContains(t, writeDocument(t.TempDir(), sections()), "leave out -run and -short")
}
