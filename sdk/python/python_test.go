// Package python_test runs the tests of the Python SDK, and plays the recorded
// exchanges against a plugin made with it.
package python_test

import (
	"archive/zip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The functions by themselves, in the language they are written in, with every
// Python that is installed from 3.9 on.
func TestPython(t *testing.T) {
	tool(t, "python3")
	ran := 0
	for _, name := range []string{"python3", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"} {
		if exec.CommandContext(t.Context(), name, "--version").Run() != nil {
			continue
		}
		ran++
		cmd := exec.CommandContext(t.Context(), name, "-B", "-W", "error", "-m", "unittest", "-v")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", name, out)
		assert.Regexp(t, `Ran [1-9]\d* tests`, string(out), name)
	}
	assert.NotZero(t, ran)
}

// The types are complete and hold on the oldest Python.
func TestTypes(t *testing.T) {
	mypy := tool(t, "mypy")
	files, err := filepath.Glob("*.py")
	require.NoError(t, err)
	args := append([]string{"--strict", "--python-version", "3.9", "--cache-dir", t.TempDir(), "testdata/pathvector-plugin-demo"}, files...)
	out, err := exec.CommandContext(t.Context(), mypy, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// What the README shows does what it says: its plugins pass mypy, its commands
// print what stands below them, its test passes.
func TestREADME(t *testing.T) {
	tool(t, "python3")
	mypy := tool(t, "mypy")
	dir := t.TempDir()
	copyFile(t, "pathvector_plugin.py", filepath.Join(dir, "pathvector_plugin.py"))
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "bin", "pathvector-plugin"), "../..").CombinedOutput()
	require.NoError(t, err, "%s", out)
	run := func(name string, args ...string) string {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "XDG_CONFIG_HOME="+dir)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s %q: %s", name, args, out)
		return string(out)
	}

	kinds, last := map[string]int{}, ""
	for _, b := range blocks(t, "README.md") {
		kind, name, _ := strings.Cut(b.kind, " ")
		kinds[kind]++
		switch kind {
		case "python":
			require.NoError(t, os.WriteFile(filepath.Join(dir, name+suffix(name)), []byte(b.text), 0o600))
			run(mypy, "--strict", "--python-version", "3.9", name+suffix(name))
		case "sh":
			last = run("sh", "-c", b.text)
		case "text":
			assert.Equal(t, b.text, last)
		}
	}
	assert.Equal(t, map[string]int{"python": 4, "sh": 2, "text": 2}, kinds)
	run("python3", "-B", "-W", "error::ResourceWarning", "-m", "unittest", "test.py")
	described := run("sh", "-c", `echo '{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}' | python3 typed.py describe`)
	assert.Contains(t, described, `"default":{"type":"integer","description":"for peers without a limit","default":1000}`)
	assert.Contains(t, run("sh", "-c", `python3 watching.py serve </dev/null; echo $?`), "0\n")
}

func suffix(name string) string {
	if strings.HasPrefix(name, "pathvector-plugin-") {
		return ""
	}
	return ".py"
}

type block struct{ kind, text string }

// blocks are the fenced blocks of a Markdown file.
func blocks(t *testing.T, file string) []block {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []block
	for i, part := range strings.Split("\n"+string(text), "\n```") {
		if kind, rest, ok := strings.Cut(part, "\n"); ok && i%2 == 1 {
			all = append(all, block{kind, rest + "\n"})
		}
	}
	return all
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, 0o600))
}

// The package that pyproject.toml makes is the one file.
func TestPackage(t *testing.T) {
	python := ""
	for _, candidate := range []string{"python3", "/usr/bin/python3"} { // Debian's modules are those of Debian's Python
		if exec.CommandContext(t.Context(), candidate, "-c", "import build, setuptools, wheel").Run() == nil {
			python = candidate
		}
	}
	if python == "" {
		require.NotEqual(t, "true", os.Getenv("CI"), "Python's build, setuptools and wheel must be installed where CI=true")
		t.Skip("Python's build, setuptools or wheel is not installed")
	}
	dir := t.TempDir()
	for _, name := range []string{"pathvector_plugin.py", "pyproject.toml", "README.md"} {
		copyFile(t, name, filepath.Join(dir, name))
	}
	cmd := exec.CommandContext(t.Context(), python, "-m", "build", "--no-isolation", "--wheel")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	wheels, err := filepath.Glob(filepath.Join(dir, "dist", "pathvector_plugin-*.whl"))
	require.NoError(t, err)
	require.Len(t, wheels, 1)
	wheel, err := zip.OpenReader(wheels[0])
	require.NoError(t, err)
	defer wheel.Close()
	packed, err := fs.ReadFile(wheel, "pathvector_plugin.py")
	require.NoError(t, err)
	module, err := os.ReadFile("pathvector_plugin.py")
	require.NoError(t, err)
	assert.Equal(t, string(module), string(packed))
}
