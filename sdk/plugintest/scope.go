package plugintest

import (
	"slices"
	"strings"
)

// covered reports whether one of the patterns covers the value (rule SCP-2).
// Nil patterns are the host's defaults (rule SCP-3): everything, but for what
// is hidden or guarded.
func covered(patterns []string, path []string) bool {
	return patterns == nil || slices.ContainsFunc(patterns, func(p string) bool { return covers(p, path) })
}

func covers(pattern string, path []string) bool {
	segments := strings.Split(pattern, "/")[1:]
	if pattern == "" {
		segments = nil
	}
	if len(segments) > len(path) {
		return false
	}
	for i, segment := range segments {
		if !fits(segment, path[i]) {
			return false
		}
	}
	return true
}

var unescape = strings.NewReplacer("~0", "~", "~1", "/", "~2", "*")

// fits reports whether the key is one that the segment of a pattern stands for:
// an asterisk is any text.
func fits(segment, key string) bool {
	parts := strings.Split(segment, "*")
	for i, part := range parts {
		parts[i] = unescape.Replace(part)
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return key == first
	}
	rest, ok := strings.CutPrefix(key, first)
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, last)
}

// isSecret reports whether the value is a secret or in one (rule SCP-10).
func isSecret(path []string) bool {
	return slices.ContainsFunc(path, func(key string) bool { return key == "password" || key == "peeringdb-api-key" })
}

// guarded are the keys of rule SCP-11.
var guarded = []string{
	"/bird-*", "/*-directory", "/web-ui-file", "/log-file", "/keepalived-config", "/blocklist-files", "/blocklist-urls",
	"/mrt/*/file", "/optimizer/alert-script", "/bgpq-args", "/global-config", "/peeringdb-url", "/irr-server", "/rtr-server",
	"/plugins",
	"/peers/*/session-global", "/peers/*/pre-import-filter", "/peers/*/post-import-filter",
	"/peers/*/pre-import-accept", "/peers/*/pre-export", "/peers/*/pre-export-final",
	"/templates/*/session-global", "/templates/*/pre-import-filter", "/templates/*/post-import-filter",
	"/templates/*/pre-import-accept", "/templates/*/pre-export", "/templates/*/pre-export-final",
}

func isGuarded(path []string) bool {
	return slices.ContainsFunc(guarded, func(p string) bool { return covers(p, path) })
}

// holdsGuarded reports whether there is a guarded key in the value.
func holdsGuarded(path []string, value any) bool {
	object, ok := value.(map[string]any)
	if !ok {
		return false
	}
	for key, inner := range object {
		below := slices.Concat(path, []string{key})
		if isGuarded(below) || holdsGuarded(below, inner) {
			return true
		}
	}
	return false
}

// viewOf is what the plugin is sent of the configuration (rule SCP-5).
func (c *call) viewOf(config any) any {
	view := c.viewBelow(nil, config)
	if view == nil {
		return map[string]any{}
	}
	return view
}

// viewBelow is what the plugin is sent of the value; nil when it is nothing.
func (c *call) viewBelow(path []string, value any) any {
	view, _ := c.filter(path, value)
	return view
}

func (c *call) filter(path []string, value any) (view any, sent bool) {
	if !c.secrets && isSecret(path) || len(path) > 0 && path[0] == "plugins" {
		return nil, false
	}
	here := covered(c.plugin.Reads, path)
	object, ok := value.(map[string]any)
	if !ok {
		return value, here
	}
	kept := map[string]any{}
	for key, inner := range object {
		if v, ok := c.filter(slices.Concat(path, []string{key}), inner); ok {
			kept[key] = v
		}
	}
	return kept, here || len(kept) > 0
}
