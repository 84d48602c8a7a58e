package discovery

import (
	"os"
	"path/filepath"
	"strings"
)

// At returns the plugin that an absolute path leads to, wherever that is: a
// file, or a directory that holds an executable of its own name. Err says why it
// cannot be run. Whether its name is one of a plugin (NAM-1) is left open.
func At(path string) Plugin {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, filepath.Base(path))
	}
	return Plugin{
		Name:  strings.TrimPrefix(filepath.Base(path), Prefix),
		Path:  path,
		Place: Place{Dir: filepath.Dir(path)},
		Err:   Executable(path),
	}
}
