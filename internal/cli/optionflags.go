package cli

import (
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/settings"
)

// optionFlags are for commands that may be given a plugin's options.
func optionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "option", Usage: "give the plugin an option, `KEY=VALUE`, with the value in YAML or JSON (repeatable)"},
		&cli.StringFlag{Name: "options", Usage: "give the plugin the options in `FILE`, YAML or JSON, or those that stand here as {…}, in place of the ones in the settings", TakesFile: true},
	}
}

// options returns the options that the command line gives, and otherwise the
// usual ones, with those given one by one on top.
func (a *app) options(c *cli.Context, usual tree.Value) (tree.Value, error) {
	if c.IsSet("options") {
		var err error
		if usual, err = wholeOptions(c.String("options")); err != nil {
			return nil, err
		}
	}
	for _, text := range c.StringSlice("option") {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, &usageError{problem: "--option must be KEY=VALUE, not " + quote(text), advice: "as in --option tags=[maintenance]"}
		}
		v, err := settings.ParseOption("--option "+key, []byte(value))
		if err != nil {
			return nil, err
		}
		if usual == nil {
			usual = &tree.Object{}
		}
		usual = tree.With(usual, tree.Path{key}, v)
	}
	return usual, nil
}

func wholeOptions(text string) (tree.Value, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return settings.ParseOptions("--options", []byte(text))
	}
	data, err := os.ReadFile(text)
	if err != nil {
		return nil, &config.Error{File: text, Problem: "cannot read the options: " + plainCause(err), Advice: "name a file with --options FILE"}
	}
	return settings.ParseOptions(text, data)
}
