package cli

import (
	"encoding/json"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// shownCall is what call --show prints with --json.
type shownCall struct {
	Arguments []string `json:"arguments"` // the executable and its argument
	Input     string   `json:"input"`     // without its line end
	Shell     string   `json:"shell"`     // both, for sh
}

// showCall prints a command line that makes the call without the host.
func (a *app) showCall(c *cli.Context, r *request) error {
	argument := r.method
	if r.step.Mode == protocol.ModeKeptRunning {
		argument = protocol.ArgServe
	}
	shown := shownCall{
		Arguments: []string{r.step.Plugin.Path, argument},
		Input:     string(protocol.AppendRequest(nil, json.RawMessage("1"), r.method, r.params)),
	}
	shown.Shell = printing(shown.Input) + " | " + shellWord(shown.Arguments[0]) + " " + shellWord(argument)
	for _, secret := range r.step.Hide {
		if secret != "" && strings.Contains(shown.Input, secret) {
			a.report.note("the request holds secrets, as the plugin is sent them")
			break
		}
	}
	if c.Bool("json") {
		return a.printJSON(shown)
	}
	return a.print(shown.Shell + "\n")
}

// printing is a command of sh that prints the line. The echo of some shells reads
// backslashes.
func printing(line string) string {
	if strings.Contains(line, `\`) {
		return `printf '%s\n' ` + shellQuote(line)
	}
	return "echo " + shellQuote(line)
}

// shellWord quotes a word for sh where it needs that.
func shellWord(s string) string {
	special := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@%", r)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	return shellQuote(s)
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
