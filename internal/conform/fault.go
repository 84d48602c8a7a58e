package conform

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

const (
	must   = spec.Must
	should = spec.Should
)

// fault is a rule that the plugin breaks, and how that showed.
type fault struct {
	rule    string
	problem string
	hint    string
	should  bool // the rule says so, or does in this case
	args    []string
	sent    []byte
	got     []byte // nil when it is no single line
	stderr  []string
}

func (f *fault) Error() string { return f.rule + ": " + f.problem }

func broke(rule, hint, problem string, args ...any) *fault {
	return &fault{rule: rule, hint: hint, problem: fmt.Sprintf(problem, args...)}
}

// mends say what to do about the rules that the transcripts are about.
var mends = map[string]string{
	"DSC-1":  "answer describe whatever comes",
	"INV-4":  "take the method from the request when there is no argument",
	"INV-5":  "answer an unknown method with the error -32601",
	"INV-14": serveHint,
	"INV-16": "give the id back as it came, and ignore notifications that the plugin does not know",
	"MSG-9":  "ignore fields that the plugin does not know",
	"VER-2":  `look at params.protocol before all else, and answer {"code":-32001,"message":"…","data":{"supported":[1]}} to any other than 1`,
}

// violated takes over a violation that package protocol found.
func violated(v *protocol.Violation) *fault {
	f := &fault{rule: v.Rule, problem: v.Error(), hint: v.Hint(), got: v.Got}
	if v.Kind == protocol.NoCommonVersion {
		f.rule = "VER-3" // it has just answered a request in version 1
	}
	return f
}

// refused turns an error about a result into a fault. Other errors stay as they
// are.
func refused(err error) error {
	var v *protocol.Violation
	var value *config.ValueError
	var scope *config.RefusedError
	switch {
	case errors.As(err, &v):
		return violated(v)
	case errors.As(err, &value):
		return broke("TYP-6", value.Hint(), "%s", value.Error())
	case errors.As(err, &scope):
		return broke(scope.Rule, scope.Hint(), "%s", scope.Error())
	}
	return err
}

// during says what was sent when the fault showed.
func (f *fault) during(args []string, sent []byte, stderr []string) *fault {
	if f != nil {
		f.args, f.sent, f.stderr = args, sent, stderr
	}
	return f
}

// finding returns the fault as it is shown, with these texts masked.
func (f *fault) finding(hide []string) Finding {
	masked := func(text string) string {
		for _, secret := range hide {
			text = strings.ReplaceAll(text, secret, "********")
		}
		return text
	}
	out := Finding{
		Rule: f.rule, Text: ruleText(f.rule), Level: must, Problem: masked(f.problem), Hint: f.hint,
		Arguments: f.args,
	}
	if f.should {
		out.Level = should
	}
	if f.sent != nil {
		out.Sent = protocol.Quote([]byte(masked(string(f.sent[:min(len(f.sent), shown)]))))
	}
	if f.got != nil {
		out.Got = protocol.Quote([]byte(masked(string(f.got[:min(len(f.got), shown)]))))
	}
	for _, line := range f.stderr {
		out.Stderr = append(out.Stderr, masked(line))
	}
	return out
}

// shown is how much of a message is looked at for what a finding quotes, which
// is less: a secret at its end must not be cut in two.
const shown = 4 << 10

func ruleText(id string) string {
	for _, r := range spec.Rules() {
		if r.ID == id {
			return r.Text
		}
	}
	return ""
}

// words joins what a process was started with, for people.
func words(args []string) string {
	return cmp.Or(strings.Join(args, " "), "no argument")
}
