package cli

import (
	"embed"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

//go:embed completion
var completionScripts embed.FS

var shells = []string{"bash", "fish", "zsh"}

func (a *app) completion() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what lets a shell complete commands, options and plugins",
		ArgsUsage: strings.Join(shells, "|"),
		Description: "bash:  pathvector-plugin completion bash >~/.local/share/bash-completion/completions/pathvector-plugin\n" +
			"fish:  pathvector-plugin completion fish >~/.config/fish/completions/pathvector-plugin.fish\n" +
			"zsh:   pathvector-plugin completion zsh >DIR/_pathvector-plugin, for a DIR of $fpath\n" +
			"Completing runs no plugin: the commands and flags of plugins are completed once\n" +
			"something else has asked the plugin for them.",
		Action: a.runCompletion,
	}
}

func (a *app) runCompletion(c *cli.Context) error {
	args, err := arguments(c, 1, 1)
	if err != nil {
		return err
	}
	if !slices.Contains(shells, args[0]) {
		return &usageError{problem: "there is no completion for " + quote(args[0]), advice: suggestion(args[0], shells, "shells")}
	}
	script, err := completionScripts.ReadFile("completion/pathvector-plugin." + args[0])
	if err != nil {
		return err // cannot happen: the scripts are embedded
	}
	return a.print(string(script))
}
