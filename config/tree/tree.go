// Package tree holds configurations as ordered JSON values.
//
// A Value is one of nil, bool, json.Number, string, []Value and *Object.
// Numbers keep the text they were written with and never pass through a
// float; objects keep the order of their keys.
//
// A Value is never changed once it is built: an update returns a new value
// that shares everything off the changed path with the old one.
package tree

// Value is nil, bool, json.Number, string, []Value or *Object.
type Value = any
