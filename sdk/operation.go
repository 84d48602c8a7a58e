package sdk

import (
	"github.com/natesales/pathvector-plugin/protocol"
)

// Operation is one step of a Patch. Its pointers are JSON Pointers; Pointer
// makes them.
type Operation struct{ fields operationFields }

type operationFields struct {
	Op    string  `json:"op"`
	From  *string `json:"from,omitempty"`
	Path  string  `json:"path"`
	Value *any    `json:"value,omitempty"`
}

// Add sets a key or inserts into an array; /- at the end appends.
func Add(pointer string, value any) Operation {
	return Operation{operationFields{Op: "add", Path: pointer, Value: &value}}
}

// Replace sets a value that must exist.
func Replace(pointer string, value any) Operation {
	return Operation{operationFields{Op: "replace", Path: pointer, Value: &value}}
}

// Remove removes a value that must exist.
func Remove(pointer string) Operation {
	return Operation{operationFields{Op: "remove", Path: pointer}}
}

// Move is Remove of from and Add of its value.
func Move(from, pointer string) Operation {
	return Operation{operationFields{Op: "move", From: &from, Path: pointer}}
}

// Copy is Add of the value of from.
func Copy(from, pointer string) Operation {
	return Operation{operationFields{Op: "copy", From: &from, Path: pointer}}
}

// Test makes the whole patch fail when the value is another.
func Test(pointer string, value any) Operation {
	return Operation{operationFields{Op: "test", Path: pointer, Value: &value}}
}

// MarshalJSON writes the operation as RFC 6902 has it.
func (o Operation) MarshalJSON() ([]byte, error) {
	return protocol.EncodeParams(o.fields)
}
