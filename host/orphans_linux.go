package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// AdoptOrphans makes this process the parent of everything that its plugins
// leave behind, also of what has left their process groups, so that EndOrphans
// finds it, and reports whether it did. It is for a program that runs plugins
// and little else, before it starts anything.
//
// It does nothing in a process that has children already, say of the shell
// script that became it, or that is the first one of its container: what would
// be adopted there need not be a plugin's.
func AdoptOrphans() bool {
	if os.Getpid() == 1 || !childless() {
		return false
	}
	return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
}

// EndOrphans kills all children of this process, and theirs, and returns the
// names of their programs. It must be called only after AdoptOrphans, and while
// no child runs that this process wants: after Host.Close, and before anything
// else is started.
//
// A child's id is its own until this process has waited for it, so nothing
// else can be hit.
func EndOrphans() []string {
	var names []string
	seen := map[int]bool{}
	end := time.Now().Add(usualGraces.afterKill)
	for ; !childless() && time.Now().Before(end); time.Sleep(time.Millisecond) {
		for _, pid := range children() {
			// What has ended, or is ending with its group, is no news; it only has
			// to be waited for.
			if !seen[pid] && !dying(pid) {
				names = append(names, program(pid))
			}
			seen[pid] = true
			_ = syscall.Kill(pid, syscall.SIGKILL)
			_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
	}
	return names
}

// childless reports whether this process has no children. To ask so costs next
// to nothing; to search /proc takes as long as all else that a short command
// does.
func childless() bool {
	err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT|unix.WALL, nil)
	return errors.Is(err, unix.ECHILD)
}

// children lists the processes whose parent this one is. Systems that do not
// list them by parent have them all looked at.
func children() []int {
	var found []int
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		text, _ := os.ReadFile(list) // the thread may be gone
		for field := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				found = append(found, pid)
			}
		}
	}
	if len(lists) > 0 {
		return found
	}
	self := strconv.Itoa(os.Getpid())
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if fields := stat(pid); err == nil && len(fields) > 1 && fields[1] == self {
			found = append(found, pid)
		}
	}
	return found
}

// stat returns what /proc says of a process behind its name: the state, its
// parent and so on; nothing when it is gone.
func stat(pid int) []string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	i := bytes.LastIndexByte(text, ')') // the name may hold anything
	return strings.Fields(string(text[i+1:]))
}

// dying reports whether a process has ended, or is about to since it was sent
// SIGKILL: that waits for it as a signal at first, and makes flags later.
func dying(pid int) bool {
	const flagsAt, exiting, signalled = 6, 0x4, 0x400 // PF_EXITING, PF_SIGNALED
	if pendingKill(pid) {
		return true
	}
	fields := stat(pid)
	if len(fields) <= flagsAt || fields[0] == "Z" || fields[0] == "X" {
		return true
	}
	flags, err := strconv.ParseUint(fields[flagsAt], 10, 64)
	return err == nil && flags&(exiting|signalled) != 0
}

func pendingKill(pid int) bool {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if mask, ok := strings.CutPrefix(line, "SigPnd:"); ok {
			pending, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return err == nil && pending&(1<<(syscall.SIGKILL-1)) != 0
		}
	}
	return false
}

// program is the first word of a process's command line.
func program(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	name, _, _ := bytes.Cut(text, []byte{0})
	return filepath.Base(string(name))
}
