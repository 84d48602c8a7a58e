package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/conform"
)

// What plugins in these languages need to run.
var languages = map[string]string{"awk": "awk", "c": "cc", "node": "node", "perl": "perl", "tcl": "tclsh"}

// Plugins that were written with nothing but the protocol's text, in whatever
// language, pass the conformance test, warnings included.
func TestPluginsInOtherLanguages(t *testing.T) {
	files, err := filepath.Glob("testdata/languages/*/pathvector-plugin-*")
	require.NoError(t, err)
	assert.Len(t, files, len(languages))
	for _, file := range files {
		language := filepath.Base(filepath.Dir(file))
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			needs(t, languages[language])
			conform.Test(t, runnable(t, file), conform.Options{Strict: true})
		})
	}
}

// runnable compiles what is no script.
func runnable(t *testing.T, file string) string {
	name, ok := strings.CutSuffix(filepath.Base(file), ".c")
	if !ok {
		return file
	}
	program := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-O", "-o", program, file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// A plugin with the Go SDK passes with all that it can do.
func TestGoSDKConforms(t *testing.T) {
	program := filepath.Join(t.TempDir(), "pathvector-plugin-names")
	out, err := exec.Command("go", "build", "-o", program, "./testdata/sdk/pathvector-plugin-names").CombinedOutput()
	require.NoError(t, err, "%s", out)
	conform.Test(t, program, conform.Options{Commands: []string{"show"}, Strict: true})
}

// So does one with the Python SDK, in both modes. It declares no scopes, which
// is a warning.
func TestPythonSDKConforms(t *testing.T) {
	needs(t, "python3")
	const demo = "sdk/python/testdata/pathvector-plugin-demo"
	conform.Test(t, demo, conform.Options{Commands: []string{"status"}})
	t.Run("kept running", func(t *testing.T) {
		t.Setenv("KEPT", "1")
		conform.Test(t, demo, conform.Options{Commands: []string{"status"}, Env: []string{"KEPT"}})
	})
}

// The bundled plugins pass too, each with options that let it do something.
func TestBundledPluginsConform(t *testing.T) {
	site := filepath.Join(t.TempDir(), "sites.yml")
	require.NoError(t, os.WriteFile(site, []byte("edge1:\n  router-id: 192.0.2.7\n"), 0o644))
	options := map[string]string{
		"drain":   `{"tags":["maintenance"]}`,
		"inherit": `{"extends":{"transit":"peering"},"merge-lists":["announce"]}`,
		"site":    `{"router":"edge1","file":"` + site + `"}`,
	}
	for _, p := range bundled(t) {
		t.Run(p.Name, func(t *testing.T) {
			conform.Test(t, p.Path, conform.Options{Options: options[p.Name], Commands: commands[p.Name], Strict: true})
		})
	}
}

// commands are those that change nothing.
var commands = map[string][]string{"drain": {"status", "status --all --json", "status --wrong"}}
