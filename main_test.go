package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pathvector-plugin": main})
}

// TestScripts runs testdata/script: the command line as a user meets it, in
// an empty home directory.
func TestScripts(t *testing.T) {
	repo, err := os.Getwd()
	require.NoError(t, err)
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("REPO", repo)
			program, err := exec.LookPath("pathvector-plugin")
			if err != nil {
				return err
			}
			e.Setenv("PROGRAM_DIR", filepath.Dir(program))
			e.Setenv("BUNDLED", filepath.Join(repo, "plugins"))
			e.Setenv("PATH", filepath.Join(e.WorkDir, "bin")+":"+e.Getenv("PATH"))
			for _, dir := range []string{home, filepath.Join(e.WorkDir, "bin")} {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					return err
				}
			}
			return makeExecutable(filepath.Join(e.WorkDir, "bin"))
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "build": build, "gone": gone, "paste": paste,
		},
	})
}

// condition is for what a script finds different from machine to machine: a
// file that exists, and running as root.
func condition(cond string) (bool, error) {
	if file, ok := strings.CutPrefix(cond, "file:"); ok {
		_, err := os.Stat(file)
		return err == nil, nil
	}
	if cond == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}

// makeExecutable makes the script's own plugins runnable.
func makeExecutable(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Chmod(file, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// exits CODE PROGRAM ARGS...: the program ends with that very exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("%s ended with exit code %d, want %d", strings.Join(args[1:], " "), code, want)
	}
}

var advised = regexp.MustCompile(`its entry in the settings needs (.*) \(in place of such a line if there is one\)`)

// paste FROM TO: puts the lines that the error just shown advises into the one
// entry of the settings FROM, in place of those for the same keys.
func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: paste FROM TO")
	}
	m := advised.FindStringSubmatch(ts.ReadFile("stderr"))
	if m == nil {
		ts.Fatalf("the error advises no settings")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	for line := range strings.SplitSeq(m[1], " and ") {
		key, _, _ := strings.Cut(line, ":")
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "    "+key+":") })
		lines = append(lines, "    "+line)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

// build PACKAGE: puts the program of the package into the script's bin.
func build(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: build PACKAGE")
	}
	cmd := exec.Command("go", "build", "-o", ts.MkAbs("bin")+"/", args[0])
	cmd.Dir = ts.Getenv("REPO")
	out, err := cmd.CombinedOutput()
	if err != nil {
		ts.Fatalf("go build %s: %v\n%s", args[0], err, out)
	}
}

// gone MARKER: no process carries MARKER in its command line any more. One
// that was killed may take the kernel a moment.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gone MARKER")
	}
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		command := commandWith(ts, args[0])
		if command == "" {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("still running: %q", command)
		}
	}
}

func commandWith(ts *testscript.TestScript, marker string) string {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	ts.Check(err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(data), marker) {
			return strings.ReplaceAll(string(data), "\x00", " ")
		}
	}
	return ""
}
