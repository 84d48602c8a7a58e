package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// checkOutput finds before anything runs that a file cannot be written to.
func checkOutput(file string) error {
	target, err := destination(file)
	if err != nil {
		return outputError(file, err)
	}
	info, err := os.Stat(target)
	if err == nil && !info.Mode().IsRegular() {
		return &usageError{problem: "--output " + quote(file) + " is no regular file", advice: "leave --output out to write to standard output, and redirect that"}
	}
	return nil
}

// writeFile puts data in place of file in one step: a reader sees the old
// content or the new, never half of one. Mode and owner of an existing file
// stay, a symbolic link keeps pointing at it; a new file has mode 0600, as
// configurations hold passwords. The same content is not written again.
func writeFile(file string, data []byte) error {
	target, err := destination(file)
	if err != nil {
		return outputError(file, err)
	}
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		info = nil
	case err != nil:
		return outputError(file, err)
	default:
		if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, data) {
			return nil
		}
	}
	return outputError(file, replace(target, info, data))
}

// destination follows symbolic links. One that leads to no file is refused: it
// is more likely a mistake than the wish for a file there.
func destination(file string) (string, error) {
	target, err := filepath.EvalSymlinks(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return target, err
	}
	if _, statErr := os.Lstat(file); statErr == nil {
		return "", fmt.Errorf("it is a symbolic link to a file that does not exist: %w", err)
	}
	return file, nil
}

// replace writes beside target and renames. The temporary file lies in the
// same directory, so that the rename cannot cross file systems.
func replace(target string, old os.FileInfo, data []byte) error {
	mode := os.FileMode(0o600)
	if old != nil {
		mode = old.Mode().Perm()
	}
	f, err := renameio.NewPendingFile(target, renameio.WithTempDir(filepath.Dir(target)), renameio.WithStaticPermissions(mode))
	if err != nil {
		return err
	}
	defer func() { _ = f.Cleanup() }() // after a rename there is nothing to clean up
	if err := keepOwner(f, old); err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.CloseAtomicallyReplace()
}

func keepOwner(f *renameio.PendingFile, old os.FileInfo) error {
	if old == nil {
		return nil
	}
	now, err := f.Stat()
	if err != nil {
		return err
	}
	// The new file's group may be that of the directory, not the process's.
	is, ok := now.Sys().(*syscall.Stat_t)
	was, wasOK := old.Sys().(*syscall.Stat_t)
	if !ok || !wasOK || was.Uid == is.Uid && was.Gid == is.Gid {
		return nil
	}
	if err := f.Chown(int(was.Uid), int(was.Gid)); err != nil {
		return fmt.Errorf("keeping its owner: %w", err)
	}
	// A change of owner clears the set-id bits and, on some systems, more.
	return f.Chmod(old.Mode().Perm())
}

func outputError(file string, err error) error {
	if err == nil {
		return nil
	}
	advice := "check that its directory exists and that this user may write there"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		advice = "make room there: df " + quote(filepath.Dir(file))
	}
	return &hinted{fmt.Errorf("cannot write %s: %w", file, err), advice + "; the file is as it was"}
}
