package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/internal/scaffold"
	"github.com/natesales/pathvector-plugin/protocol"
)

func (a *app) newPlugin() *cli.Command {
	return &cli.Command{
		Name:      "new",
		Usage:     "make a working plugin with its test, to start from",
		ArgsUsage: "NAME",
		Description: "Makes the directory pathvector-plugin-NAME with a plugin that gives peers without\n" +
			"an import limit one, its test, the SDK of its language, a README and a place for\n" +
			"the licence. It needs no network, and passes the command test as it is.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "lang", Usage: "the `LANGUAGE` to write it in: " + strings.Join(languageNames(), ", ")},
			&cli.StringFlag{Name: "dir", Value: ".", Usage: "make it in `DIR`", TakesFile: true},
			&cli.BoolFlag{Name: "list", Usage: "show the languages and what they need", DisableDefaultText: true},
		},
		Action: a.runNew,
	}
}

func languageNames() (names []string) {
	for _, l := range scaffold.Languages() {
		names = append(names, l.Name)
	}
	return names
}

func (a *app) runNew(c *cli.Context) error {
	if c.Bool("list") {
		if _, err := arguments(c, 0, 0); err != nil {
			return err
		}
		return a.printLanguages(c)
	}
	names, err := arguments(c, 1, 1)
	if err != nil {
		return err
	}
	p := scaffold.Plugin{Name: strings.TrimPrefix(names[0], "pathvector-plugin-"), Lang: c.String("lang"), Version: version(), Sources: a.env.Sources}
	if !protocol.ValidName(p.Name) {
		return &usageError{problem: "a plugin cannot have the name " + quote(p.Name), advice: "take lower-case letters and digits, and single hyphens between them, as in import-limits"}
	}
	if !slices.Contains(languageNames(), p.Lang) {
		return &usageError{problem: "new needs --lang with a language, got " + quote(p.Lang), advice: suggestion(p.Lang, languageNames(), "languages")}
	}
	path, err := p.Write(c.String("dir"))
	if errors.Is(err, scaffold.ErrExists) {
		return &usageError{problem: "cannot make " + quote(path) + ": it exists already", advice: "take another name, or another directory with --dir"}
	}
	if err != nil {
		return &hinted{fmt.Errorf("cannot make %s: %w", path, err), "check that the directory around it exists and that this user may write there; nothing was left"}
	}
	return a.printNext(c, p, path)
}

func (a *app) printLanguages(c *cli.Context) error {
	if c.Bool("json") {
		return a.printJSON(scaffold.Languages())
	}
	var text strings.Builder
	for _, l := range scaffold.Languages() {
		fmt.Fprintf(&text, "%-8s%s\n", l.Name, l.About)
	}
	return a.print(text.String())
}

// printNext says what to do with the new plugin.
func (a *app) printNext(c *cli.Context, p scaffold.Plugin, path string) error {
	next := []string{"cd " + shellWord(path), p.Test(), "pathvector-plugin test ./" + p.Directory()}
	if c.Bool("json") {
		full, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		return a.printJSON(struct {
			Directory string   `json:"directory"`
			Next      []string `json:"next"`
		}{full, next})
	}
	return a.print(strings.Join(next, "\n") + "\n")
}
