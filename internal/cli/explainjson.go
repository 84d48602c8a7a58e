package cli

import (
	"encoding/json"

	"github.com/natesales/pathvector-plugin/config"
)

// explainedJSON is what explain prints with --json.
type explainedJSON struct {
	Configuration string        `json:"configuration"`
	Pointer       *string       `json:"pointer,omitempty"` // absent: everything that plugins changed
	Plugins       []ranPlugin   `json:"plugins"`
	Values        []valueJSON   `json:"values"`
	Messages      []messageJSON `json:"messages"`
}

// valueJSON is the story of one value.
type valueJSON struct {
	Pointer  string          `json:"pointer"`
	Value    json.RawMessage `json:"value,omitempty"`    // absent: it is not there, or not any more
	From     *config.Origin  `json:"from,omitempty"`     // in the file as it was; absent: it was not there
	Changes  []changeJSON    `json:"changes"`            // in order
	List     *string         `json:"list,omitempty"`     // the list that it is an item of, whose changes these are
	Template *valueJSON      `json:"template,omitempty"` // the value that holds for a peer without one of its own
	Default  json.RawMessage `json:"default,omitempty"`  // what Pathvector takes where nothing sets it
}

// document is the JSON of values; of all changed ones where pointer is nil.
func (e *explainer) document(pointer *string, values []valueJSON) explainedJSON {
	m := modifiedOf(e.result)
	return explainedJSON{Configuration: m.Configuration, Pointer: pointer, Plugins: m.Plugins, Values: values, Messages: m.Messages}
}

// told lists the values of a tree: those that are no mapping, and mappings that
// a plugin changed as a whole. A tree of one value lists that.
func (e *explainer) told(b *branch) []valueJSON {
	values := []valueJSON{}
	if len(b.changes) > 0 || len(b.below) == 0 && len(b.path) > 0 {
		values = append(values, e.valueJSON(e.story(b.path)))
	}
	for _, c := range b.below {
		values = append(values, e.told(c)...)
	}
	return values
}

func (e *explainer) valueJSON(s *story) valueJSON {
	out := valueJSON{Pointer: s.path.String(), Value: s.now, From: s.origin, Default: s.fallback, Changes: []changeJSON{}}
	for _, step := range s.steps {
		out.Changes = append(out.Changes, changeJSON{
			Pointer: step.Pointer, Op: step.Op, Before: step.Before, After: step.After,
			Plugin: step.Plugin, Version: step.Version, Overwrites: step.overwrites, Extends: step.extends,
		})
	}
	if s.list != nil {
		list := s.list.String()
		out.List = &list
	}
	if s.inherited != nil {
		from := e.valueJSON(s.inherited)
		out.Template = &from
	}
	return out
}
