package cli

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/urfave/cli/v2"
)

// arrange brings the arguments into the order that urfave/cli parses: global
// options, the command, its options, "--", the names. Operators may write
// options before or after names; "--" ends them.
func arrange(root *cli.App, args []string) ([]string, error) {
	command, args, err := cutCommand(root, args)
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
	out = append(append(out, local...), "--")
	return append(out, names...), nil
}

// cutCommand finds the command and returns the arguments without its name.
func cutCommand(root *cli.App, args []string) (*cli.Command, []string, error) {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		if isOption(args[i]) {
			if takesValue(anyFlag(root, optionName(args[i]))) && !strings.Contains(args[i], "=") {
				i++
			}
			continue
		}
		command := root.Command(args[i])
		if command == nil {
			return nil, nil, unknownCommand(root, args[i])
		}
		return command, slices.Delete(slices.Clone(args), i, i+1), nil
	}
	return nil, args, nil
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
	var known []string
	for _, c := range root.Commands {
		known = append(known, c.Name)
	}
	return &usageError{problem: "there is no command " + quote(name), advice: suggestion(name, known, "commands")}
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
