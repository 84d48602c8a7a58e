package cli

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// changeWords says what a change did.
func changeWords(c config.Change) string {
	switch c.Op {
	case tree.Add:
		return "+ " + shown(c.After)
	case tree.Remove:
		return "- " + shown(c.Before)
	}
	return listWords(c)
}

// listWords shows of a changed list only what came and what went.
func listWords(c config.Change) string {
	var before, after []json.RawMessage
	if json.Unmarshal(c.Before, &before) != nil || json.Unmarshal(c.After, &after) != nil || before == nil || after == nil {
		return shown(c.Before) + " -> " + shown(c.After)
	}
	var words []string
	for _, v := range without(before, after) {
		words = append(words, "- "+shown(v))
	}
	for _, v := range without(after, before) {
		words = append(words, "+ "+shown(v))
	}
	if len(words) == 0 {
		return shown(c.Before) + " -> " + shown(c.After)
	}
	return strings.Join(words, ", ")
}

// without returns the items of list that the other list lacks.
func without(list, other []json.RawMessage) []json.RawMessage {
	has := map[string]bool{}
	for _, v := range other {
		has[string(v)] = true
	}
	var out []json.RawMessage
	for _, v := range list {
		if !has[string(v)] {
			out = append(out, v)
		}
	}
	return out
}

// shown is a value for people, cut where it would fill the screen; --json has
// it whole.
func shown(value json.RawMessage) string {
	const most = 60
	if utf8.RuneCount(value) <= most {
		return string(value)
	}
	return string([]rune(string(value))[:most]) + "…"
}
