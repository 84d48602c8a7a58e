package config

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// Change is one value that a plugin added, replaced or removed.
type Change struct {
	Pointer string          `json:"pointer"`
	Op      tree.Op         `json:"op"`
	Before  json.RawMessage `json:"before,omitempty"` // nil for an added value
	After   json.RawMessage `json:"after,omitempty"`  // nil for a removed value
	Plugin  string          `json:"plugin"`
	Version string          `json:"version,omitempty"`

	secrets pointers // of the document, as the schema cannot tell them
}

func newChange(d tree.Difference, secrets pointers) Change {
	c := Change{Pointer: d.Path.String(), Op: d.Op, secrets: secrets}
	if d.Op != tree.Add {
		c.Before = tree.Append(nil, d.Before)
	}
	if d.Op != tree.Remove {
		c.After = tree.Append(nil, d.After)
	}
	return c
}

// Masked returns the change with every secret in it replaced, for printing.
func (c Change) Masked() Change {
	c.Before, c.After = c.masked(c.Before), c.masked(c.After)
	return c
}

func (c Change) masked(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return nil
	}
	path, err := tree.ParsePointer(c.Pointer)
	v, broken := tree.Parse(raw)
	if err != nil || broken != nil || schema.Secret(path) || c.secrets.within(path) {
		return json.RawMessage(`"` + mask + `"`)
	}
	return tree.Append(nil, masked(v, schema.At(path), path, c.secrets))
}
