package discovery

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// asNobody runs do on a thread that has given up root, if the test has it.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if os.Getuid() == 0 {
			const nobody = 65534
			if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
				done <- errno
				return
			}
		}
		do()
	}()
	require.NoError(t, <-done)
}

func TestNotExecutableForThisUser(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	file := filepath.Join(dir, "plugin")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	mode := os.FileMode(0o011) // for the owner, others may
	if os.Getuid() == 0 {
		mode = 0o700 // for anyone else
	}
	require.NoError(t, os.Chmod(file, mode))
	var err error
	asNobody(t, func() { err = Executable(file) })
	var broken *BrokenError
	require.ErrorAs(t, err, &broken)
	assert.Contains(t, broken.Problem, "is not executable for this user (mode 0")
	assert.Equal(t, "chmod a+rx "+file+", or run as its owner", broken.Hint())
}

func TestOutOfReach(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.Mkdir(dir, 0o755))
	file := filepath.Join(dir, "plugin")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, os.Chmod(dir, 0))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	var err error
	var skipped []Place
	asNobody(t, func() {
		err = Executable(file)
		skipped = Scan([]Place{{Dir: dir, Origin: OriginPath}}).skipped()
	})
	assert.EqualError(t, err, "cannot be reached: permission denied")
	require.Len(t, skipped, 1)
	assert.ErrorContains(t, skipped[0].Skip, "cannot be read: permission denied")
}

// Compared with what the kernel lists.
func TestNoexecFollowsTheMount(t *testing.T) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	last := map[string]bool{} // a later mount hides an earlier one
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		last[f[1]] = strings.Contains(","+f[3]+",", ",noexec,")
	}
	assert.NotEmpty(t, last)
	for dir, want := range last {
		if _, err := os.Stat(dir); err == nil {
			assert.Equal(t, want, noexec(dir), dir)
		}
	}
}

func TestNoexecMountIsNamed(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "plugin")
	var mounted, err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the mount is gone with the thread
		if mounted = mountNoexec(dir); mounted == nil {
			_ = os.WriteFile(file, nil, 0o755)
			err = Executable(file)
		}
	}()
	<-done
	if mounted != nil && (os.Geteuid() != 0 || os.Getenv("CI") != "true") {
		t.Skip("mounting needs root, and a container that lets it:", mounted)
	}
	require.NoError(t, mounted)
	require.EqualError(t, err, "is on a file system that is mounted noexec")
	var broken *BrokenError
	require.ErrorAs(t, err, &broken)
	assert.Contains(t, broken.Hint(), "without noexec")
}

// mountNoexec mounts a file system that only this thread sees.
func mountNoexec(dir string) error {
	return errors.Join(
		unix.Unshare(unix.CLONE_FS|unix.CLONE_NEWNS),
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOEXEC, ""),
	)
}

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{
		"/usr/bin/x": "/usr/bin/x", "": "''", "/a b": "'/a b'", "/it's": `'/it'\''s'`,
		"/$(id)": "'/$(id)'", "/é": "/é", "/a\x1b[2J": `"/a\x1b[2J"`, "/a\nb": `"/a\nb"`,
	} {
		assert.Equal(t, want, shellQuote(in), "%q", in)
	}
}
