package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/natesales/pathvector-plugin/protocol"
)

// Result is what a plugin wants to be different: made by Merge, Patch or
// Changed. The zero Result changes nothing.
type Result struct {
	form  form
	value any
}

type form int

const (
	noChange form = iota
	mergeForm
	patchForm
	changedForm
)

// Merge changes the view by a JSON Merge Patch (RFC 7396): an object with the
// values to set; a null removes. Nothing else can be removed by it, and no null
// be set.
func Merge(object any) Result { return Result{mergeForm, object} }

// Patch changes the view by operations (RFC 6902), one after the other; those
// from Add on make them.
func Patch(operations ...Operation) Result {
	return Result{patchForm, append([]Operation{}, operations...)}
}

// Changed is for a view that the handler itself has changed: what differs from
// the view that was sent is changed in the configuration. A value for which the
// view's type has no field stays as it is, in objects at any depth; an array
// counts as one value, so its items must have all fields.
func Changed(view any) Result { return Result{changedForm, view} }

// encode returns the result of modify (rule MOD-2). It is put together from
// its parts, for encoding/json would read them all once more.
func (r Result) encode(sent json.RawMessage, messages []protocol.PluginMessage) (json.RawMessage, error) {
	key, value := "merge", json.RawMessage("{}")
	var err error
	switch r.form {
	case noChange:
	case mergeForm:
		value, err = encodeMerge(r.value)
	case patchForm:
		key = "patch"
		value, err = protocol.EncodeParams(r.value)
	case changedForm:
		key = "config"
		value, err = encodeChanged(sent, r.value)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot encode the result: %w", err)
	}
	result := append([]byte(`{"`+key+`":`), value...)
	if len(messages) > 0 {
		text, err := protocol.EncodeParams(messages)
		if err != nil {
			return nil, fmt.Errorf("cannot encode the messages: %w", err)
		}
		result = append(append(result, `,"messages":`...), text...)
	}
	return append(result, '}'), nil
}

// encodeMerge takes a nil map for a map without keys.
func encodeMerge(object any) (json.RawMessage, error) {
	text, err := protocol.EncodeParams(object)
	switch {
	case err != nil:
		return nil, err
	case bytes.Equal(text, []byte("null")):
		return json.RawMessage("{}"), nil
	case text[0] != '{':
		return nil, fmt.Errorf("Merge needs an object, got a %T", object)
	}
	return text, nil
}

func encodeChanged(sent json.RawMessage, view any) (json.RawMessage, error) {
	if view == nil {
		return nil, errors.New("Changed needs the view, got nil")
	}
	config, err := changedView(sent, view)
	if err != nil {
		return nil, err
	}
	return protocol.EncodeParams(config)
}
