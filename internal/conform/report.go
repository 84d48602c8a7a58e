package conform

import "slices"

// Status says what a check came to.
type Status string

// What a check can come to.
const (
	Passed   Status = "passed"
	Warning  Status = "warning"  // the plugin breaks a SHOULD
	Failed   Status = "failed"   // it breaks a MUST
	Skipped  Status = "skipped"  // the check does not apply, or needs another one that failed
	Untested Status = "untested" // the check needs something from whoever tests
)

// Report is what a test came to.
type Report struct {
	Plugin        string   `json:"plugin"`
	Path          string   `json:"path"`
	FirstAnswerUs int64    `json:"firstAnswerUs"` // microseconds from the start of the first process
	Checks        []Result `json:"checks"`
}

// Result is what one check came to.
type Result struct {
	Name     string    `json:"name"`
	Title    string    `json:"title"`
	Rules    []string  `json:"rules"` // that it is about; see Finding for those that are broken
	Status   Status    `json:"status"`
	Reason   string    `json:"reason,omitempty"` // why it was not made
	Hint     string    `json:"hint,omitempty"`   // what would make it possible
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is one thing that the plugin does wrong.
type Finding struct {
	Rule      string   `json:"rule"`
	Text      string   `json:"text"`                // of the rule, in Markdown
	Level     string   `json:"level"`               // MUST or SHOULD
	Problem   string   `json:"problem"`             // what was expected, and what came
	Arguments []string `json:"arguments,omitempty"` // that the plugin was started with
	Sent      string   `json:"sent,omitempty"`      // to its stdin, shortened, as a Go string
	Got       string   `json:"got,omitempty"`       // from its stdout, likewise
	Stderr    []string `json:"stderr,omitempty"`    // its last lines
	Hint      string   `json:"hint,omitempty"`
}

// settle takes the status from the findings.
func (r *Result) settle() {
	for _, f := range r.Findings {
		if f.Level == must {
			r.Status = Failed
			return
		}
		if r.Status == Passed {
			r.Status = Warning
		}
	}
}

// Count returns how many checks came to the status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == s {
			n++
		}
	}
	return n
}

// Broken returns the ids of the rules of the level, MUST or SHOULD, that the
// plugin breaks, each once.
func (r *Report) Broken(level string) []string {
	var rules []string
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if f.Level == level && !slices.Contains(rules, f.Rule) {
				rules = append(rules, f.Rule)
			}
		}
	}
	return rules
}
