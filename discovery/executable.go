package discovery

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"golang.org/x/sys/unix"
)

// BrokenError says why a file cannot be run as a plugin. Its text continues a
// sentence that names the file.
type BrokenError struct {
	Problem string
	Advice  string
}

func (e *BrokenError) Error() string { return e.Problem }

// Hint says what to do about it.
func (e *BrokenError) Hint() string { return e.Advice }

// Executable reports whether the file at path can be executed by this user,
// as far as that can be told without running it: nil, or a *BrokenError with
// the reason.
func Executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return unreachable(path, err)
	}
	mode := info.Mode()
	switch {
	case mode.IsDir():
		return &BrokenError{"is a directory", "an executable file was expected at " + shellQuote(path)}
	case !mode.IsRegular():
		return &BrokenError{fmt.Sprintf("is %s, not a regular file", kind(mode)), "replace or remove " + shellQuote(path)}
	case mode.Perm()&0o111 == 0:
		return &BrokenError{"is not executable", "chmod +x " + shellQuote(path)}
	}
	if unix.Access(path, unix.X_OK) == nil {
		return nil
	}
	return refused(path, mode)
}

func unreachable(path string, err error) error {
	quoted := shellQuote(path)
	target, linkErr := os.Readlink(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && linkErr == nil:
		return &BrokenError{fmt.Sprintf("is a link to %q, which does not exist", clip(target)), "mend or remove the link: ls -l " + quoted}
	case errors.Is(err, fs.ErrNotExist):
		return &BrokenError{"does not exist", "install it again, or look for its new place"}
	case errors.Is(err, syscall.ELOOP):
		return &BrokenError{"is a link that leads back to itself", "mend or remove the link: ls -l " + quoted}
	case errors.Is(err, fs.ErrPermission):
		return &BrokenError{"cannot be reached: permission denied", "let this user enter the directories that lead to it: namei -l " + quoted}
	}
	return &BrokenError{"cannot be read: " + reason(err).Error(), "ls -l " + quoted}
}

// refused explains a file that has an execute bit, but not for this user.
func refused(path string, mode fs.FileMode) error {
	if noexec(path) {
		return &BrokenError{"is on a file system that is mounted noexec", "move it to another file system, or mount that one without noexec"}
	}
	return &BrokenError{
		fmt.Sprintf("is not executable for this user (mode %04o)", mode.Perm()),
		"chmod a+rx " + shellQuote(path) + ", or run as its owner",
	}
}

func kind(mode fs.FileMode) string {
	switch mode.Type() {
	case fs.ModeNamedPipe:
		return "a named pipe"
	case fs.ModeSocket:
		return "a socket"
	}
	return "a device"
}

// shellQuote makes path safe to paste into a shell.
func shellQuote(path string) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-+:,@%", r)
	}
	switch {
	case strings.ContainsFunc(path, unicode.IsControl):
		return strconv.Quote(path) // for the eye: a terminal must not obey it
	case path == "" || strings.ContainsFunc(path, special):
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
