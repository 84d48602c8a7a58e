package config

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// MaskMessage returns a protocol message without secrets: without the values
// of secret keys wherever they stand, those that operations of a JSON Patch,
// changes and findings give them, and all that holds one of the texts.
func MaskMessage(v tree.Value, texts []string) tree.Value {
	switch v := v.(type) {
	case string:
		return maskText(v, texts)
	case json.Number:
		if maskText(string(v), texts) != string(v) {
			return mask
		}
	case []tree.Value:
		out := make([]tree.Value, len(v))
		for i, item := range v {
			out[i] = MaskMessage(item, texts)
		}
		return out
	case *tree.Object:
		return maskObject(v, texts)
	}
	return v
}

func maskObject(o *tree.Object, texts []string) tree.Value {
	onSecret := pointsToSecret(o, "path") || pointsToSecret(o, "pointer")
	var anywhere *schema.Node // knows secret keys only
	out := &tree.Object{}
	for key, child := range o.All() {
		_, isObject := child.(*tree.Object)
		if anywhere.Secret(key) && !isObject || onSecret && slices.Contains(pointedTo, key) {
			out.Set(key, mask)
		} else {
			out.Set(key, MaskMessage(child, texts))
		}
	}
	return out
}

// pointedTo are the keys of values that are at the path or the pointer beside
// them: in an operation of a JSON Patch, a change, and a finding.
var pointedTo = []string{"value", "before", "after", "proposed"}

func pointsToSecret(o *tree.Object, key string) bool {
	v, _ := o.Get(key)
	pointer, _ := v.(string)
	path, err := tree.ParsePointer(pointer)
	return err == nil && schema.Secret(path)
}

func maskText(s string, texts []string) string {
	for _, text := range texts {
		s = strings.ReplaceAll(s, text, mask)
	}
	return s
}
