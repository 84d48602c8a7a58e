package host

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/protocol"
)

// StartError says why a plugin could not be started.
type StartError struct {
	Problem string // continues a sentence that starts with the plugin
	Err     error  // the system's error
	advice  string
}

func (e *StartError) Error() string { return "it cannot be started: " + e.Problem }

// Unwrap returns the system's error.
func (e *StartError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *StartError) Hint() string { return e.advice }

// explainStart finds out why the system refused to run the file at path. The
// system's own words are of little help: a missing interpreter is reported as
// "no such file", although the file is there.
func explainStart(path string, err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return &StartError{err.Error(), err, "look at the file: ls -l " + path}
	}
	problem, advice := "", ""
	switch errno {
	case syscall.ENOENT, syscall.EACCES, syscall.EPERM, syscall.ELOOP, syscall.ENOTDIR:
		problem, advice = explainPath(path)
	case syscall.ENOEXEC:
		problem, advice = explainFormat(path)
	case syscall.ETXTBSY:
		problem = "something has its file open for writing"
		advice = "wait until its installation is over; replace a plugin with mv, not by writing into its file"
	case syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE:
		return explainLimit(errno)
	}
	if problem == "" {
		problem, advice = errno.Error(), fmt.Sprintf("look at the file: ls -l %s; file %[1]s; a security module may also have refused it", path)
	}
	return &StartError{problem, errno, advice}
}

// explainLimit is for what the system is short of.
func explainLimit(err error) error {
	return &StartError{"this system or this user is at a limit: " + err.Error(), err, "look at the limits for processes, open files and memory: ulimit -a"}
}

// explainPath says what is wrong with the file, or with the programs that it
// needs to run: the interpreter of a script, the loader of a binary.
func explainPath(path string) (problem, advice string) {
	if !filepath.IsAbs(path) {
		return fmt.Sprintf("its path %s is not absolute", protocol.Quote([]byte(path))), "name it by a path that starts with /"
	}
	if err := discovery.Executable(path); err != nil {
		return "its file " + err.Error(), hintOf(err)
	}
	needed, what, where := shebang(path), "interpreter", "its first line"
	if needed == "" {
		needed, what, where = loader(path), "loader", "the program"
	}
	if needed == "" {
		return "", ""
	}
	quoted := protocol.Quote([]byte(needed))
	if strings.HasSuffix(needed, "\r") {
		return fmt.Sprintf("its lines end in CR LF, so that %s asks for the interpreter %s", where, quoted), withoutCR(path)
	}
	if err := discovery.Executable(needed); err != nil {
		return fmt.Sprintf("%s asks for the %s %s, which %v", where, what, quoted, err),
			fmt.Sprintf("install the %s, or change %s, in %s", what, where, path)
	}
	return "", ""
}

func withoutCR(path string) string { return `give it Unix line endings: sed -i 's/\r$//' ` + path }

func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// head returns the beginning of the file, or nothing when it is not readable.
func head(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, 512))
	return b
}

// shebang returns the interpreter that the first line of a script names, with
// a CR that belongs to it as the system sees it; "" for other files.
func shebang(path string) string {
	line, ok := bytes.CutPrefix(firstLine(path), []byte("#!"))
	if !ok {
		return ""
	}
	line = bytes.TrimLeft(line, " \t")
	if end := bytes.IndexAny(line, " \t"); end >= 0 {
		line = line[:end]
	}
	return string(line)
}

func firstLine(path string) []byte {
	line, _, _ := bytes.Cut(head(path), []byte{'\n'})
	return line
}

// loader returns the path of the dynamic loader that an ELF program asks for.
func loader(path string) string {
	f, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			b, _ := io.ReadAll(io.LimitReader(p.Open(), 512))
			return strings.TrimRight(string(b), "\x00")
		}
	}
	return ""
}

// explainFormat says what a file is that the system does not take for a
// program.
func explainFormat(path string) (problem, advice string) {
	b := head(path)
	rebuild := fmt.Sprintf("install the build for %s on %s", runtime.GOARCH, runtime.GOOS)
	switch {
	case len(b) == 0:
		return "its file is empty, or cannot be read", "install it again"
	case bytes.HasPrefix(b, []byte("#!")):
		return fmt.Sprintf("its first line %s names no usable interpreter", protocol.Quote(firstLine(path))), scriptStart(path)
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return "its file starts with a byte order mark", "save it as UTF-8 without one: sed -i '1s/^\\xEF\\xBB\\xBF//' " + path
	case bytes.HasPrefix(b, []byte(elf.ELFMAG)):
		return explainELF(b), rebuild
	case bytes.HasPrefix(b, []byte("MZ")):
		return "it is a program for Windows", rebuild
	case bytes.HasPrefix(b, []byte("\xcf\xfa\xed\xfe")), bytes.HasPrefix(b, []byte("\xca\xfe\xba\xbe")):
		return "it is a program for macOS, or for another processor", rebuild
	case bytes.IndexByte(b, 0) >= 0:
		return "its file is no program that this system knows", rebuild
	}
	return "it is a script whose first line does not name the interpreter", scriptStart(path)
}

func scriptStart(path string) string {
	return "start " + path + ` with the line "#!/bin/sh", or "#!/usr/bin/env python3" and the like`
}

// machines are the processors that Go names, as ELF files name them.
var machines = map[string]elf.Machine{
	"386": elf.EM_386, "amd64": elf.EM_X86_64, "arm": elf.EM_ARM, "arm64": elf.EM_AARCH64,
	"loong64": elf.EM_LOONGARCH, "mips": elf.EM_MIPS, "mipsle": elf.EM_MIPS, "mips64": elf.EM_MIPS, "mips64le": elf.EM_MIPS,
	"ppc64": elf.EM_PPC64, "ppc64le": elf.EM_PPC64, "riscv64": elf.EM_RISCV, "s390x": elf.EM_S390,
}

// explainELF reads the header by hand: debug/elf refuses a damaged file.
func explainELF(b []byte) string {
	const machineAt, headerSize = 18, 20
	if len(b) < headerSize {
		return "its file is cut short"
	}
	built := elf.Machine(uint16(b[machineAt]) | uint16(b[machineAt+1])<<8)
	if elf.Data(b[elf.EI_DATA]) == elf.ELFDATA2MSB {
		built = elf.Machine(uint16(b[machineAt])<<8 | uint16(b[machineAt+1]))
	}
	ours := machines[runtime.GOARCH]
	if built == ours {
		return "its file is damaged, or built for another system"
	}
	return fmt.Sprintf("it is built for %s, and this machine is %s", processor(built), processor(ours))
}

// processor writes EM_X86_64 as x86_64.
func processor(m elf.Machine) string { return strings.ToLower(strings.TrimPrefix(m.String(), "EM_")) }

// newExitError explains the exit of a plugin that gave no whole answer.
func newExitError(path string, state *os.ProcessState, err error) error {
	e := &ExitError{Code: state.ExitCode(), Err: err}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.Signal = status.Signal()
	}
	const commandNotFound = 127 // of sh and of env
	switch {
	case bytes.HasPrefix(head(path), []byte("#!")) && bytes.HasSuffix(firstLine(path), []byte{'\r'}):
		e.advice = withoutCR(path) // "#!/usr/bin/env python3\r" starts env
	case e.Code == commandNotFound:
		e.advice = "a command that it runs was not found: install it, or set PATH, which is short under cron and systemd"
	case e.Signal == syscall.SIGKILL:
		e.advice = "the system may have been short of memory: look at its log (dmesg, journalctl -k)"
	}
	return e
}
