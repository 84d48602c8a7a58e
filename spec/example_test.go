package spec

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var fence = regexp.MustCompile("(?ms)^ *```([^\n]*)\n(.*?)^ *```$")

// blocks returns the fenced blocks of the text: what stands behind the fence,
// and the lines.
func blocks(t *testing.T) [][2]string {
	t.Helper()
	var all [][2]string
	for _, m := range fence.FindAllStringSubmatch(Protocol(), -1) {
		all = append(all, [2]string{m[1], m[2]})
	}
	require.NotEmpty(t, all)
	return all
}

// Every message in the text stands in a block that names its schema, one per
// line, and matches it.
func TestExamplesMatchTheirSchema(t *testing.T) {
	used := map[string]int{}
	for _, b := range blocks(t) {
		kind, schema, _ := strings.Cut(b[0], " ")
		switch kind {
		case "sh", "abnf", "text":
		case "json":
			for line := range strings.Lines(b[1]) {
				assert.NoError(t, Validate(schema, []byte(line)), "%s: %s", schema, line)
				used[schema]++
			}
		default:
			assert.Fail(t, "a block of another kind", "%q", b[0])
		}
	}
	for _, schema := range []string{"describe-request", "describe-answer", "modify-request", "modify-answer", "command-request", "command-answer", "output", "error-answer", "log", "progress", "settings"} {
		assert.NotZero(t, used[schema], "an example of %s", schema)
	}
}

// Two lines with JSON outside of a block would not be checked.
func TestNoMessageOutsideOfBlocks(t *testing.T) {
	rest := fence.ReplaceAllString(Protocol(), "")
	for line := range strings.Lines(rest) {
		if strings.Contains(line, `"method":`) {
			request := line[strings.Index(line, "{") : strings.LastIndex(line, "}")+1]
			assert.NoError(t, Validate("describe-request", []byte(request)), "%s", line)
		}
	}
	assert.False(t, strings.Contains(rest, `"result":`), "a result outside of a block")
	assert.False(t, strings.Contains(rest, `"error":`), "an error outside of a block")
}

// The plugin at the top of the text runs, and answers by INV-2 and INV-5.
func TestShellExample(t *testing.T) {
	var script string
	for _, b := range blocks(t) {
		if b[0] == "sh" {
			script = b[1]
		}
	}
	require.NotEmpty(t, script)
	for _, method := range []string{"describe", "modify"} {
		answer, err := exec.Command("sh", "-c", script, "hello", method).Output()
		require.NoError(t, err, method)
		assert.Equal(t, 1, strings.Count(string(answer), "\n"), "one line (FRM-1)")
		assert.NoError(t, Validate(method+"-answer", answer))
	}
	answer, err := exec.Command("sh", "-c", script, "hello", "check").Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Empty(t, answer)
	assert.Contains(t, string(exit.Stderr), `not "check"`)
}

// A line of a rule's example that is no message must be noticed: the pattern
// that finds blocks is what every check above stands on.
func TestFence(t *testing.T) {
	found := fence.FindAllStringSubmatch("a\n```json log\n{}\n{}\n```\n\n  ```abnf\n  x\n  ```\n", -1)
	require.Len(t, found, 2)
	assert.Equal(t, []string{"json log", "{}\n{}\n"}, found[0][1:])
	assert.Equal(t, []string{"abnf", "  x\n"}, found[1][1:])
}
