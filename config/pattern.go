package config

import (
	"fmt"
	"strings"
)

// Pattern is a scope pattern: a JSON Pointer in which * stands for any
// characters within a segment. It covers what it matches and everything below
// (spec SCP-1, SCP-2).
type Pattern struct {
	text     string
	segments []glob
}

// glob is a segment as the texts between its asterisks.
type glob []string

// ParsePattern reads a pattern.
func ParsePattern(s string) (Pattern, error) {
	if s == "" {
		return Pattern{}, nil
	}
	if s[0] != '/' {
		return Pattern{}, fmt.Errorf("expected a pattern that starts with a slash, got %s; write /peers for the key peers", quote(s))
	}
	p := Pattern{text: s}
	for segment := range strings.SplitSeq(s[1:], "/") {
		g := glob(strings.Split(segment, "*"))
		for i, part := range g {
			plain, ok := unescape(part)
			if !ok {
				return Pattern{}, fmt.Errorf("expected ~0, ~1 or ~2 after a tilde in the pattern %s; ~0 is a tilde, ~1 a slash, ~2 an asterisk", quote(s))
			}
			g[i] = plain
		}
		p.segments = append(p.segments, g)
	}
	return p, nil
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '~' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) || s[i] < '0' || s[i] > '2' {
			return "", false
		}
		b.WriteByte("~/*"[s[i]-'0'])
	}
	return b.String(), true
}

// String returns the pattern as it was read.
func (p Pattern) String() string { return p.text }

// only returns the one key that matches, where there is just one.
func (g glob) only() (string, bool) { return g[0], len(g) == 1 }

func (g glob) match(key string) bool {
	first, last := g[0], g[len(g)-1]
	if len(g) == 1 {
		return key == first
	}
	if len(key) < len(first)+len(last) || !strings.HasPrefix(key, first) || !strings.HasSuffix(key, last) {
		return false
	}
	key = key[len(first) : len(key)-len(last)]
	for _, part := range g[1 : len(g)-1] {
		_, after, ok := strings.Cut(key, part)
		if !ok {
			return false
		}
		key = after
	}
	return true
}
