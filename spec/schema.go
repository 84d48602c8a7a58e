package spec

import (
	"fmt"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/jsonschema"
)

// URN is what the $id of every schema starts with; the schema's name follows.
const URN = "urn:pathvector-plugin:"

// SchemaNames returns the names of all schemas, sorted: "describe-result",
// "modify-request", "settings" and so on.
func SchemaNames() []string {
	entries, err := files.ReadDir("schema")
	if err != nil {
		return nil // cannot happen: the folder is embedded
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".json")
	}
	return names
}

// Schema returns the text of the named JSON Schema (2020-12).
func Schema(name string) ([]byte, error) {
	text, err := files.ReadFile("schema/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("no schema is named %q: there are %s", name, strings.Join(SchemaNames(), ", "))
	}
	return text, nil
}

// A MismatchError says where JSON does not match a schema.
type MismatchError struct {
	Schema string
	Faults []jsonschema.Fault // one at least
}

// Error words the first of the faults, in one line.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("expected JSON that matches the schema %s: %s", e.Schema, e.Problem())
}

// Problem says what does not match, and where, without the schema's name.
func (e *MismatchError) Problem() string {
	first := e.Faults[0]
	return "/" + strings.Join(first.Path, "/") + ": " + first.Problem
}

// Validate checks one JSON text against the named schema. The error is a
// *MismatchError when the text is JSON that does not match. Nothing is loaded
// from a file or from the network (OPT-3).
func Validate(name string, text []byte) error {
	schema, err := load(URN + name)
	if err != nil {
		return err
	}
	compiled, err := jsonschema.Compile(URN+name, schema, load)
	if err != nil {
		return fmt.Errorf("schema %s: %w", name, err)
	}
	value, err := tree.Parse(text)
	if err != nil {
		return fmt.Errorf("expected JSON that matches the schema %s: %w", name, err)
	}
	if faults := compiled.Validate(value); len(faults) > 0 {
		return &MismatchError{name, faults}
	}
	return nil
}

// load returns the schema with a URN.
func load(urn string) (tree.Value, error) {
	text, err := Schema(strings.TrimPrefix(urn, URN))
	if err != nil {
		return nil, err
	}
	return tree.Parse(text)
}
