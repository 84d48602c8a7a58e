//go:build linux

package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What the plugins are granted of the environment.
const (
	markVariable  = "FAULTS_MARK"  // in all that a cell starts
	startVariable = "FAULTS_START" // a fault that comes before any request
	childVariable = "FAULTS_CHILD" // makes the plugin a child of the plugin
)

// pluginPrefix is how the test binary's name begins when it is a plugin.
const pluginPrefix = "pathvector-plugin-"

// longer is more than any cell takes: a plugin that nobody ended fails its
// cell, and ends then.
const longer = 5 * time.Minute

// plugin is the fault plugin. It describes itself as one that can be kept
// running, and answers modify well, except for the fault that its options name.
type plugin struct {
	name string
	kept bool
	in   *bufio.Reader
	id   string // of the request that it works on
}

// request is what the plugin reads of a line.
type request struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
	Params struct {
		Options struct {
			Fault string `json:"fault"`
		} `json:"options"`
	} `json:"params"`
}

// runPlugin is the plugin's main.
func runPlugin(argument string) int {
	if os.Getenv(childVariable) != "" {
		stay()
	}
	p := &plugin{
		name: strings.TrimPrefix(filepath.Base(os.Args[0]), pluginPrefix),
		kept: argument == "serve", in: bufio.NewReaderSize(os.Stdin, 1<<20), id: "1",
	}
	if fault := faultNamed(os.Getenv(startVariable)); fault != nil && argument != "describe" && p.name == "fault" {
		fault(p)
	}
	for {
		r, ok := p.read()
		switch {
		case !ok:
			return 0
		case r.Method == "describe":
			p.say(`"id":%s,"result":{"name":%q,"version":"1","protocols":[1],"mode":"kept-running","reads":["/asn","/global-config"],"writes":["/hostname","/asn"]}`, p.id, p.name)
		case r.Method == "modify":
			p.modify(r.Params.Options.Fault)
		}
		if !p.kept {
			return 0
		}
	}
}

func (p *plugin) modify(name string) {
	if fault := faultNamed(name); fault != nil {
		fault(p)
		return
	}
	p.answer()
}

// read returns the next line from the host. Its id is what the plugin answers
// from then on.
func (p *plugin) read() (*request, bool) {
	line, err := p.in.ReadBytes('\n')
	if err != nil {
		return nil, false
	}
	r := &request{}
	if json.Unmarshal(line, r) != nil {
		os.Exit(9)
	}
	if r.Method != "" && r.ID != nil {
		p.id = string(r.ID)
	}
	return r, true
}

// say writes a message.
func (p *plugin) say(format string, args ...any) {
	p.print(`{"jsonrpc":"2.0",` + fmt.Sprintf(format, args...) + "}\n")
}

// print writes to stdout, and ends the plugin when nobody reads that.
func (p *plugin) print(text string) {
	if _, err := os.Stdout.WriteString(text); err != nil {
		os.Exit(8)
	}
}

// right is the answer that is expected, as it stands on the wire.
func (p *plugin) right() string {
	return `{"jsonrpc":"2.0","id":` + p.id + `,"result":` + rightResult + "}\n"
}

const rightResult = `{"merge":{"hostname":"changed"}}`

func (p *plugin) answer() { p.print(p.right()) }

// tell writes to stderr, where the cell looks for it.
func tell(text string) { fmt.Fprintln(os.Stderr, text) }

// stay does nothing, for longer than anybody waits.
func stay() {
	time.Sleep(longer)
	os.Exit(7)
}

// forever repeats what a plugin does until somebody ends it.
func forever(do func()) {
	for end := time.Now().Add(longer); time.Now().Before(end); {
		do()
	}
	os.Exit(7)
}
