package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"github.com/natesales/pathvector-plugin/protocol"
)

// reader turns YAML nodes into settings, with the place in every error.
type reader struct{ file string }

// fields says what to do with each key that a mapping may have.
type fields map[string]func(*yaml.Node) error

func (r reader) fail(n *yaml.Node, advice, format string, args ...any) error {
	return &Error{File: r.file, Line: n.Line, Column: n.Column, Problem: fmt.Sprintf(format, args...), Advice: advice}
}

// mapping calls the function of each key, refusing unknown and repeated keys.
func (r reader) mapping(n *yaml.Node, what string, known fields) error {
	if n.Kind != yaml.MappingNode {
		return r.fail(n, "write key: value lines", "%s must be a mapping, not %s", what, kind(n))
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := resolved(n.Content[i]), resolved(n.Content[i+1])
		read, ok := known[key.Value]
		if !ok {
			return r.fail(key, suggest(key.Value, slices.Sorted(maps.Keys(known))), "unknown key %q in %s", key.Value, what)
		}
		if seen[key.Value] {
			return r.fail(key, "remove one of the two", "the key %q stands twice in %s", key.Value, what)
		}
		seen[key.Value] = true
		if err := read(value); err != nil {
			return err
		}
	}
	return nil
}

// resolved returns what an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (r reader) plugins(n *yaml.Node, s *Settings) error {
	if n.Kind != yaml.SequenceNode {
		return r.fail(n, "write a list: '- name: drain', or [] to run nothing", "plugins must be a list, not %s", kind(n))
	}
	s.Listed = true
	for _, item := range n.Content {
		p, err := r.plugin(resolved(item))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.Plugins, func(q Plugin) bool { return q.Name == p.Name }) {
			return r.fail(item, "remove one of the two entries", "the plugin %s is listed twice", p.Name)
		}
		s.Plugins = append(s.Plugins, p)
	}
	return nil
}

func (r reader) plugin(n *yaml.Node) (Plugin, error) {
	p := Plugin{Enabled: true}
	err := r.mapping(n, "a plugins entry", fields{
		"name":    func(v *yaml.Node) error { return r.name(v, &p.Name) },
		"enabled": func(v *yaml.Node) error { return r.boolean(v, "enabled", &p.Enabled) },
		"options": func(v *yaml.Node) error { return r.options(v, &p.Options) },
		"timeout": func(v *yaml.Node) error { return r.duration(v, &p.Timeout) },
		"mode":    func(v *yaml.Node) error { return r.mode(v, &p.Mode) },
		"reads":   func(v *yaml.Node) error { return r.patterns(v, "reads", &p.Reads) },
		"writes":  func(v *yaml.Node) error { return r.patterns(v, "writes", &p.Writes) },
		"grants":  func(v *yaml.Node) error { return r.grants(v, &p.Grants) },
	})
	if err == nil && p.Name == "" {
		err = r.fail(n, "add 'name: NAME', NAME being what follows pathvector-plugin- in the file name", "a plugins entry has no name")
	}
	return p, err
}

func (r reader) grants(n *yaml.Node, g *Grants) error {
	return r.mapping(n, "grants", fields{
		"secrets": func(v *yaml.Node) error { return r.boolean(v, "secrets", &g.Secrets) },
		"guarded": func(v *yaml.Node) error { return r.boolean(v, "guarded", &g.Guarded) },
		"env":     func(v *yaml.Node) error { return r.env(v, &g.Env) },
	})
}

func (r reader) name(n *yaml.Node, into *string) error {
	text, err := r.text(n, "name")
	if err == nil && !protocol.ValidName(text) {
		err = r.fail(n, "use lower-case letters, digits and single hyphens, as in irr-cache", "%q is no plugin name", text)
	}
	*into = text
	return err
}

// text takes no number, date, true or null: in JSON they are no strings.
func (r reader) text(n *yaml.Node, what string) (string, error) {
	switch {
	case n.Kind != yaml.ScalarNode || isNull(n):
		return "", r.fail(n, "write one text", "%s must be a text, not %s", what, kind(n))
	case n.ShortTag() != "!!str":
		return "", r.fail(n, fmt.Sprintf("put it in quotes: %q", n.Value), "%s must be a text, and %s without quotes is none in YAML", what, kind(n))
	}
	return n.Value, nil
}

// boolean takes only what is one for YAML 1.2: the decoder would take "yes".
func (r reader) boolean(n *yaml.Node, key string, into *bool) error {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || n.Decode(into) != nil {
		return r.fail(n, "write true or false, without quotes", "%s must be true or false, not %s", key, kind(n))
	}
	return nil
}

// durations is narrower than time.ParseDuration, as the schema is.
var durations = lazyregexp.New(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)

func (r reader) duration(n *yaml.Node, into *time.Duration) error {
	d, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || !durations().MatchString(n.Value) || err != nil || d <= 0 {
		return r.fail(n, "write a number and a unit (ms, s, m or h), as in 30s or 1m30s", "timeout must be a duration above zero, not %s", kind(n))
	}
	*into = d
	return nil
}

func (r reader) mode(n *yaml.Node, into *string) error {
	*into = n.Value
	if n.Kind != yaml.ScalarNode || !protocol.ValidMode(n.Value) {
		return r.fail(n, "leave it out to have it as the plugin says", "mode must be %s or %s, not %s", protocol.ModeOneShot, protocol.ModeKeptRunning, kind(n))
	}
	return nil
}

func (r reader) strings(n *yaml.Node, key string, into *[]string) error {
	*into = []string{}
	if n.Kind != yaml.SequenceNode {
		return r.fail(n, "write a list: ["+n.Value+"]", "%s must be a list, not %s", key, kind(n))
	}
	for _, item := range n.Content {
		text, err := r.text(resolved(item), "an item of "+key)
		if err != nil {
			return err
		}
		*into = append(*into, text)
	}
	return nil
}

var variables = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r reader) env(n *yaml.Node, into *[]string) error {
	if err := r.strings(n, "env", into); err != nil {
		return err
	}
	for i, name := range *into {
		if !variables().MatchString(name) {
			return r.fail(n.Content[i], "write the name alone: the value comes from the environment of pathvector-plugin", "in env: %q is no name of an environment variable", name)
		}
		if slices.Contains((*into)[:i], name) {
			return r.fail(n.Content[i], "remove one of the two", "in env: %s stands there twice", name)
		}
	}
	return nil
}

func (r reader) patterns(n *yaml.Node, key string, into *[]config.Pattern) error {
	var texts []string
	if err := r.strings(n, key, &texts); err != nil {
		return err
	}
	*into = []config.Pattern{}
	for i, text := range texts {
		p, err := config.ParsePattern(text)
		if err != nil {
			return r.fail(n.Content[i], "write a JSON Pointer, as in /peers/*/prepends", "in %s: %v", key, err)
		}
		*into = append(*into, p)
	}
	return nil
}

// options takes a key with nothing behind it for a key that is not there.
func (r reader) options(n *yaml.Node, into *tree.Value) error {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return r.fail(n, "write key: value lines below options", "options must be a mapping, not %s", kind(n))
	}
	v, err := config.PlainValue(r.file, n)
	*into = v
	return err
}

func kind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	if isNull(n) {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// suggest names the known key that is nearest to the one written.
func suggest(key string, known []string) string {
	all := "known keys: " + strings.Join(known, ", ")
	for _, k := range known {
		if levenshtein.ComputeDistance(key, k) <= 2 {
			return fmt.Sprintf("did you mean %q? %s", k, all)
		}
	}
	return all
}
