package scaffold_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/conform"
	"github.com/natesales/pathvector-plugin/internal/scaffold"
)

// tool skips a test without the program; with CI=true it fails instead.
func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "%s must be installed where CI=true", name)
		t.Skipf("%s is not installed", name)
	}
}

func plugin(lang string) scaffold.Plugin {
	return scaffold.Plugin{Name: "try-" + lang, Lang: lang, Version: "0.3.1", Sources: os.DirFS("../..")}
}

// run runs a command of a shell in the directory, as without a network.
func run(t *testing.T, dir, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=vendor", "GOWORK=off", "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s: %s", command, out)
	return string(out)
}

// made writes the plugin, and builds it where that has to be done.
func made(t *testing.T, lang string) (dir string, p scaffold.Plugin) {
	t.Helper()
	tool(t, map[string]string{"go": "go", "python": "python3", "sh": "jq"}[lang])
	p = plugin(lang)
	dir, err := p.Write(t.TempDir())
	require.NoError(t, err)
	run(t, dir, p.Test())
	return dir, p
}

// A new plugin's own test passes, it can fail, and the plugin keeps to the
// protocol, every SHOULD included; what is skipped is what it does not have.
func TestNewPluginsWork(t *testing.T) {
	for _, l := range scaffold.Languages() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			dir, p := made(t, l.Name)
			conform.Test(t, filepath.Join(dir, p.Directory()), conform.Options{Strict: true})
		})
	}
}

// The line that is marked is the one to edit: its number is what the plugin
// uses, and its test notices when the rest is broken.
func TestTheMarkedLineCounts(t *testing.T) {
	sources := map[string]string{"go": "main.go", "python": "pathvector-plugin-try-python", "sh": "pathvector-plugin-try-sh"}
	for _, l := range scaffold.Languages() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			dir, p := made(t, l.Name)
			file := filepath.Join(dir, sources[l.Name])
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var marked []string
			for line := range strings.Lines(string(text)) {
				if strings.Contains(line, "<- edit this first") {
					marked = append(marked, line)
				}
			}
			require.Len(t, marked, 1)
			edited := strings.Replace(string(text), marked[0], strings.Replace(marked[0], "1000", "77", 1), 1)
			require.NoError(t, os.WriteFile(file, []byte(edited), 0o755))
			run(t, dir, p.Test())
			assert.Contains(t, run(t, dir, "echo '"+describe+"' | ./"+p.Directory()+" describe"), `"default":77`)

			broken := strings.ReplaceAll(edited, "template", "tmplate")
			require.NoError(t, os.WriteFile(file, []byte(broken), 0o755))
			cmd := exec.CommandContext(context.Background(), "sh", "-c", p.Test())
			cmd.Dir = dir
			assert.Error(t, cmd.Run(), "the test must notice")
		})
	}
}

const describe = `{"jsonrpc":"2.0","id":1,"method":"describe","params":{"protocol":1}}`

// A plugin in Go brings the very files of the SDK, without tests, and vets.
func TestVendor(t *testing.T) {
	files, err := plugin("go").Files()
	require.NoError(t, err)
	const vendored = "vendor/github.com/natesales/pathvector-plugin/"
	for _, pkg := range []string{"sdk", "sdk/plugintest", "protocol"} {
		names, err := filepath.Glob("../../" + pkg + "/*.go")
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			got, ok := files[vendored+pkg+"/"+filepath.Base(name)]
			assert.NotEqual(t, strings.HasSuffix(name, "_test.go"), ok, name)
			if ok {
				assert.Equal(t, string(text), string(got), name)
			}
		}
	}
	assert.Contains(t, files, vendored+"LICENSE")
	assert.Contains(t, string(files["go.mod"]), "require github.com/natesales/pathvector-plugin v0.3.1")
	assert.Contains(t, string(files["vendor/modules.txt"]), "# github.com/natesales/pathvector-plugin v0.3.1\n")
	dir, err := plugin("go").Write(t.TempDir())
	require.NoError(t, err)
	run(t, dir, "go build ./... && go vet ./...")
	assert.Empty(t, run(t, dir, "gofmt -l *.go"))
}

// All or nothing: what exists stays, and a failure leaves nothing behind.
func TestWriteAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	p := plugin("sh")
	existing := filepath.Join(dir, p.Directory())
	require.NoError(t, os.WriteFile(existing, []byte("mine"), 0o600))
	_, err := p.Write(dir)
	assert.ErrorIs(t, err, scaffold.ErrExists)
	text, err := os.ReadFile(existing)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(text))

	_, err = p.Write(filepath.Join(dir, "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	bad := p
	bad.Name, bad.Sources = "other", fstest.MapFS{"go.mod": {Data: []byte("module x\n")}}
	_, err = bad.Write(dir)
	assert.ErrorContains(t, err, "the version of Go")
	_, err = scaffold.Plugin{Name: "x", Lang: "cobol", Sources: os.DirFS("../..")}.Write(dir)
	assert.ErrorContains(t, err, `"cobol"`)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

// Scripts are executable, and no template is left without a language.
func TestFiles(t *testing.T) {
	used := 1 // the licence
	for _, l := range scaffold.Languages() {
		files, err := plugin(l.Name).Files()
		require.NoError(t, err)
		for _, name := range []string{"README.md", "LICENSE"} {
			assert.Contains(t, string(files[name]), "pathvector-plugin-try-"+l.Name)
		}
		for name, text := range files {
			assert.NotContains(t, string(text), "{{", "%s", name)
		}
		templates, err := filepath.Glob("templates/" + l.Name + "/*.tmpl")
		require.NoError(t, err)
		require.NotEmpty(t, templates)
		used += len(templates)
	}
	all := 0
	require.NoError(t, filepath.WalkDir("templates", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all++
		}
		return err
	}))
	assert.Equal(t, all, used)
	dir, err := plugin("sh").Write(t.TempDir())
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(dir, "pathvector-plugin-try-sh"))
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&0o100)
}

// What new writes in shell and Python passes the checkers of the languages.
func TestCheckers(t *testing.T) {
	t.Run("shellcheck", func(t *testing.T) {
		tool(t, "shellcheck")
		dir, err := plugin("sh").Write(t.TempDir())
		require.NoError(t, err)
		run(t, dir, "shellcheck pathvector-plugin-try-sh test.sh pathvector-plugin.sh")
	})
	t.Run("mypy", func(t *testing.T) {
		tool(t, "mypy")
		dir, err := plugin("python").Write(t.TempDir())
		require.NoError(t, err)
		run(t, dir, "mypy --strict --python-version 3.9 --cache-dir "+t.TempDir()+" pathvector-plugin-try-python test_plugin.py")
	})
}
