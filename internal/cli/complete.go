package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// completeCommand is called by the completion scripts with the words of the
// command line, the last of which is to be completed. No plugin can have its
// name.
const completeCommand = "__complete"

// completions is what can stand in the place of a word.
type completions struct {
	words []completed
	files string // completeFiles or completeDirectories if these can, too
}

// completed is a whole word with what it means.
type completed struct{ word, about string }

// What the last line of the answer to a script says: the shell itself is to
// complete names of files. No word starts with a colon.
const (
	completeFiles       = ":files"
	completeDirectories = ":directories"
)

func (a *app) complete() *cli.Command {
	return &cli.Command{Name: completeCommand, Hidden: true, HideHelp: true, Action: a.runComplete}
}

func (a *app) runComplete(c *cli.Context) error {
	words := c.Args().Slice()
	if len(words) == 0 {
		words = []string{""}
	}
	last := len(words) - 1
	w := a.completer(c, words[:last])
	var b strings.Builder
	found := w.complete(words[last])
	for _, f := range found.words {
		about, _, _ := strings.Cut(f.about, "\n")
		b.WriteString(strings.TrimSuffix(f.word+"\t"+protocol.Visible(about), "\t") + "\n")
	}
	if found.files != "" {
		b.WriteString(found.files + "\n")
	}
	return a.print(b.String())
}

// completer knows what stands before the word to complete.
type completer struct {
	root    *cli.App
	command *cli.Command // nil where none stands there yet
	names   []string     // behind the command
	pending cli.Flag     // an option that waits for its value
	ended   bool         // there was a --
	plugin  string       // whose name stands there, and
	theirs  []string     // all that follows it

	inventory *discovery.Inventory
	described func(discovery.Plugin) (*host.Described, bool)
}

// completer reads the words before. It overlooks what makes no sense.
func (a *app) completer(c *cli.Context, before []string) *completer {
	w := &completer{root: c.App, described: a.described}
	line := divide(c.App, before)
	var dirs []string
	for i := 0; i < len(line.own); i++ {
		word := line.own[i]
		switch {
		case w.ended || !isOption(word):
			w.name(word)
			continue
		case word == "--":
			w.ended = true
			continue
		}
		flag := anyFlag(c.App, optionName(word))
		_, value, inWord := strings.Cut(word, "=")
		if takesValue(flag) && !inWord {
			if i++; i == len(line.own) {
				w.pending = flag
				break
			}
			value = line.own[i]
		}
		if optionName(word) == "plugin-dir" {
			if abs, err := filepath.Abs(value); err == nil {
				dirs = append(dirs, abs)
			}
		}
	}
	w.theirs = line.theirs
	w.inventory = discovery.Scan(discovery.Places(dirs, a.env.lookup("PATH")))
	return w
}

// name takes up a word that is no option.
func (w *completer) name(word string) {
	switch {
	case w.command == nil:
		w.command = w.root.Command(word)
	case w.command.Name == "run" && w.plugin == "":
		w.plugin = word
	default:
		w.names = append(w.names, word)
	}
}

func (w *completer) complete(word string) completions {
	switch {
	case w.pending != nil:
		return w.value(w.pending, word)
	case w.plugin != "":
		return w.ofPlugin(word)
	case strings.HasPrefix(word, "-") && !w.ended:
		if _, value, ok := strings.Cut(word, "="); ok {
			return w.value(anyFlag(w.root, optionName(word)), value)
		}
		return w.options(word)
	case w.command == nil:
		return starting(word, append(w.commands(), w.plugins(true)...))
	}
	return w.argument(word)
}

// starting keeps the words that start as the one to complete. A flag of a
// plugin's that is no single word is left out: the scripts read lines.
func starting(word string, all []completed) completions {
	return completions{words: slices.DeleteFunc(all, func(c completed) bool {
		return !strings.HasPrefix(c.word, word) || strings.ContainsFunc(c.word, unfit)
	})}
}

func unfit(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func (w *completer) commands() []completed {
	var all []completed
	for _, c := range w.root.VisibleCommands() {
		all = append(all, completed{c.Name, c.Usage})
	}
	return all
}

func (w *completer) options(word string) completions {
	flags := slices.Clone(w.root.Flags)
	if w.command != nil {
		flags = append(slices.Clone(w.command.Flags), flags...)
	}
	var all []completed
	for _, f := range append(flags, cli.HelpFlag) {
		about := ""
		if d, ok := f.(cli.DocGenerationFlag); ok {
			about = strings.ReplaceAll(d.GetUsage(), "`", "")
		}
		all = append(all, completed{"--" + f.Names()[0], about})
	}
	return starting(word, all)
}

// value completes the value of an option; the answer is without the option
// also where both are one word.
func (w *completer) value(flag cli.Flag, word string) completions {
	if flag == nil {
		return completions{}
	}
	file := false
	switch f := flag.(type) {
	case *cli.StringFlag:
		file = f.TakesFile
	case *cli.StringSliceFlag:
		file = f.TakesFile
	}
	switch {
	case flag.Names()[0] == "plugin":
		return starting(word, w.plugins(false))
	case flag.Names()[0] == "mode":
		return starting(word, []completed{{protocol.ModeOneShot, "a process for each call"}, {protocol.ModeKeptRunning, "one process for all calls"}})
	case flag.Names()[0] == "plugin-dir":
		return completions{files: completeDirectories}
	case file:
		return completions{files: completeFiles}
	}
	return completions{}
}
