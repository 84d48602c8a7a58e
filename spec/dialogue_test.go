package spec

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dialogues(t *testing.T) []Dialogue {
	t.Helper()
	all, err := Dialogues()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// part is what the tests read of a line.
type part struct {
	ID     json.RawMessage
	Method string
	Error  *struct{ Code int }
}

func parts(t *testing.T, d Dialogue, s Step) part {
	t.Helper()
	var p part
	require.NoError(t, json.Unmarshal(s.Text, &p), "%s: %s", d.Name, s.Text)
	return p
}

// sound returns the steps before the one that breaks a rule. Nothing is left
// out of a dialogue that ends well, or with the process.
func sound(t *testing.T, d Dialogue) []Step {
	t.Helper()
	if d.Outcome.Kind == End || d.Outcome.Rule == "MSG-7" {
		return d.Steps
	}
	last := len(d.Steps) - 1
	require.False(t, d.Steps[last].Host, "%s: the plugin breaks the rule last", d.Name)
	return d.Steps[:last]
}

// The outcomes of the calls are those that the lines have: an answer ends its
// call, the break of a rule all that wait (INV-21).
func TestDialogueCalls(t *testing.T) {
	for _, d := range dialogues(t) {
		var calls []CallOutcome
		waiting := map[string]int{}
		for _, s := range sound(t, d) {
			p := parts(t, d, s)
			switch {
			case s.Host && p.Method != "" && p.ID != nil:
				waiting[string(p.ID)] = len(calls)
				calls = append(calls, CallOutcome{string(p.ID), d.Outcome})
			case !s.Host && p.Method == "":
				if string(p.ID) == "null" && len(waiting) == 1 { // MSG-11
					for id := range waiting {
						p.ID = []byte(id)
					}
				}
				at, ok := waiting[string(p.ID)]
				require.True(t, ok, "%s: an answer to nobody: %s", d.Name, s.Text)
				delete(waiting, string(p.ID))
				calls[at].Outcome = Outcome{Kind: Result}
				if p.Error != nil {
					calls[at].Outcome = Outcome{Kind: Error, Code: p.Error.Code}
				}
			}
		}
		assert.Equal(t, calls, d.Calls, d.Name)
		if d.Outcome.Kind == End {
			assert.Empty(t, waiting, "%s: every call is answered (MSG-7)", d.Name)
		}
	}
}

// oldOrNew are the requests in another version than the schemas are for, or in
// none; asksUnknown the dialogue with a question that no host knows.
var (
	oldOrNew = map[string]bool{
		"any-versions 1": true, "any-versions 2": true, "any-versions 3": true, "any-versions 4": true, "any-version-first 1": true,
	}
	asksUnknown = map[string]bool{"unknown-question": true}
)

// Every line matches the schema of its kind, but for the one that breaks a rule.
func TestDialogueLines(t *testing.T) {
	for _, d := range dialogues(t) {
		methods := map[string]string{}
		for _, s := range sound(t, d) {
			p := parts(t, d, s)
			if s.Host && p.Method != "" {
				methods[string(p.ID)] = p.Method
			}
			require.True(t, strings.HasSuffix(string(s.Text), "\n"), "%s: %s", d.Name, s.Text)
			schema := schemaOf(s, p, methods[string(p.ID)])
			if oldOrNew[d.Name+" "+string(p.ID)] && s.Host {
				assert.Error(t, Validate(schema, s.Text), "%s: %s", d.Name, s.Text)
				continue
			}
			if asksUnknown[d.Name] && !s.Host && p.Method != "" {
				assert.Error(t, Validate("config-get-request", s.Text), "%s: %s", d.Name, s.Text)
				continue
			}
			assert.NoError(t, Validate(schema, s.Text), "%s: %s is a %s", d.Name, s.Text, schema)
		}
	}
}

// schemaOf names the schema of a line; asked is the method that it answers.
func schemaOf(s Step, p part, asked string) string {
	schema := p.Method
	switch {
	case p.Method == "" && p.Error != nil:
		return "error-answer"
	case p.Method == "" && s.Host:
		return "config-get-answer"
	case p.Method == "":
		schema = asked + "-answer"
	case p.Method == "config.get":
		schema = "config-get-request"
	case p.ID != nil:
		schema = p.Method + "-request"
	}
	switch known := slices.Contains(SchemaNames(), schema); {
	case known:
		return schema
	case p.ID != nil && s.Host:
		return "request"
	}
	return "notification"
}

// The host's requests are written as MSG-2 says; a plugin may rely on it.
func TestDialogueRequests(t *testing.T) {
	form := regexp.MustCompile(`^{"jsonrpc":"2\.0",("id":("[^"]*"|[-0-9.e]+),)?"method":"[a-z-]+"(,"params":{|,"x-trace"|}\r?\n)`)
	for _, d := range dialogues(t) {
		for _, s := range d.Steps {
			if s.Host && parts(t, d, s).Method != "" {
				assert.Regexp(t, form, string(s.Text), d.Name)
				assertOrder(t, s.Text, d.Name)
			}
		}
	}
}

// The line that breaks a rule is no line of its kind, where schemas can tell.
func TestDialogueViolations(t *testing.T) {
	schemas := map[string]string{"ASK-1": "config-get-request", "MSG-6": "answer", "FRM-9": "notification"}
	checked := 0
	for _, d := range dialogues(t) {
		if schema, ok := schemas[d.Outcome.Rule]; ok {
			checked++
			assert.Error(t, Validate(schema, d.Steps[len(d.Steps)-1].Text), d.Name)
		}
	}
	assert.GreaterOrEqual(t, checked, len(schemas))
}

func TestDialoguesCiteRules(t *testing.T) {
	ids := ruleIDs()
	for _, d := range dialogues(t) {
		require.NotEmpty(t, d.Rules, d.Name)
		for _, id := range d.Rules {
			assert.Contains(t, ids, id, d.Name)
		}
		if d.Outcome.Kind == Violation {
			assert.Contains(t, d.Rules, d.Outcome.Rule, d.Name)
		}
	}
}

// Every kind of thing that happens with a kept-running plugin is in one.
func TestDialoguesCover(t *testing.T) {
	wants := []string{
		"\n<.*\"method\":\"log\",\"params\":{\"request\":", "\n<.*\"method\":\"progress\",\"params\":{\"request\":", "\n<.*\"method\":\"changed\"",
		"\n>.*\"method\":\"cancel\"", "\n<.*\"code\":-32800", "\n>.*\"found\":true", "\n>.*\"found\":false", "\n>.*\"code\":-32602",
		"\n>.*\"id\":1.5,", "\n>.*\"id\":-1,", "\n>.*\"id\":\"1\",", "\n<.*\"id\":null", "\n<.*\"code\":-32601", "\n<.*\"code\":-32001",
	}
	var all strings.Builder
	anyPlugin := 0
	for _, d := range dialogues(t) {
		for _, s := range d.Steps {
			all.WriteString("\n" + map[bool]string{true: "> ", false: "< "}[s.Host] + strings.TrimSuffix(string(s.Text), "\n"))
		}
		if d.AnyPlugin {
			anyPlugin++
			assert.Equal(t, End, d.Outcome.Kind, d.Name)
			assert.Zero(t, d.Exit, "%s: a plugin that is not wanted any more exits with 0", d.Name)
		}
	}
	for _, want := range wants {
		assert.Regexp(t, want, all.String())
	}
	assert.Greater(t, anyPlugin, 8)
}

func TestParseDialogue(t *testing.T) {
	text := "# c\ntitle: a b\nplugin: any\nexit: 3\ncall: \"x -> y\" -> error -32001\ncall: 2 -> violation MSG-3\noutcome: violation MSG-3\nrules: FRM-1 FRM-2\n\n" +
		"> {}\n< a\n< \"b\\r\\n\"\n"
	all, err := readDialogues(fstest.MapFS{"d/one.txt": {Data: []byte(text)}}, "d/*.txt")
	require.NoError(t, err)
	assert.Equal(t, []Dialogue{{
		Name: "one", Title: "a b", Exit: 3, AnyPlugin: true, Rules: []string{"FRM-1", "FRM-2"},
		Steps:   []Step{{true, []byte("{}\n")}, {false, []byte("a\n")}, {false, []byte("b\r\n")}},
		Calls:   []CallOutcome{{`"x -> y"`, Outcome{Kind: Error, Code: -32001}}, {"2", Outcome{Kind: Violation, Rule: "MSG-3"}}},
		Outcome: Outcome{Kind: Violation, Rule: "MSG-3"},
	}}, all)
}

func TestParseDialogueErrors(t *testing.T) {
	good := "title: a\noutcome: end\n"
	for text, want := range map[string]string{
		"":                              "expected a title",
		"title: a\n":                    "expected a title",
		"outcome: end\n":                "expected a title",
		good + "args: a\n":              "3: expected title,",
		good + "! a\n":                  "3: expected a header",
		good + "plugin: some\n":         "expected any",
		good + "exit: x\n":              `"x"`,
		good + "> \"a\n":                "expected a quoted Go string",
		good + "call: 1 result\n":       `expected "ID -> OUTCOME"`,
		good + "call:  -> result\n":     `expected "ID -> OUTCOME"`,
		good + "call: 1 -> fine\n":      `got "fine"`,
		"title: a\noutcome: result\n":   `expected "end" or`,
		"title: a\noutcome: violation ": `expected "end" or`,
	} {
		_, err := readDialogues(fstest.MapFS{"d/one.txt": {Data: []byte(text)}}, "d/*.txt")
		assert.ErrorContains(t, err, want, "%q", text)
		assert.ErrorContains(t, err, "d/one.txt:", "%q", text)
	}
	_, err := readDialogues(fstest.MapFS{}, "d/*.txt")
	require.ErrorContains(t, err, `no dialogue matches "d/*.txt"`)
	_, err = readDialogues(fstest.MapFS{}, "[")
	assert.Error(t, err)
}
