package spec

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// TranscriptPlugin is the NAME of the plugin in every transcript. A fake
// plugin that prints recorded bytes must be pathvector-plugin-demo.
const TranscriptPlugin = "demo"

// Transcript is one recorded exchange of a one-shot call. It can drive a
// plugin (send Request, judge what comes by Outcome) when AnyPlugin is set,
// and always a host (answer with Answer, see that it comes to Outcome).
type Transcript struct {
	Name      string   // the file name without its extension
	Title     string   // what it shows
	Args      []string // the plugin's arguments
	Request   []byte   // what the host writes to stdin, byte for byte
	Answer    []byte   // what the plugin writes to stdout, byte for byte
	Stderr    []byte   // what the plugin writes to stderr, byte for byte
	Exit      int      // the plugin's exit status
	Limit     int      // the message limit in bytes (FRM-7); 0 is the default
	AnyPlugin bool     // every plugin comes to this outcome, not only the recorded one
	Outcome   Outcome
	Rules     []string // the rules it shows
}

// OutcomeKind says how a call ends for the host.
type OutcomeKind string

// The ways a call can end.
const (
	Result    OutcomeKind = "result"    // an answer with a valid result
	Error     OutcomeKind = "error"     // an answer that is an error
	Violation OutcomeKind = "violation" // what came breaks the protocol
)

// Outcome is how an exchange must end.
type Outcome struct {
	Kind OutcomeKind
	Code int    // of an Error
	Rule string // that a Violation breaks
}

// Method returns the method of the call, which a one-shot plugin gets as its
// argument (INV-1); "" when it is started without one.
func (t *Transcript) Method() string {
	if len(t.Args) == 0 {
		return ""
	}
	return t.Args[0]
}

// Transcripts returns the recorded exchanges, sorted by name. The form of
// their files is described in transcripts/README.md.
func Transcripts() ([]Transcript, error) { return readTranscripts(files, "transcripts/*.txt") }

func readTranscripts(from fs.FS, glob string) ([]Transcript, error) {
	names, err := fs.Glob(from, glob)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no transcript matches %q", glob)
	}
	all := make([]Transcript, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		t, err := parseTranscript(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
		t.Name = strings.TrimSuffix(path.Base(name), path.Ext(name))
		all[i] = *t
	}
	return all, nil
}

func parseTranscript(text string) (*Transcript, error) {
	t := &Transcript{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := t.add(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("%d: %w", number, err)
		}
	}
	if t.Title == "" || t.Outcome.Kind == "" {
		return nil, fmt.Errorf("%d: expected a title and an outcome above the end", number)
	}
	return t, nil
}

// add takes up one line of a transcript.
func (t *Transcript) add(line string) error {
	mark, rest, _ := strings.Cut(line, " ")
	switch mark {
	case "", "#":
		return nil
	case ">":
		return appendBytes(&t.Request, rest)
	case "<":
		return appendBytes(&t.Answer, rest)
	case "!":
		return appendBytes(&t.Stderr, rest)
	}
	key, ok := strings.CutSuffix(mark, ":")
	if !ok {
		return fmt.Errorf("expected a header, a comment, or a line that starts with >, < or !, got %q", line)
	}
	return t.header(key, strings.TrimSpace(rest))
}

// appendBytes adds a quoted text as it is, any other with an LF.
func appendBytes(to *[]byte, s string) error {
	if !strings.HasPrefix(s, `"`) {
		*to = append(append(*to, s...), '\n')
		return nil
	}
	quoted, times, repeat := strings.Cut(s, `" x`)
	if repeat {
		quoted += `"`
	}
	plain, err := strconv.Unquote(quoted)
	if err != nil {
		return fmt.Errorf("expected a quoted Go string, got %q", s)
	}
	n := 1
	if repeat {
		if n, err = strconv.Atoi(times); err != nil || n < 1 {
			return fmt.Errorf("expected a count after the string, got %q", times)
		}
	}
	*to = append(*to, bytes.Repeat([]byte(plain), n)...)
	return nil
}

func (t *Transcript) header(key, value string) (err error) {
	switch key {
	case "title":
		t.Title = value
	case "args":
		t.Args = strings.Fields(value)
	case "exit":
		t.Exit, err = strconv.Atoi(value)
	case "limit":
		t.Limit, err = strconv.Atoi(value)
	case "rules":
		t.Rules = strings.Fields(value)
	case "plugin":
		t.AnyPlugin = value == "any"
		if !t.AnyPlugin {
			err = fmt.Errorf("expected any, got %q", value)
		}
	case "outcome":
		t.Outcome, err = parseOutcome(value)
	default:
		err = fmt.Errorf("expected title, args, exit, limit, rules, plugin or outcome, got %q", key)
	}
	return err
}

func parseOutcome(s string) (Outcome, error) {
	kind, rest, _ := strings.Cut(s, " ")
	o := Outcome{Kind: OutcomeKind(kind)}
	switch {
	case o.Kind == Result && rest == "":
		return o, nil
	case o.Kind == Error:
		code, err := strconv.Atoi(rest)
		o.Code = code
		return o, err
	case o.Kind == Violation && rest != "":
		o.Rule = rest
		return o, nil
	}
	return o, fmt.Errorf("expected \"result\", \"error CODE\" or \"violation RULE\", got %q", s)
}
