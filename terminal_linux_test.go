package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/natesales/pathvector-plugin/internal/screen"
)

// onTerminal is the program on a terminal of its own: its stderr, and its
// stdout too unless that goes elsewhere.
type onTerminal struct {
	cmd      *exec.Cmd
	keyboard *os.File
	closed   chan struct{} // when everything that the program wrote is read

	mu  sync.Mutex
	out bytes.Buffer
}

const columns = 70

// startOnTerminal starts modify with the plugins, which find the directory in
// $DIR and must be sh, on the terminal.
func startOnTerminal(t *testing.T, plugins map[string]string, environ []string, args ...string) *onTerminal {
	dir := t.TempDir()
	put := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o700))
	}
	put("c.yml", "asn: 65000\n")
	arguments := append([]string{"-c", "c.yml", "--jobs", "3", "modify"}, args...)
	i := 0
	for _, name := range []string{"one", "two", "three"} {
		script, ok := plugins[name]
		if !ok {
			continue
		}
		put("pathvector-plugin-"+name, fmt.Sprintf(`#!/bin/sh
note() { printf '{"jsonrpc":"2.0","method":"%%s","params":%%s}\n' "$1" "$2"; }
await() { until [ -e "%[1]s/$1" ]; do sleep 0.01; done; }
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%[2]s","version":"1","protocols":[1],"reads":[],"writes":["/peers/P%[3]d"]}}' ;;
modify)
	%[4]s
	echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"peers":{"P%[3]d":{"asn":65001,"neighbors":["192.0.2.1%[3]d"]}}}}}' ;;
esac
`, dir, name, i, script))
		arguments = append(arguments, "--plugin", name)
		i++
	}
	program, err := exec.LookPath("pathvector-plugin")
	require.NoError(t, err)
	p := &onTerminal{cmd: exec.Command(program, arguments...), closed: make(chan struct{})}
	var terminal *os.File
	p.keyboard, terminal = openTerminal(t)
	p.cmd.Dir = dir
	p.cmd.Env = append(append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir, "TERM=xterm"), environ...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = terminal, terminal, terminal
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, p.cmd.Start())
	require.NoError(t, terminal.Close())
	go p.read()
	return p
}

// openTerminal makes a pseudo terminal, and returns both its ends.
func openTerminal(t *testing.T) (keyboard, terminal *os.File) {
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = keyboard.Close() })
	fd := int(keyboard.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 20, Col: columns}))
	return keyboard, terminal
}

func (p *onTerminal) read() {
	defer close(p.closed)
	buf := make([]byte, 4096)
	for {
		n, err := p.keyboard.Read(buf)
		p.mu.Lock()
		p.out.Write(buf[:n])
		p.mu.Unlock()
		if err != nil {
			return // EIO: nobody holds the other end any more
		}
	}
}

// screen is what the terminal shows now.
func (p *onTerminal) screen(t *testing.T) *screen.Screen {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := screen.New(columns)
	_, err := s.Write(p.out.Bytes())
	require.NoError(t, err)
	return s
}

// shows waits until the terminal shows all texts at once.
func (p *onTerminal) shows(t *testing.T, texts ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		shown := p.screen(t).String()
		return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(shown, text) })
	}, patience, 10*time.Millisecond)
}

// make makes a file that plugins await.
func (p *onTerminal) make(t *testing.T, file string) {
	require.NoError(t, os.WriteFile(filepath.Join(p.cmd.Dir, file), nil, 0o600))
}

// end waits for the end, and returns the exit code and what the terminal shows.
func (p *onTerminal) end(t *testing.T) (code int, shown *screen.Screen) {
	waitFor(t, func() bool { return p.cmd.Wait() != nil || p.cmd.ProcessState != nil })
	<-p.closed
	return p.cmd.ProcessState.ExitCode(), p.screen(t)
}

const result = `asn: 65000

peers:
  P0:
    asn: 65001
    neighbors:
      - 192.0.2.10
  P1:
    asn: 65001
    neighbors:
      - 192.0.2.11
`

// NTF-9: two plugins have their bars at once, messages come above them and are
// whole, and in the end nothing is left of the bars.
func TestBarsOnATerminal(t *testing.T) {
	long := strings.Repeat("message", 12)
	p := startOnTerminal(t, map[string]string{
		"one": `note progress '{"message":"reading","done":30,"total":100}'; await speak
	note log '{"level":"warning","message":"` + long + `","fields":{"site":"fra1"}}'; await go`,
		"two": `note progress '{"message":"counting \u001b[2J","done":7}'; await go`,
	}, nil)
	const first, second = "one [######--------------]  30% reading 30 of 100\n", `counting \x1b[2J 7` + "\n"
	p.shows(t, first, second)
	assert.NotContains(t, p.screen(t).String(), "asn:")
	p.make(t, "speak")
	message := "one: warning: " + long + " site=fra1"
	broken := message[:columns] + "\n" + message[columns:] + "\n"
	p.shows(t, broken, first, second)
	assert.True(t, strings.HasPrefix(p.screen(t).String(), broken), "messages stand above the bars")
	p.make(t, "go")
	code, shown := p.end(t)
	assert.Zero(t, code)
	assert.Equal(t, broken+result, shown.String())
	assert.True(t, shown.Wraps)
}

// Ctrl-C, and a plugin that fails, leave no bar behind either.
func TestBarsGoWhenItEnds(t *testing.T) {
	bars := map[string]string{
		"one": `note progress '{"done":30,"total":100}'; await go; exit 3`,
		"two": `note progress '{"done":60,"total":100}'; await never`,
	}
	for _, tc := range []struct {
		name  string
		end   func(p *onTerminal)
		code  int
		error string
	}{
		{"interrupted", func(p *onTerminal) {
			_, err := p.keyboard.WriteString("\x03")
			require.NoError(t, err)
		}, 130, "one: modify: interrupted"},
		{"failed", func(p *onTerminal) { p.make(t, "go") }, 4, "one: modify: it exited with status 3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := startOnTerminal(t, bars, nil)
			p.shows(t, "one [######--", "two [############--")
			tc.end(p)
			code, shown := p.end(t)
			assert.Equal(t, tc.code, code)
			assert.Contains(t, shown.String(), tc.error)
			assert.NotContains(t, shown.String(), "#")
			assert.NotContains(t, shown.String(), "asn:")
			assert.True(t, shown.Wraps)
			assert.Zero(t, shown.Column)
		})
	}
}

// What does not want bars gets none: a terminal that can do nothing, --quiet,
// --json. Colour is in nothing that goes to stderr.
func TestNoBars(t *testing.T) {
	progress := map[string]string{
		"one": `note progress '{"message":"reading","done":30,"total":100}'`,
		"two": "",
	}
	for _, tc := range []struct {
		name, environ, option string
		shows                 string
	}{
		{"a dumb terminal", "TERM=dumb", "--no-color", "one: progress: reading 30 of 100\n" + result},
		{"no terminal type", "TERM=", "--no-color", "one: progress: reading 30 of 100\n" + result},
		{"quiet", "X=", "--quiet", result},
		{"json", "X=", "--json", `{"level":"progress","plugin":"one","method":"modify","message":"reading","done":30,"total":100}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := startOnTerminal(t, progress, []string{tc.environ}, tc.option)
			code, shown := p.end(t)
			assert.Zero(t, code)
			assert.NotContains(t, p.out.String(), "\x1b")
			if tc.name == "json" {
				assert.Contains(t, strings.ReplaceAll(shown.String(), "\n", ""), tc.shows)
				return
			}
			assert.Equal(t, tc.shows, shown.String())
		})
	}
}
