package cli

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/urfave/cli/v2"

	"github.com/natesales/pathvector-plugin/protocol"
)

// commandLine is the arguments in two: those of the host, and those that
// belong to a plugin.
type commandLine struct {
	own, theirs []string
	direct      bool // the plugin was named without run
}

// divide cuts the arguments behind the name of a plugin: in "run NAME ARGS",
// and in "NAME ARGS", which becomes the same where NAME is no command of the
// host's. All words to complete are a plugin's in this sense.
func divide(root *cli.App, args []string) commandLine {
	i := nextName(root, args, 0)
	if i == len(args) || slices.Contains(args[:i], "--") {
		return commandLine{own: args}
	}
	switch command := root.Command(args[i]); {
	case command == nil && protocol.ValidName(args[i]):
		own := slices.Concat(args[:i], []string{"run", args[i]})
		return commandLine{own: own, theirs: args[i+1:], direct: true}
	case command == nil:
		return commandLine{own: args}
	case command.Name == completeCommand:
		return commandLine{own: args[:i+1], theirs: args[i+1:]}
	case command.Name == "run":
		end := min(nextName(root, args, i+1)+1, len(args))
		return commandLine{own: args[:end], theirs: args[end:]}
	}
	return commandLine{own: args}
}

// nextName returns where the next argument stands that is no option, nor the
// value of one; len(args) where there is none.
func nextName(root *cli.App, args []string, from int) int {
	for i := from; i < len(args); i++ {
		switch {
		case args[i] == "--":
			return min(i+1, len(args))
		case !isOption(args[i]):
			return i
		case takesValue(anyFlag(root, optionName(args[i]))) && !strings.Contains(args[i], "="):
			i++
		}
	}
	return len(args)
}

// arrange brings the arguments into the order that urfave/cli parses: global
// options, the command, its options, "--", the names. Operators may write
// options before or after names; "--" ends them.
func arrange(root *cli.App, line commandLine) ([]string, error) {
	command, args, err := cutCommand(root, line.own)
	if err != nil {
		return nil, err
	}
	var global, local, names []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			names = append(names, args[i+1:]...)
			break
		}
		if !isOption(arg) {
			names = append(names, arg)
			continue
		}
		words, err := optionWords(root, command, args[i:])
		if err != nil {
			return nil, err
		}
		i += len(words) - 1
		if isGlobal(root, arg) {
			global = append(global, words...)
		} else {
			local = append(local, words...)
		}
	}
	if command == nil && len(names) > 0 {
		return nil, &usageError{problem: "there is no command before --", advice: "usage: pathvector-plugin command [options] -- [arguments]"}
	}
	if command == nil {
		return append(global, local...), nil
	}
	if slices.Contains(global, "--version") {
		return []string{"--version"}, nil
	}
	out := append(global, command.Name)
	return slices.Concat(out, local, []string{"--"}, names, line.theirs), nil
}

// cutCommand finds the command and returns the arguments without its name.
func cutCommand(root *cli.App, args []string) (*cli.Command, []string, error) {
	i := nextName(root, args, 0)
	if i == len(args) || slices.Contains(args[:i], "--") {
		return nil, args, nil
	}
	command := root.Command(args[i])
	if command == nil {
		return nil, nil, unknownCommand(root, args[i])
	}
	return command, slices.Delete(slices.Clone(args), i, i+1), nil
}

// optionWords returns the option that args starts with, with its value where
// that is an argument of its own.
func optionWords(root *cli.App, command *cli.Command, args []string) ([]string, error) {
	name := optionName(args[0])
	flag := findFlag(append(commandFlags(command), root.Flags...), name)
	if flag == nil {
		return nil, unknownOption(root, command, args[0])
	}
	if !takesValue(flag) || strings.Contains(args[0], "=") {
		return args[:1], nil
	}
	if len(args) == 1 {
		return nil, &usageError{problem: args[0] + " needs a value", advice: "see --help"}
	}
	return args[:2], nil
}

func isOption(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

func optionName(arg string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return name
}

func isGlobal(root *cli.App, arg string) bool { return findFlag(root.Flags, optionName(arg)) != nil }

// commandFlags are those of the command, and --help, which every one has.
func commandFlags(command *cli.Command) []cli.Flag {
	if command == nil {
		return []cli.Flag{cli.HelpFlag}
	}
	return append(slices.Clone(command.Flags), cli.HelpFlag)
}

// anyFlag looks among the options of all commands, for as long as the command
// is not known yet.
func anyFlag(root *cli.App, name string) cli.Flag {
	flags := slices.Clone(root.Flags)
	for _, c := range root.Commands {
		flags = append(flags, c.Flags...)
	}
	return findFlag(flags, name)
}

func findFlag(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

func unknownCommand(root *cli.App, name string) error {
	return &usageError{problem: "there is no command " + quote(name), advice: suggestion(name, commandNames(root), "commands")}
}

// commandNames are the names of the host's own commands.
func commandNames(root *cli.App) []string {
	var names []string
	for _, c := range root.VisibleCommands() {
		names = append(names, c.Name)
	}
	return names
}

func unknownOption(root *cli.App, command *cli.Command, arg string) error {
	var known []string
	for _, f := range append(commandFlags(command), root.Flags...) {
		known = append(known, "--"+f.Names()[0])
	}
	problem := "there is no option " + quote(arg)
	if command != nil {
		problem = command.Name + " has no option " + quote(arg)
	}
	if command != nil && command.Name == "generate" {
		return &usageError{problem: problem, advice: "options for pathvector go behind --: pathvector-plugin generate -- " + arg}
	}
	if command != nil && command.Name == "run" {
		return &usageError{problem: problem, advice: "options of a plugin's command go behind it: pathvector-plugin run NAME COMMAND " + arg}
	}
	return &usageError{problem: problem, advice: suggestion(arg, known, "options")}
}

// suggestion names what comes nearest, and everything there is.
func suggestion(word string, known []string, what string) string {
	all := what + ": " + strings.Join(known, ", ")
	for _, k := range known {
		if levenshtein.ComputeDistance(word, k) <= 2 {
			return "did you mean " + k + "? " + all
		}
	}
	return all
}

// wantsJSON reports whether --json is among the arguments, also when these do
// not parse.
func wantsJSON(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	json := false
	for _, arg := range args {
		if isOption(arg) && optionName(arg) == "json" {
			_, value, _ := strings.Cut(arg, "=")
			json = value != "false"
		}
	}
	return json
}

// arguments returns the names that follow the command, refusing more or fewer
// than it takes.
func arguments(c *cli.Context, least, most int) ([]string, error) {
	args := c.Args().Slice()
	if len(args) >= least && len(args) <= most {
		return args, nil
	}
	problem := c.Command.Name + " needs " + c.Command.ArgsUsage
	if len(args) > most {
		problem = c.Command.Name + " cannot use the argument " + quote(args[most])
	}
	return nil, &usageError{problem: problem, advice: "usage: pathvector-plugin " + strings.TrimSpace(c.Command.Name+" [options] "+c.Command.ArgsUsage)}
}
