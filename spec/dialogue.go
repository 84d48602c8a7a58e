package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Dialogue is a recorded exchange with a plugin that is kept running: lines of
// both sides in the order in which they are written. It can drive a plugin
// (write what the host writes, judge the answers by Calls) when AnyPlugin is
// set, and always a host (write what the plugin writes, see that its calls
// come to Calls and the process to Outcome).
type Dialogue struct {
	Name      string // the file name without its extension
	Title     string // what it shows
	Steps     []Step
	Exit      int           // the plugin's exit status
	AnyPlugin bool          // every kept-running plugin comes to these outcomes
	Calls     []CallOutcome // one for each of the host's requests, in their order
	Outcome   Outcome       // End or Violation: how the process ends for the host
	Rules     []string      // the rules it shows
}

// Step is what one side writes: a line with its LF, unless it is recorded
// otherwise.
type Step struct {
	Host bool // the host writes it; otherwise the plugin
	Text []byte
}

// CallOutcome is how one call of a Dialogue ends. A Violation is the one that
// ended the process while the call waited.
type CallOutcome struct {
	ID string // the id of the request, byte for byte
	Outcome
}

// End is the Outcome of a Dialogue in which nobody breaks a rule: the host
// closes stdin, and the plugin exits.
const End OutcomeKind = "end"

// Dialogues returns the recorded exchanges with kept-running plugins, sorted
// by name. The form of their files is described in transcripts/README.md.
func Dialogues() ([]Dialogue, error) { return readDialogues(files, "transcripts/serve/*.txt") }

func readDialogues(from fs.FS, glob string) ([]Dialogue, error) {
	names, err := fs.Glob(from, glob)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no dialogue matches %q", glob)
	}
	all := make([]Dialogue, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		all[i].Name = strings.TrimSuffix(path.Base(name), path.Ext(name))
		if err := all[i].parse(string(text)); err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
	}
	return all, nil
}

func (d *Dialogue) parse(text string) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := d.add(strings.TrimSuffix(line, "\n")); err != nil {
			return fmt.Errorf("%d: %w", number, err)
		}
	}
	if d.Title == "" || d.Outcome.Kind == "" {
		return fmt.Errorf("%d: expected a title and an outcome above the end", number)
	}
	return nil
}

// add takes up one line of a dialogue.
func (d *Dialogue) add(line string) error {
	mark, rest, _ := strings.Cut(line, " ")
	switch mark {
	case "", "#":
		return nil
	case ">", "<":
		step := Step{Host: mark == ">"}
		err := appendBytes(&step.Text, rest)
		d.Steps = append(d.Steps, step)
		return err
	}
	key, ok := strings.CutSuffix(mark, ":")
	if !ok {
		return fmt.Errorf("expected a header, a comment, or a line that starts with > or <, got %q", line)
	}
	return d.header(key, strings.TrimSpace(rest))
}

func (d *Dialogue) header(key, value string) (err error) {
	switch key {
	case "title":
		d.Title = value
	case "exit":
		d.Exit, err = strconv.Atoi(value)
	case "rules":
		d.Rules = strings.Fields(value)
	case "plugin":
		d.AnyPlugin = value == "any"
		if !d.AnyPlugin {
			err = fmt.Errorf("expected any, got %q", value)
		}
	case "call":
		err = d.call(value)
	case "outcome":
		err = d.end(value)
	default:
		err = fmt.Errorf("expected title, exit, rules, plugin, call or outcome, got %q", key)
	}
	return err
}

func (d *Dialogue) call(value string) error {
	at := strings.LastIndex(value, " -> ")
	if at < 1 {
		return fmt.Errorf("expected \"ID -> OUTCOME\", got %q", value)
	}
	outcome, err := parseOutcome(value[at+len(" -> "):])
	d.Calls = append(d.Calls, CallOutcome{ID: value[:at], Outcome: outcome})
	return err
}

func (d *Dialogue) end(value string) error {
	if value == string(End) {
		d.Outcome = Outcome{Kind: End}
		return nil
	}
	outcome, err := parseOutcome(value)
	if err == nil && outcome.Kind != Violation {
		err = errors.New("it is how a call ends")
	}
	if err != nil {
		return fmt.Errorf("expected \"end\" or \"violation RULE\", got %q: %w", value, err)
	}
	d.Outcome = outcome
	return nil
}
