package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// asked is what the plugins drain and silent said of themselves before.
func asked(p discovery.Plugin) (*host.Described, bool) {
	described := map[string]protocol.Describe{
		"drain": {
			Name: "drain", Description: "drains peers", Methods: []string{"describe", "modify", "command"},
			Commands: []protocol.CommandSpec{
				{Name: "status", Description: "shows peers\nand more", Flags: []protocol.Flag{
					{Name: "all", Type: "boolean", Description: "the others, too"},
					{Name: "x\n:files", Type: "string"},
					{Name: "since", Type: "string"},
					{Name: "list", Type: "file"},
					{Name: "d", Type: "directory"},
				}},
				{Name: "stop", Flags: []protocol.Flag{{Name: "force", Type: "boolean"}}},
			},
		},
		"silent": {Name: "silent"},
	}
	d, ok := described[p.Name]
	return &host.Described{Describe: d}, ok
}

// The commands and flags of plugins come from what they said before; the
// plugins here cannot even be run. CMD-4: the type says what follows a flag.
func TestCompleteFromWhatPluginsSaid(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"drain", "silent", "unasked"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, discovery.Prefix+name), []byte("\x7fELF no program"), 0o755))
	}
	for line, want := range map[string]string{
		"dr|":                             "drain\tdrains peers\n",
		"si|":                             "",
		"un|":                             "unasked\ta plugin\n",
		"info si|":                        "silent\n",
		"call drain |":                    "describe\nmodify\ncommand\n",
		"call drain command st|":          "status\tshows peers\nstop\n",
		"call drain modify |":             "",
		"call nobody command |":           "",
		"replay |":                        ":files\n",
		"replay t.jsonl si|":              "silent\n",
		"trace |":                         "show\tprint a recording for people\n",
		"trace show |":                    ":files\n",
		"drain |":                         "status\tshows peers\nstop\n",
		"-v run drain st|":                "status\tshows peers\nstop\n",
		"run -- drain sto|":               "stop\n",
		"drain -|":                        "--help\tshow the commands of this plugin\n",
		"drain status --a|":               "--all\tthe others, too\n",
		"drain status -|":                 "--help\texplain this command\n--all\tthe others, too\n--since\n--list\n-d\n",
		"drain status --all |":            ":files\n",
		"drain status --since |":          "",
		"drain status --list |":           ":files\n",
		"drain status --list=x|":          ":files\n",
		"drain status --since=x|":         "",
		"drain status -d |":               ":directories\n",
		"drain status --all --list a -d|": "-d\n",
		"drain status -- -d |":            ":files\n",
		"drain status -- --a|":            ":files\n",
		"drain stop --f|":                 "--force\n",
		"drain nothing --|":               "--help\texplain this command\n",
		"drain --unknown |":               ":files\n",
		"nobody |":                        "",
	} {
		var out bytes.Buffer
		a := &app{env: Env{Environ: []string{"PATH=" + dir}, Stdout: &out}, described: asked}
		a.report = &reporter{w: &out}
		root := a.root()
		words := strings.Split(strings.TrimSuffix(line, "|"), " ")
		a.line = divide(root, append([]string{completeCommand}, words...))
		require.NoError(t, a.run(t.Context(), root), line)
		assert.Equal(t, want, out.String(), line)
	}
}

// A plugin's text cannot add words, nor act on the terminal.
func TestCompleteShowsForeignTextSafely(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, discovery.Prefix+"rude"), nil, 0o755))
	var out bytes.Buffer
	a := &app{env: Env{Environ: []string{"PATH=" + dir}, Stdout: &out}, report: &reporter{w: &out}}
	a.described = func(discovery.Plugin) (*host.Described, bool) {
		return &host.Described{Describe: protocol.Describe{Description: "\x1b[2J\nrm", Commands: []protocol.CommandSpec{{Name: "x"}}}}, true
	}
	root := a.root()
	a.line = divide(root, []string{completeCommand, "ru"})
	require.NoError(t, a.run(t.Context(), root))
	assert.Equal(t, "run\trun a command that a plugin provides\nrude\t\\x1b[2J\n", out.String())
}
