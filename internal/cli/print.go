package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
)

// printJSON writes v as the one JSON document on stdout.
func (a *app) printJSON(v any) error {
	var b strings.Builder
	if err := encodeLine(&b, v); err != nil {
		return err
	}
	return a.print(b.String())
}

// encodeLine writes v as one line of JSON, without HTML escapes.
func encodeLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// compact removes the white space between the tokens of valid JSON, so that it
// fits on a line.
func compact(data []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, data) != nil {
		return data
	}
	return b.Bytes()
}
