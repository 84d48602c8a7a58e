package spec

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
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

// Validator returns the named schema, compiled. Nothing is loaded from a file
// or from the network (OPT-3). It may be used from several goroutines.
func Validator(name string) (*jsonschema.Schema, error) {
	all, err := validators()
	if err != nil {
		return nil, err
	}
	if s, ok := all[name]; ok {
		return s, nil
	}
	_, err = Schema(name)
	return nil, err
}

// Validate checks one JSON text against the named schema. The error wraps a
// *jsonschema.ValidationError when the text is JSON that does not match.
func Validate(name string, text []byte) error {
	s, err := Validator(name)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("expected JSON that matches the schema %s: %w", name, err)
	}
	return s.Validate(value)
}

// Problem words the first thing for which Validate fails in one line.
func Problem(err error) string {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err.Error()
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	words := invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	return "/" + strings.Join(invalid.InstanceLocation, "/") + ": " + words
}

var validators = sync.OnceValues(compileAll)

func compileAll() (map[string]*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.UseLoader(jsonschema.SchemeURLLoader{}) // knows no scheme: nothing is loaded
	names := SchemaNames()
	for _, name := range names {
		text, err := Schema(name)
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		if err := c.AddResource(URN+name, doc); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
	}
	return compileNames(c, names)
}

func compileNames(c *jsonschema.Compiler, names []string) (map[string]*jsonschema.Schema, error) {
	all := make(map[string]*jsonschema.Schema, len(names))
	for _, name := range names {
		s, err := c.Compile(URN + name)
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		all[name] = s
	}
	return all, nil
}
