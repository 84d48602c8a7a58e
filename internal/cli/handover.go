package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/natesales/pathvector-plugin/discovery"
)

// handover runs the real pathvector on a configuration.
type handover struct {
	binary  string
	args    []string
	secrets []string
	quiet   bool // show what pathvector prints only when it fails
	env     Env
}

// pathvectorError is a non-zero exit of pathvector.
type pathvectorError struct{ code int }

func (e *pathvectorError) Error() string {
	return fmt.Sprintf("pathvector generate ended with exit code %d", e.code)
}

// Hint says what the code means.
func (e *pathvectorError) Hint() string {
	if e.code == 2 {
		return "this is a crash of Pathvector itself (a Go panic), caused by something in the configuration that it does not check; its output above names the function, and 'pathvector-plugin modify' shows what it was given"
	}
	return "its output above says why; 'pathvector-plugin modify' shows what it was given"
}

// findPathvector looks on PATH alone: absolute directories, as for plugins.
func findPathvector(path string) (string, error) {
	if file := onPath(path, "pathvector"); file != "" {
		return file, nil
	}
	return "", &hinted{
		errors.New("there is no executable pathvector on PATH (searched: " + path + ")"),
		"install Pathvector, or add its directory to PATH (cron and systemd set a short one); 'pathvector-plugin modify' works without it",
	}
}

// onPath returns the first executable of that name in an absolute directory of
// path, "" where there is none.
func onPath(path, name string) string {
	for _, dir := range filepath.SplitList(path) {
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if filepath.IsAbs(dir) && err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return file
		}
	}
	return ""
}

// run writes text to a private file, calls pathvector on it in the user's
// working directory with the user's environment and umask, and removes it.
func (h handover) run(ctx context.Context, text []byte, avoid []string) error {
	dir, err := privateDir(h.tempDirs(), avoid)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the result stands either way
	file := filepath.Join(dir, "pathvector.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return &hinted{fmt.Errorf("writing the configuration for pathvector: %w", err), "make room there, or name another directory for temporary files in TMPDIR"}
	}
	// The last -c counts. The first one is for an ARGS that ends in an option
	// without its value, which takes the last one for that.
	cmd := exec.CommandContext(ctx, h.binary, slices.Concat([]string{"generate", "-c", file}, h.args, []string{"-c", file})...)
	cmd.Env = h.env.Environ
	cmd.Stdin = h.env.Stdin
	var held bytes.Buffer
	masked := &maskWriter{w: h.env.Stderr, secrets: h.secrets}
	if h.quiet {
		masked.w = &held
	}
	cmd.Stdout, cmd.Stderr = masked, masked
	// A group of its own, so that a wrapper's child ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err = cmd.Run()
	masked.flush()
	if err != nil {
		_, _ = held.WriteTo(h.env.Stderr) // the error counts either way
	}
	return pathvectorResult(ctx, err)
}

func pathvectorResult(ctx context.Context, err error) error {
	var exit *exec.ExitError
	var start *os.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &start):
		return notStarted(start)
	case ctx.Err() != nil:
		return &hinted{
			interrupted(ctx, "while pathvector ran"),
			"what pathvector had written by then is still there; run generate again",
		}
	case errors.As(err, &exit) && exit.Exited():
		return &pathvectorError{code: exit.ExitCode()}
	}
	return &hinted{fmt.Errorf("running pathvector generate: %w", err), "its output above may say why; try it by hand on what 'pathvector-plugin modify' prints"}
}

// notStarted says why, as it is said of a plugin.
func notStarted(err *os.PathError) error {
	if why := discovery.Executable(err.Path); why != nil {
		return fmt.Errorf("%s cannot be started: %w", err.Path, why)
	}
	return &hinted{fmt.Errorf("%s cannot be started: %w", err.Path, err.Err), "run it by hand to see why; its first line may name an interpreter that is not there"}
}

func (h handover) tempDirs() []string {
	return []string{h.env.lookup("XDG_RUNTIME_DIR"), h.env.lookup("TMPDIR"), "/tmp", "/var/tmp", "/run"}
}

// privateDir makes a directory for this user alone in the first of the
// candidates that does not lie within one of the directories to avoid.
func privateDir(candidates, avoid []string) (string, error) {
	last := errors.New("every directory for temporary files lies within them")
	for _, base := range candidates {
		if !filepath.IsAbs(base) || slices.ContainsFunc(avoid, func(dir string) bool { return within(base, dir) }) {
			continue
		}
		dir, err := os.MkdirTemp(base, "pathvector-plugin-")
		if err == nil {
			return dir, nil
		}
		last = err
	}
	return "", &hinted{
		fmt.Errorf("no place for the configuration that pathvector is to read: %w", last),
		"set TMPDIR to a directory outside of cache-directory and bird-directory",
	}
}

// within reports whether path is dir or lies below it.
func within(path, dir string) bool {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(abs, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// maskWriter passes text on line by line, with secrets replaced. It takes
// everything: if nobody reads it any more, pathvector must still finish.
type maskWriter struct {
	w       io.Writer
	secrets []string
	partial []byte
}

func (m *maskWriter) Write(p []byte) (int, error) {
	m.partial = append(m.partial, p...)
	end := bytes.LastIndexByte(m.partial, '\n') + 1
	m.pass(m.partial[:end])
	m.partial = append([]byte(nil), m.partial[end:]...)
	return len(p), nil
}

// flush passes on a last line without a newline.
func (m *maskWriter) flush() { m.pass(m.partial) }

func (m *maskWriter) pass(text []byte) {
	for line := range strings.Lines(string(text)) {
		_, _ = io.WriteString(m.w, maskLine(line, m.secrets))
	}
}
