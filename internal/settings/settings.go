// Package settings reads the host's own file: which plugins run, in which
// order, with which options and grants. Its form is described by
// spec/schema/settings.json.
package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// relPath is where the file lies in an XDG configuration directory.
const relPath = "pathvector-plugin/settings.yml"

// Settings is the content of a settings file. The zero Settings is that of a
// machine without one.
type Settings struct {
	// File is where the settings were read from; empty without a file.
	File string
	// Plugins run in this order. It means something only with Listed.
	Plugins []Plugin
	// Listed says that the file has a plugins list, also an empty one.
	Listed bool
}

// Plugin is one entry of the plugins list.
type Plugin struct {
	Name    string
	Enabled bool
	Options tree.Value       // an object; nil without an options key
	Timeout time.Duration    // 0: not set
	Mode    string           // one-shot or kept-running; empty: as the plugin says
	Reads   []config.Pattern // nil: not narrowed
	Writes  []config.Pattern
	Grants  Grants
}

// Grants is what an operator agrees to beyond the defaults.
type Grants struct {
	Secrets bool     // read and write password and peeringdb-api-key
	Guarded bool     // write keys that run code, name files or decide trust
	Env     []string // names of environment variables to pass on
}

// Error is a fault in a settings file. Line and Column count from 1.
type Error struct {
	File         string
	Line, Column int
	Problem      string
	Advice       string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Problem)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Problem)
}

// Hint says what to do about the fault.
func (e *Error) Hint() string { return e.Advice }

// Find returns the first settings file in the XDG configuration directories,
// and "" where there is none. Only that one file counts. One that cannot be
// looked at is there: to go on without it could run other plugins.
func Find() string {
	for _, dir := range append([]string{xdg.ConfigHome}, xdg.ConfigDirs...) {
		path := filepath.Join(dir, relPath)
		_, err := os.Lstat(path)
		absent := errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
		if !absent && filepath.IsAbs(path) {
			return path
		}
	}
	return ""
}

// Load reads the settings file at path.
func Load(path string) (*Settings, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{File: path, Problem: "there is no such settings file", Advice: "create it, or leave --settings out"}
	}
	if err != nil {
		return nil, &Error{File: path, Problem: err.Error(), Advice: "make the file readable for this user"}
	}
	return Parse(path, text)
}

// Parse reads settings from text, one YAML document; file is its name for
// messages.
func Parse(file string, text []byte) (*Settings, error) {
	s := &Settings{File: file}
	root, err := document(file, text)
	if err != nil {
		return nil, err
	}
	if root == nil || isNull(root) {
		return s, nil
	}
	r := reader{file: file}
	err = r.mapping(root, "the settings", fields{
		"plugins": func(n *yaml.Node) error { return r.plugins(n, s) },
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// document returns the root of the one document in text, or nil.
func document(file string, text []byte) (*yaml.Node, error) {
	var first, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	err := dec.Decode(&first)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		err = dec.Decode(&second)
	}
	switch {
	case err == nil:
		return nil, &Error{File: file, Line: second.Line, Column: second.Column, Problem: "a second YAML document starts here", Advice: "keep one document in the file"}
	case !errors.Is(err, io.EOF):
		return nil, &Error{File: file, Problem: err.Error(), Advice: "mend the YAML; JSON is accepted too"}
	case len(first.Content) == 0:
		return nil, nil
	}
	return first.Content[0], nil
}
