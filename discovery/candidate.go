package discovery

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/natesales/pathvector-plugin/protocol"
)

// candidate is a Plugin with what is needed to see that two are one file.
type candidate struct {
	Plugin
	info fs.FileInfo // of the file that links lead to; nil when there is none
	gone bool        // removed since its name was read
}

func examine(place Place, file string) candidate {
	c := candidate{Plugin: Plugin{
		Name:  strings.TrimPrefix(file, Prefix),
		Path:  filepath.Join(place.Dir, file),
		Place: place,
	}}
	var err error
	if c.info, err = os.Stat(c.Path); err != nil {
		if _, err := os.Lstat(c.Path); os.IsNotExist(err) {
			c.gone = true
			return c
		}
	}
	switch {
	case !protocol.ValidName(c.Name):
		c.Err = badName(c.Name, c.Path)
	case c.info != nil && c.info.IsDir():
		c.lookInside(file)
	default:
		c.Err = Executable(c.Path)
	}
	return c
}

// lookInside judges a directory pathvector-plugin-NAME by the executable of
// the same name in it.
func (c *candidate) lookInside(file string) {
	inner := filepath.Join(c.Path, file)
	if _, err := os.Lstat(inner); os.IsNotExist(err) {
		c.Err = &BrokenError{
			Problem: fmt.Sprintf("is a directory that holds no executable %q", file),
			Advice:  "put the plugin at " + shellQuote(inner),
		}
		return
	}
	c.Path = inner
	c.info, _ = os.Stat(inner)
	c.Err = Executable(inner)
}

func badName(name, path string) error {
	e := &BrokenError{
		Problem: fmt.Sprintf("has the name %q: lower-case letters, digits and single hyphens between them were expected", clip(name)),
		Advice:  "rename it",
	}
	if better := mendName(name); protocol.ValidName(better) {
		to := filepath.Join(filepath.Dir(path), Prefix+better)
		e.Advice += fmt.Sprintf(": mv %s %s", shellQuote(path), shellQuote(to))
	}
	return e
}

// mendName guesses the name that was meant: "My_Tool.sh" is "my-tool".
func mendName(name string) string {
	name = strings.TrimSuffix(name, filepath.Ext(name))
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r == '_' || r == '-' || r == ' ' || r == '.'
	})
	return strings.Join(words, "-")
}

// clip shortens what is quoted in an error to 200 bytes.
func clip(s string) string {
	if len(s) <= 200 {
		return s
	}
	return strings.ToValidUTF8(s[:200], "") + "…"
}
