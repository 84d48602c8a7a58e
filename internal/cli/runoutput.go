package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/natesales/pathvector-plugin/protocol"
)

// commandOutput takes what a plugin's command prints: its stdout is the result,
// passed on as it is; its stderr is shown line by line with the plugin's name, as
// what its process writes to stderr is.
type commandOutput struct {
	app    *app
	ctx    context.Context // of the run; it ends a write that nobody reads
	plugin string
	hold   bool // stdout is kept for a document
	held   strings.Builder
	line   string // of stderr, not ended yet

	mu    sync.Mutex
	lines []string // of stderr, kept under --quiet in case the command fails
	size  int      // of lines, in bytes
}

const (
	mostHeld = protocol.DefaultLimit
	// mostLine is where a line of stderr is cut in two, mostLines how much of
	// it is kept under --quiet; both in bytes.
	mostLine  = 4 << 10
	mostLines = 1 << 20
)

func (o *commandOutput) write(stream, text string) error {
	switch {
	case stream == protocol.StreamStderr:
		o.stderr(text)
		return nil
	case !o.hold:
		return o.stdout(text)
	case o.held.Len()+len(text) > mostHeld:
		return &hinted{
			fmt.Errorf("plugin %s: the command printed more than the %d MiB that go into one document", o.plugin, mostHeld>>20),
			"leave --json out: the output is passed on then as it comes",
		}
	}
	o.held.WriteString(text)
	return nil
}

// stdout waits for the text to be written, but not after the run was
// interrupted: a pager that nobody uses must not keep the host from ending.
func (o *commandOutput) stdout(text string) error {
	written := make(chan error, 1)
	go func() { written <- o.app.print(text) }()
	select {
	case err := <-written:
		return err
	case <-o.ctx.Done():
		return interrupted(o.ctx, "while the output of plugin "+o.plugin+" was printed")
	}
}

func (o *commandOutput) stderr(text string) {
	o.line += text
	for {
		line, rest, ended := strings.Cut(o.line, "\n")
		if !ended && len(line) <= mostLine {
			return
		}
		if len(line) > mostLine {
			line = strings.ToValidUTF8(o.line[:mostLine], "")
			rest = o.line[len(line):]
		}
		o.show(strings.TrimSuffix(line, "\r"))
		o.line = rest
	}
}

// show shows a line of stderr, or keeps it under --quiet. It may be called while
// the command still prints.
func (o *commandOutput) show(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.app.report.quiet {
		o.app.report.stderrLine(o.plugin, line)
	} else if o.size += len(line) + 1; o.size <= mostLines {
		o.lines = append(o.lines, line)
	}
}

// end shows what is left of stderr. Under --quiet it is shown only of a command
// that failed.
func (o *commandOutput) end(failed bool) {
	if o.line != "" {
		o.show(o.line)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, line := range o.lines {
		if failed {
			o.app.report.show(stderrEvent(o.plugin, line))
		}
	}
}
