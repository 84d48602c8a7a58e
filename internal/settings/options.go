package settings

import (
	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// ParseOptions reads a plugin's options from YAML, or JSON, which is a part of
// it. name is that of the text for errors, which are *Error or *config.Error.
func ParseOptions(name string, text []byte) (tree.Value, error) {
	n, err := document(name, text)
	if err != nil || n == nil {
		return nil, err
	}
	var v tree.Value
	return v, reader{name}.options(n, &v)
}

// ParseOption reads the value of one option, as ParseOptions does.
func ParseOption(name string, text []byte) (tree.Value, error) {
	n, err := document(name, text)
	if err != nil || n == nil {
		return nil, err
	}
	return config.PlainValue(name, n)
}
