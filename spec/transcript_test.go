package spec

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func transcripts(t *testing.T) []Transcript {
	t.Helper()
	all, err := Transcripts()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// lines returns the lines of b without their LF and CR (FRM-2).
func lines(b []byte) []string {
	var out []string
	for line := range bytes.Lines(b) {
		out = append(out, strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"))
	}
	return out
}

// answers returns the lines that have no method, as only answers do.
func answers(b []byte) []string {
	return slices.DeleteFunc(lines(b), func(s string) bool { return strings.Contains(s, `"method":`) })
}

// The requests are written as MSG-2 says and match their schema. Method and
// argument are the same (INV-1).
func TestTranscriptRequests(t *testing.T) {
	for _, x := range transcripts(t) {
		require.Equal(t, 1, bytes.Count(x.Request, []byte("\n")), x.Name)
		require.True(t, bytes.HasSuffix(x.Request, []byte("\n")), x.Name)
		m := regexp.MustCompile(`^{"jsonrpc":"2\.0","id":1,"method":"([a-z-]+)","params":{"protocol":([0-9]+)[,}]`).FindSubmatch(x.Request)
		require.NotNil(t, m, x.Name)
		schema := "request"
		if string(m[2]) == "1" && slices.Contains(SchemaNames(), string(m[1])+"-request") {
			schema = string(m[1]) + "-request"
		}
		assert.NoError(t, Validate(schema, x.Request), x.Name)
		if x.Method() != "" {
			assert.Equal(t, x.Method(), string(m[1]), x.Name)
		}
		assertOrder(t, x.Request, x.Name)
	}
}

// assertOrder checks the keys of a request's params (MSG-2).
func assertOrder(t *testing.T, line []byte, name string) {
	t.Helper()
	var request struct{ Params json.RawMessage }
	require.NoError(t, json.Unmarshal(line, &request), name)
	if request.Params == nil {
		return
	}
	order := []string{"protocol", "name", "arguments", "options", "context", "changes", "config"}
	last := -1
	d := json.NewDecoder(bytes.NewReader(request.Params))
	_, err := d.Token() // the brace
	require.NoError(t, err, name)
	for d.More() {
		key, err := d.Token()
		require.NoError(t, err, name)
		require.NoError(t, d.Decode(new(json.RawMessage)), name)
		if i := slices.Index(order, key.(string)); i >= 0 {
			assert.Greater(t, i, last, "%s: %s", name, key)
			last = i
		}
	}
}

// A result and an error are the only answer, and match their schema; what
// stands beside them is notifications.
func TestTranscriptAnswers(t *testing.T) {
	for _, x := range transcripts(t) {
		if x.Outcome.Kind == Violation {
			continue
		}
		method, _, _ := strings.Cut(x.Name, "-")
		if x.Outcome.Kind == Error {
			method = "error"
		}
		found := answers(x.Answer)
		require.Len(t, found, 1, x.Name)
		assert.NoError(t, Validate(method+"-answer", []byte(found[0])), x.Name)
		if x.Outcome.Kind == Error {
			assert.Regexp(t, `"code":`+regexp.QuoteMeta(strconv.Itoa(x.Outcome.Code))+`,`, found[0], x.Name)
		}
		for _, line := range lines(x.Answer) {
			if line != found[0] {
				assert.NoError(t, Validate("notification", []byte(line)), x.Name)
			}
		}
	}
}

// inSchema are the rules that schemas express: an answer that breaks one of
// them does not match, and one that breaks another rule does.
var inSchema = []string{"MSG-5", "MSG-6", "ERR-1", "DSC-2", "SCP-1", "MOD-2", "MOD-3", "MOD-5", "MOD-7", "CMD-5", "CHK-3"}

// semantic are the rules that only those break whose answer matches its schema.
var semantic = []string{"MSG-4", "VER-4", "VER-5"}

func TestTranscriptViolationsInSchema(t *testing.T) {
	for _, x := range transcripts(t) {
		if x.Outcome.Kind != Violation {
			continue
		}
		method, _, _ := strings.Cut(x.Name, "-")
		for _, answer := range answers(x.Answer) {
			err := Validate(method+"-answer", []byte(answer))
			if slices.Contains(inSchema, x.Outcome.Rule) {
				assert.Error(t, err, x.Name)
			}
			if slices.Contains(semantic, x.Outcome.Rule) {
				assert.NoError(t, err, x.Name)
			}
		}
	}
}

// Every way to break the protocol that the text lists has an exchange or a
// dialogue, and every one of those that breaks it is listed.
func TestTranscriptsCoverTheViolations(t *testing.T) {
	_, table, found := strings.Cut(Protocol(), "| what came | rule |")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\n")
	var listed, shown []string
	for _, m := range regexp.MustCompile(`\| ([A-Z]+-[0-9]+) \|`).FindAllStringSubmatch(table, -1) {
		listed = append(listed, m[1])
	}
	for _, x := range transcripts(t) {
		if x.Outcome.Kind == Violation && !slices.Contains(shown, x.Outcome.Rule) {
			shown = append(shown, x.Outcome.Rule)
		}
	}
	for _, d := range dialogues(t) {
		if d.Outcome.Kind == Violation && !slices.Contains(shown, d.Outcome.Rule) {
			shown = append(shown, d.Outcome.Rule)
		}
	}
	require.Len(t, listed, 28)
	assert.ElementsMatch(t, listed, shown)
}

func TestTranscriptsCiteRules(t *testing.T) {
	ids := ruleIDs()
	for _, x := range transcripts(t) {
		require.NotEmpty(t, x.Rules, x.Name)
		for _, id := range x.Rules {
			assert.Contains(t, ids, id, x.Name)
		}
		if x.Outcome.Kind == Violation {
			assert.Contains(t, x.Rules, x.Outcome.Rule, x.Name)
		}
	}
}

func TestTranscriptsCoverMessages(t *testing.T) {
	some := map[string]func(Transcript) bool{
		"any plugin":        func(x Transcript) bool { return x.AnyPlugin },
		"no argument":       func(x Transcript) bool { return x.Method() == "" },
		"CR before LF":      func(x Transcript) bool { return bytes.Contains(x.Answer, []byte("\r\n")) },
		"a limit":           func(x Transcript) bool { return x.Limit > 0 },
		"an exit status":    func(x Transcript) bool { return x.Exit != 0 },
		"stderr":            func(x Transcript) bool { return len(x.Stderr) > 0 },
		"merge":             has(`"result":{"merge":`),
		"patch":             has(`"result":{"patch":`),
		"config":            has(`"result":{"config":`),
		"output":            has(`"method":"output"`),
		"log":               has(`"method":"log"`),
		"progress":          has(`"method":"progress"`),
		"an unknown method": has(`"method":"x-unknown"`),
		"an unknown field":  has(`"x-trace":`),
	}
	for what, is := range some {
		assert.True(t, slices.ContainsFunc(transcripts(t), is), "a transcript with %s", what)
	}
}

func has(part string) func(Transcript) bool {
	return func(x Transcript) bool { return bytes.Contains(x.Answer, []byte(part)) }
}

func TestParseTranscript(t *testing.T) {
	text := "# c\ntitle: a b\nargs: modify x\nplugin: any\nlimit: 7\nexit: 3\noutcome: error -32001\nrules: FRM-1 FRM-2\n\n" +
		"> {}\n< a\n< \"b\\r\\n\\x00\"\n< \"[\" x3\n! note\n"
	all, err := readTranscripts(fstest.MapFS{"d/one.txt": {Data: []byte(text)}}, "d/*.txt")
	require.NoError(t, err)
	assert.Equal(t, []Transcript{{
		Name: "one", Title: "a b", Args: []string{"modify", "x"}, Request: []byte("{}\n"), Answer: []byte("a\nb\r\n\x00[[["),
		Stderr: []byte("note\n"), Exit: 3, Limit: 7, AnyPlugin: true, Outcome: Outcome{Kind: Error, Code: -32001}, Rules: []string{"FRM-1", "FRM-2"},
	}}, all)
	assert.Equal(t, "modify", all[0].Method())
}

func TestParseTranscriptErrors(t *testing.T) {
	good := "title: a\noutcome: result\n"
	for text, want := range map[string]string{
		"":                              "expected a title",
		"title: a\n":                    "expected a title",
		"outcome: result\n":             "expected a title",
		good + "titel: a\n":             `3: expected title,`,
		good + "{}\n":                   `3: expected a header`,
		good + "plugin: some\n":         "expected any",
		good + "limit: x\n":             `"x"`,
		good + "exit: x\n":              `"x"`,
		good + "< \"a\n":                "expected a quoted Go string",
		good + "< \"a\" x0\n":           "expected a count",
		good + "< \"a\" xx\n":           "expected a count",
		"title: a\noutcome: error x\n":  `"x"`,
		"title: a\noutcome: violation":  "expected \"result\"",
		"title: a\noutcome: result no":  "expected \"result\"",
		"title: a\noutcome: something ": "got \"something\"",
	} {
		_, err := readTranscripts(fstest.MapFS{"d/one.txt": {Data: []byte(text)}}, "d/*.txt")
		assert.ErrorContains(t, err, want, "%q", text)
		assert.ErrorContains(t, err, "d/one.txt:", "%q", text)
	}
}

// A folder that moved must not turn every test above into one that passes.
func TestEmptyGlobFails(t *testing.T) {
	_, err := readTranscripts(fstest.MapFS{}, "d/*.txt")
	require.ErrorContains(t, err, `no transcript matches "d/*.txt"`)
	_, err = readTranscripts(fstest.MapFS{}, "[")
	assert.Error(t, err)
}
