package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/internal/cli"
)

// TestReadme runs every command that the README shows in a console block, in
// order, in a copy of the project with an empty home, and compares what they
// print, where a line of three dots leaves lines out. A block with file=NAME is
// saved under that name first.
func TestReadme(t *testing.T) {
	needs(t, "jq", "python3")
	runDocument(t, "README.md", copyOfProject(t), freshHome(t))
}

// TestGuides does the same with each page of docs that has commands, in an empty
// directory, without a network, with the host on PATH and the project in CLONE.
func TestGuides(t *testing.T) {
	needs(t, "jq", "python3")
	clone, err := os.Getwd()
	require.NoError(t, err)
	guides, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	guides = slices.DeleteFunc(guides, func(guide string) bool { return !strings.Contains(read(t, guide), "\n```console\n") })
	require.NotEmpty(t, guides)
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	for _, guide := range guides {
		t.Run(filepath.Base(guide), func(t *testing.T) {
			env := append(freshHome(t), "PATH="+bin+":"+os.Getenv("PATH"), "GOPROXY=off", "CLONE="+clone)
			runDocument(t, guide, t.TempDir(), env)
		})
	}
}

// runDocument runs the commands in dir, or where a "cd" of the document leads.
func runDocument(t *testing.T, file, dir string, env []string) {
	ran := 0
	for _, block := range blocks(t, file) {
		if _, name, ok := strings.Cut(block.info, " file="); ok {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(block.text), 0o644))
		}
		if block.info != "console" {
			continue
		}
		for _, c := range consoleCommands(block.text) {
			if to, ok := strings.CutPrefix(c.command, "cd "); ok {
				dir = filepath.Join(dir, strings.TrimSpace(to))
				continue
			}
			cmd := exec.Command("bash", "-c", c.command)
			cmd.Dir, cmd.Env = dir, env
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "$ %s\n%s", c.command, out)
			assert.Regexp(t, c.pattern(), string(out), "$ %s", c.command)
			ran++
		}
	}
	assert.GreaterOrEqual(t, ran, 4)
}

func TestReadmeNamesEveryCommandAndOption(t *testing.T) {
	readme := read(t, "README.md")
	commands, options := cli.Vocabulary()
	require.NotEmpty(t, commands)
	for _, name := range commands {
		assert.True(t, strings.Contains(readme, "\n| `"+name), "the command %s", name)
	}
	for _, name := range options {
		assert.True(t, strings.Contains(readme, "`"+name) || strings.Contains(readme, ", "+name), "the option %s", name)
	}
}

// The README's test command is the one that continuous integration runs.
func TestReadmeTestCommandIsRunByCI(t *testing.T) {
	for _, block := range blocks(t, "README.md") {
		if block.info == "sh" {
			assert.Equal(t, "go test ./...\n", block.text)
			assert.Contains(t, read(t, ".ci/run"), "\nstep "+block.text)
			return
		}
	}
	t.Fatal("the README has no sh block with the test command")
}

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	found := 0
	walk(t, func(name string) {
		if filepath.Ext(name) != ".md" {
			return
		}
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			found++
			assert.FileExists(t, existing(filepath.Join(filepath.Dir(name), m[1])), "%s links to %s", name, m[1])
		}
	})
	assert.NotZero(t, found)
}

// existing returns a file for a folder that is there, so that one assertion
// covers both.
func existing(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "go.mod"
	}
	return path
}

type block struct{ info, text string }

func blocks(t *testing.T, file string) []block {
	fence := regexp.MustCompile("(?ms)^```([^\\n]*)\\n(.*?)^```$")
	var out []block
	for _, m := range fence.FindAllStringSubmatch(read(t, file), -1) {
		out = append(out, block{m[1], m[2]})
	}
	require.NotEmpty(t, out)
	return out
}

type consoleCommand struct{ command, output string }

func consoleCommands(text string) []consoleCommand {
	var out []consoleCommand
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			out = append(out, consoleCommand{command: command})
			continue
		}
		out[len(out)-1].output += line
	}
	return out
}

// times are what is different each time: seconds at the start of a line, and
// milliseconds.
var times = regexp.MustCompile(`(?m)^ *\d+\\\.\d{3}(  )|( )*\d+\\\.\d{3}( ms)`)

// pattern matches the output; a line of three dots stands for any lines.
func (c consoleCommand) pattern() string {
	parts := strings.Split(c.output, "...\n")
	for i, part := range parts {
		parts[i] = times.ReplaceAllString(regexp.QuoteMeta(part), ` *\d+\.\d{3}$1$3`)
	}
	return `\A` + strings.Join(parts, `(?s:.*\n)?`) + `\z`
}

func read(t *testing.T, file string) string {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(data)
}

// needs skips where a tool is missing; continuous integration fails instead.
func needs(t *testing.T, tools ...string) {
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing", tool)
			}
			t.Skipf("%s is missing", tool)
		}
	}
}

func copyOfProject(t *testing.T) string {
	dir := t.TempDir()
	walk(t, func(name string) {
		info, err := os.Stat(name)
		require.NoError(t, err)
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		to := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
		require.NoError(t, os.WriteFile(to, data, info.Mode().Perm()&fs.ModePerm))
	})
	return dir
}

// freshHome is the environment of a new user. The Go caches stay, as they only
// save time.
func freshHome(t *testing.T) []string {
	env := []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN"} {
		out, err := exec.Command("go", "env", name).Output()
		require.NoError(t, err)
		env = append(env, name+"="+strings.TrimSpace(string(out)))
	}
	return env
}
