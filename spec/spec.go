// Package spec holds the plugin protocol as it is published: the text with
// its rules, a JSON Schema for every message, and recorded exchanges. Tests
// and the conformance test read them from here, so that there is one source.
package spec

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
)

//go:embed protocol.md schema/*.json transcripts/*.txt transcripts/serve/*.txt
var files embed.FS

// Levels of a Rule, strongest first (RFC 2119).
const (
	Must   = "MUST"
	Should = "SHOULD"
	May    = "MAY"
)

// Rule is one rule of the protocol.
type Rule struct {
	ID    string   // such as FRM-1; never used again for another rule
	Text  string   // in Markdown, on one line, without the id
	Level string   // the strongest of Must, Should and May in Text; "" if there is none
	Binds []string // "plugin", "host" or both
}

// Protocol returns the text of the protocol in Markdown.
func Protocol() string {
	text, err := files.ReadFile("protocol.md")
	if err != nil {
		return "" // cannot happen: the file is embedded by name
	}
	return string(text)
}

// Rules returns the rules in the order of the text.
func Rules() []Rule { return parsedRules() }

var parsedRules = sync.OnceValue(func() []Rule { return parseRules(Protocol()) })

var (
	ruleStart = lazyregexp.New(`^- \*\*([A-Z]+-[0-9]+)\*\* \(([a-z, ]+)\) (.*)$`)
	ruleWord  = lazyregexp.New(`\b(MUST|SHOULD|MAY)\b`)
)

// parseRules takes a rule to reach from its list item to the next line that
// is not indented.
func parseRules(text string) []Rule {
	var rules []Rule
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := ruleStart().FindStringSubmatch(line); m != nil {
			rules = append(rules, Rule{ID: m[1], Binds: strings.Split(m[2], ", "), Text: m[3]})
			open = true
			continue
		}
		open = open && (line == "" || strings.HasPrefix(line, "  "))
		if open && line != "" {
			rules[len(rules)-1].Text += " " + strings.TrimSpace(line)
		}
	}
	for i := range rules {
		rules[i].Level = strongest(rules[i].Text)
	}
	return rules
}

func strongest(text string) string {
	found := ruleWord().FindAllString(text, -1)
	for _, level := range []string{Must, Should, May} {
		if slices.Contains(found, level) {
			return level
		}
	}
	return ""
}
