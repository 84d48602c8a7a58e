//go:build linux

package host_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/host"
)

// elfHeader is the beginning of a program for another processor: 64 bit,
// little-endian or big-endian, executable.
func elfHeader(order binary.ByteOrder, machine uint16) string {
	b := make([]byte, 64)
	copy(b, "\x7fELF\x02\x01\x01")
	if order == binary.BigEndian {
		b[5] = 2
	}
	order.PutUint16(b[16:], 2)
	order.PutUint16(b[18:], machine)
	return string(b)
}

const alpha, s390 = 0x9026, 22 // no machine that Go runs on, and one that is

func TestStartFailuresAreExplained(t *testing.T) {
	cases := []struct{ name, content, text, hint string }{
		{"missing interpreter", "#!/usr/bin/no-such-python -u\n", `its first line asks for the interpreter "/usr/bin/no-such-python", which does not exist`, "install the interpreter, or change its first line, in PATH"},
		{"missing interpreter, no newline", "#! /no/such", `"/no/such"`, "PATH"},
		{"CRLF in the first line", "#!/bin/sh\r\nexit 0\r\n", `its lines end in CR LF, so that its first line asks for the interpreter "/bin/sh\r"`, `sed -i 's/\r$//' PATH`},
		{"interpreter is a directory", "#!/etc\n", `"/etc", which is a directory`, "PATH"},
		{"interpreter is not executable", "#!/etc/passwd\n", `"/etc/passwd", which is not executable`, "PATH"},
		{"no first line", "echo hello\n", "it is a script whose first line does not name the interpreter", `start PATH with the line "#!/bin/sh"`},
		{"empty first line", "#!\n", `its first line "#!" names no usable interpreter`, "PATH"},
		{"byte order mark", "\ufeff#!/bin/sh\n", "its file starts with a byte order mark", "PATH"},
		{"empty file", "", "its file is empty", "install it again"},
		{"another processor", elfHeader(binary.LittleEndian, alpha), "it is built for alpha, and this machine is ", "install the build for"},
		{"another processor, big-endian", elfHeader(binary.BigEndian, s390), "it is built for s390, and this machine is ", "install the build for"},
		{"damaged program", "\x7fELF", "its file is cut short", "install the build for"},
		{"Windows program", "MZ\x90\x00", "it is a program for Windows", "install the build for"},
		{"macOS program", "\xcf\xfa\xed\xfe\x0c\x00\x00\x01", "it is a program for macOS, or for another processor", "install the build for"},
		{"binary data", "\x01\x02\x00\x03", "no program that this system knows", "install the build for"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := file(t, c.content, 0o755)
			checkStartError(t, p, c.text, strings.ReplaceAll(c.hint, "PATH", p.Path))
		})
	}
}

func checkStartError(t *testing.T, p host.Program, text, hint string) {
	t.Helper()
	r := newRig(t)
	before := openFiles(t)
	answer, err := r.call(t, p, request)
	assert.Nil(t, answer)
	failed := checkError(t, err)
	var start *host.StartError
	require.ErrorAs(t, err, &start)
	assert.ErrorContains(t, err, text)
	assert.Contains(t, failed.Hint(), hint)
	assert.Equal(t, before, openFiles(t))
	r.nothingLeft(t)
}

func TestFilesThatAreNotThere(t *testing.T) {
	t.Run("no execute bit", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o644)
		checkStartError(t, p, "its file is not executable", "chmod +x "+p.Path)
	})
	t.Run("deleted since it was found", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		require.NoError(t, os.Remove(p.Path))
		checkStartError(t, p, "its file does not exist", "install it again")
	})
	t.Run("replaced by a directory", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		require.NoError(t, os.Remove(p.Path))
		require.NoError(t, os.Mkdir(p.Path, 0o755))
		checkStartError(t, p, "its file is a directory", "executable")
	})
	t.Run("replaced by a dangling link", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		require.NoError(t, os.Remove(p.Path))
		require.NoError(t, os.Symlink("/no/such", p.Path))
		checkStartError(t, p, `its file is a link to "/no/such", which does not exist`, "link")
	})
	t.Run("relative path", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		p.Path = "bin/plugin"
		checkStartError(t, p, `its path "bin/plugin" is not absolute`, "starts with /")
	})
	t.Run("NUL in the path", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		p.Path = "/a\x00b"
		checkStartError(t, p, "invalid argument", "ls -l")
	})
	t.Run("a link in a circle", func(t *testing.T) {
		p := file(t, "#!/bin/sh\n", 0o755)
		require.NoError(t, os.Remove(p.Path))
		require.NoError(t, os.Symlink(filepath.Base(p.Path), p.Path))
		checkStartError(t, p, "leads back to itself", "link")
	})
}

// A program, unlike a script, is busy while it is open for writing.
func TestTextFileBusy(t *testing.T) {
	binary, err := os.ReadFile(os.Args[0])
	require.NoError(t, err)
	open := func(t *testing.T) (host.Program, *os.File) {
		p := file(t, string(binary), 0o755)
		p.Env = append(p.Env, modeVariable)
		w, err := os.OpenFile(p.Path, os.O_WRONLY, 0)
		require.NoError(t, err)
		t.Cleanup(func() { _ = w.Close() })
		return p, w
	}
	t.Run("for a moment", func(t *testing.T) {
		p, w := open(t)
		time.AfterFunc(50*time.Millisecond, func() { _ = w.Close() })
		r := newRig(t, modeVariable+"=answer")
		_, err := r.call(t, p, request)
		require.NoError(t, err)
	})
	t.Run("for good", func(t *testing.T) {
		p, _ := open(t)
		checkStartError(t, p, "something has its file open for writing", "mv")
		r := newRig(t)
		_, err := r.call(t, p, request)
		require.ErrorIs(t, err, syscall.ETXTBSY)
	})
	t.Run("until the deadline", func(t *testing.T) {
		p, _ := open(t)
		p.Timeout = 10 * time.Millisecond
		r := newRig(t)
		_, err := r.call(t, p, request)
		checkError(t, err)
		require.ErrorContains(t, err, "no answer within 10ms")
	})
}

// A script whose interpreter is found by env starts, and then fails.
func TestCRLFBehindEnv(t *testing.T) {
	for _, first := range []string{"#!/usr/bin/env sh\r\n", "#!/bin/sh -e\r\n"} {
		p := file(t, first+"exit 0\r\n", 0o755)
		_, err := newRig(t).call(t, p, request)
		var exit *host.ExitError
		require.ErrorAs(t, err, &exit)
		assert.Contains(t, exit.Hint(), `sed -i 's/\r$//' `+p.Path)
	}
}

func TestTooManyOpenFiles(t *testing.T) {
	p := shell(t, printOK)
	_, err := newRig(t).call(t, p, request)
	require.NoError(t, err)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) })
	for _, more := range []int{1, 3, 5, 6, 7} {
		low := limit
		low.Cur = uint64(openFiles(t) - 1 + more)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low))
		_, err = newRig(t).call(t, p, request)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
		checkError(t, err)
		require.ErrorIs(t, err, syscall.EMFILE, "%d more files", more)
		assert.ErrorContains(t, err, "at a limit")
	}
}
