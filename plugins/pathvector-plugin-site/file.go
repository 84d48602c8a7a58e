package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sites is a site file: what is particular to each router.
type sites struct {
	file    string
	names   []string // in the order of the file
	routers map[string]router
}

// router holds the values of one router. What is empty is left to the
// configuration.
type router struct {
	RouterID, Source4, Source6, Hostname string
	Communities                          []string
}

// fileError is a mistake in the site file, with where it is.
type fileError struct {
	file    string
	line    int
	problem string
}

func (e *fileError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.problem)
}

// readSites reads a site file whole, so that a mistake in one router's entry
// is found on every router.
func readSites(file string) (*sites, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read the site file: %w", err)
	}
	root, err := parseYAML(file, text)
	if err != nil {
		return nil, err
	}
	s := &sites{file: file, routers: map[string]router{}}
	err = s.eachKey(root, "the site file", func(key, value *yaml.Node) error {
		r, err := s.readRouter(key.Value, value)
		if err != nil {
			return err
		}
		s.names = append(s.names, key.Value)
		s.routers[key.Value] = r
		return nil
	})
	if err == nil && len(s.names) == 0 {
		err = s.mistake(root, "expected a mapping of router names, got no router")
	}
	return s, err
}

func parseYAML(file string, text []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, &fileError{file, 1, "expected a mapping of router names, got an empty file"}
	}
	if err == nil {
		err = d.Decode(&second)
	}
	switch {
	case errors.Is(err, io.EOF):
		return doc.Content[0], nil
	case err != nil:
		return nil, syntaxError(file, err)
	}
	return nil, &fileError{file, second.Line, "expected one YAML document, got a second one; write all routers into the first"}
}

// syntaxError gives the parser's error the form of the others; it says where
// in words only.
func syntaxError(file string, err error) error {
	problem := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if _, scanErr := fmt.Sscanf(problem, "line %d: ", &line); scanErr != nil {
		return fmt.Errorf("%s: %s", file, problem)
	}
	_, problem, _ = strings.Cut(problem, ": ")
	return &fileError{file, line, problem}
}

func (s *sites) readRouter(name string, n *yaml.Node) (router, error) {
	var r router
	set := r.setters()
	what := fmt.Sprintf("router %q", name)
	err := s.eachKey(n, what, func(key, value *yaml.Node) error {
		if key.Value == "communities" {
			return s.readCommunities(value, &r)
		}
		write, known := set[key.Value]
		if !known {
			return s.mistake(key, "unknown key %q in %s; allowed are router-id, source4, source6, hostname and communities", short(key.Value), what)
		}
		text, err := s.scalar(value, key.Value)
		if err == nil {
			err = s.at(value, write(text))
		}
		return err
	})
	return r, err
}

func (s *sites) readCommunities(n *yaml.Node, r *router) error {
	list := target(n)
	if list.Kind != yaml.SequenceNode {
		return s.mistake(n, "communities must be a list such as [65000:1:2], got %s", describe(list))
	}
	for _, item := range list.Content {
		text, err := s.scalar(item, "a community")
		if err == nil {
			err = s.at(item, checkCommunity(text))
		}
		if err != nil {
			return err
		}
		r.Communities = append(r.Communities, text)
	}
	return nil
}

// eachKey calls do for every key of a mapping. It refuses a key that stands
// twice: yaml would let the last one win.
func (s *sites) eachKey(n *yaml.Node, what string, do func(key, value *yaml.Node) error) error {
	m := target(n)
	if m.Kind != yaml.MappingNode {
		return s.mistake(n, "%s must be a mapping, got %s", what, describe(m))
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		key := target(m.Content[i])
		if first, twice := seen[key.Value]; twice {
			return s.mistake(m.Content[i], "%q stands twice in %s, first in line %d", short(key.Value), what, first)
		}
		seen[key.Value] = m.Content[i].Line
		if err := do(key, m.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// scalar is the text of a value as it stands in the file, so that 0123 stays
// 0123.
func (s *sites) scalar(n *yaml.Node, what string) (string, error) {
	v := target(n)
	if v.Kind != yaml.ScalarNode || v.Value == "" || v.Tag == "!!null" {
		return "", s.mistake(n, "%s must have one value, got %s", what, describe(v))
	}
	return v.Value, nil
}

func (s *sites) at(n *yaml.Node, err error) error {
	if err == nil {
		return nil
	}
	return s.mistake(n, "%s", err)
}

func (s *sites) mistake(n *yaml.Node, format string, args ...any) error {
	return &fileError{s.file, n.Line, fmt.Sprintf(format, args...)}
}

// target is the node that an alias stands for, else the node itself.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Value == "" || n.Tag == "!!null":
		return "nothing"
	}
	return fmt.Sprintf("%q", short(n.Value))
}

// short keeps a quoted value from filling the screen.
func short(s string) string {
	const limit = 200
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
