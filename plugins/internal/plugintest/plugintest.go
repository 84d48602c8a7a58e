// Package plugintest runs the programs of the bundled plugins for their tests
// the way a host does, whatever language they are in, and the command lines of
// their READMEs the way a reader does. Unit tests of a plugin in Go, without a
// process, are the business of sdk/plugintest.
package plugintest

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// Tool returns the path of a program that a test needs. Without it the test is
// skipped; with CI=true in the environment it fails.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		require.NoError(t, err, "%s must be installed where CI=true", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// Abs returns the absolute path of a file beside the test.
func Abs(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	require.NoError(t, err)
	return path
}

// Command is one start of a plugin.
type Command struct {
	Argv  []string // the plugin, or an interpreter with it, and arguments
	Stdin string
	Path  string // the plugin's PATH; empty for the test's own
}

// Run starts the command in the directory / with the environment variables
// that ENV-1 and ENV-2 leave it, and returns what it writes to stdout and
// stderr. A status other than 0 fails the test, and so does a minute's wait.
func Run(t testing.TB, c Command) (stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if c.Path == "" {
		c.Path = os.Getenv("PATH")
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=" + c.Path, "HOME=/nonexistent", "LANG=C.UTF-8"}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.Stdin), &out, &errs
	cmd.WaitDelay = 5 * time.Second
	require.NoError(t, cmd.Run(), "%q: %s", c.Argv, errs.String())
	return out.String(), errs.String()
}

// Request returns a request line in the form that MSG-2 fixes. The config and
// options are JSON texts; both are left out when config is empty.
func Request(id, method, config, options string) string {
	params := `{"protocol":1}`
	if config != "" {
		config = strings.ReplaceAll(config, "\n", "") // no JSON string holds one
		params = `{"protocol":1,"options":` + options +
			`,"context":{"configFile":"/etc/pathvector.yml","configDir":"/etc","stateDir":"/var/lib/x",` +
			`"timeoutMs":30000,"hostVersion":"0.1.0","dryRun":true},"config":` + config + `}`
	}
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"` + method + `","params":` + params + "}\n"
}

// Answer is what a plugin answered.
type Answer struct {
	ID     json.RawMessage `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// ReadAnswer reads the single line (FRM-1, FRM-11) of stdout as an answer to
// the method, by the schemas of spec.
func ReadAnswer(t testing.TB, method, stdout string) Answer {
	t.Helper()
	require.Equal(t, 1, strings.Count(stdout, "\n"), "one line, got %q", stdout)
	require.True(t, strings.HasSuffix(stdout, "\n"), "the line ends with LF (FRM-8): %q", stdout)
	var a Answer
	require.NoError(t, json.Unmarshal([]byte(stdout), &a))
	schema := method + "-answer"
	if a.Error != nil {
		schema = "error-answer"
	}
	require.NoError(t, spec.Validate(schema, []byte(stdout)), "%s", stdout)
	return a
}

// ReadAnswers gives all requests to one process, which is started without a
// method (INV-4), and returns its answers in their order.
func ReadAnswers(t testing.TB, method, plugin string, requests []string) []Answer {
	t.Helper()
	out, _ := Run(t, Command{Argv: []string{Abs(t, plugin)}, Stdin: strings.Join(requests, "")})
	lines := strings.SplitAfter(strings.TrimSuffix(out, "\n"), "\n")
	require.Len(t, lines, len(requests), "a line for each request")
	answers := make([]Answer, len(lines))
	for i, line := range lines {
		answers[i] = ReadAnswer(t, method, strings.TrimSuffix(line, "\n")+"\n")
	}
	return answers
}

// README runs every sh block of a README in its folder and compares what it
// prints with the text block that follows. There must be such blocks.
func README(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	parts := strings.Split(string(text), "```")
	ran := 0
	for i := 1; i+2 < len(parts); i += 2 {
		script, isScript := strings.CutPrefix(parts[i], "sh\n")
		want, hasWant := strings.CutPrefix(parts[i+2], "text\n")
		if !isScript || !hasWant {
			continue
		}
		ran++
		cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
		cmd.Dir = filepath.Dir(Abs(t, file))
		got, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s%s", script, got)
		require.Equal(t, want, string(got), "%s", script)
	}
	require.NotZero(t, ran, "no block of commands in %s", file)
}
