package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists is that of Write when something has the directory's name already.
var ErrExists = errors.New("it exists already")

// Write makes the plugin's directory in dir and returns its path. It makes all
// of it or nothing: the files are written under another name first.
func (p Plugin) Write(dir string) (path string, err error) {
	files, err := p.Files()
	if err != nil {
		return "", err
	}
	dir = filepath.Clean(dir)
	path = filepath.Join(dir, p.Directory())
	if _, err := os.Lstat(path); err == nil {
		return path, fmt.Errorf("%s: %w", path, ErrExists)
	}
	temporary, err := os.MkdirTemp(dir, "."+p.Directory()+"-")
	if err != nil {
		return path, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }() // after the rename there is none
	if err := os.Chmod(temporary, directoryMode(dir)); err != nil {
		return path, err
	}
	for name, text := range files {
		if err := write(filepath.Join(temporary, filepath.FromSlash(name)), text); err != nil {
			return path, err
		}
	}
	return path, os.Rename(temporary, path)
}

// directoryMode is that of the directory around it, as the user's umask made
// it; MkdirTemp leaves out all but the user.
func directoryMode(dir string) fs.FileMode {
	const usual = 0o755
	info, err := os.Stat(dir)
	if err != nil {
		return usual
	}
	return info.Mode().Perm()&usual | 0o700
}

// write makes scripts executable.
func write(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	mode := fs.FileMode(0o666)
	if bytes.HasPrefix(text, []byte("#!")) {
		mode = 0o777
	}
	return os.WriteFile(file, text, mode)
}
