// Package discovery finds the plugins that are installed: executables named
// pathvector-plugin-NAME. It reads directories and never runs anything.
package discovery

import (
	"fmt"
	"path/filepath"

	"github.com/adrg/xdg"
)

// Prefix starts the file name of every plugin; the plugin's name follows it
// (NAM-1).
const Prefix = "pathvector-plugin-"

// Origins of a Place, in the order in which they are searched.
const (
	OriginPluginDir = "plugin-dir" // a --plugin-dir option
	OriginData      = "data"       // an XDG data directory
	OriginPath      = "PATH"       // an entry of PATH
)

// Place is a directory in which plugins are looked for.
type Place struct {
	Dir    string // absolute and clean, or as it was given when Skip is set
	Origin string // one of the Origin constants
	Skip   error  // why the directory is not searched; nil when it is
}

// Places lists the directories to search, in the order in which they count:
// pluginDirs, pathvector-plugin/plugins in the XDG data directories, and the
// entries of path, which has the form of the environment variable PATH.
//
// The caller makes pluginDirs absolute: only it knows what they are relative
// to. A relative directory is skipped, from either source, because what it
// means would depend on where the host was started. Empty entries of path are
// dropped. The XDG directories are those that package xdg read from the
// environment (see xdg.Reload).
func Places(pluginDirs []string, path string) []Place {
	var places []Place
	for _, dir := range pluginDirs {
		places = append(places, newPlace(dir, OriginPluginDir))
	}
	for _, data := range append([]string{xdg.DataHome}, xdg.DataDirs...) {
		if data != "" {
			places = append(places, newPlace(filepath.Join(data, "pathvector-plugin", "plugins"), OriginData))
		}
	}
	for _, dir := range filepath.SplitList(path) {
		if dir != "" {
			places = append(places, newPlace(dir, OriginPath))
		}
	}
	return places
}

func newPlace(dir, origin string) Place {
	if !filepath.IsAbs(dir) {
		return Place{Dir: dir, Origin: origin, Skip: fmt.Errorf(
			"%q is not an absolute path: what it means depends on the working directory", dir)}
	}
	return Place{Dir: filepath.Clean(dir), Origin: origin}
}
