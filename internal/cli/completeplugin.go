package cli

import (
	"slices"
	"strings"

	"github.com/natesales/pathvector-plugin/discovery"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
)

// argument completes a name behind one of the host's commands.
func (w *completer) argument(word string) completions {
	switch name, at := w.command.Name, len(w.names); {
	case name == "run":
		return starting(word, w.plugins(false))
	case (name == "info" || name == "call" || name == "test") && at == 0:
		return starting(word, w.plugins(false))
	case name == "call" && at == 1:
		return starting(word, w.methods(w.names[0]))
	case name == "call" && at == 2 && w.names[1] == protocol.MethodCommand:
		if d, ok := w.known(w.names[0]); ok {
			return starting(word, commandWords(d))
		}
	case name == "replay" && at == 0, name == "trace" && at == 1:
		return completions{files: completeFiles}
	case name == "replay" && at == 1:
		return starting(word, w.plugins(false))
	case name == "trace" && at == 0:
		return starting(word, []completed{{"show", "print a recording for people"}})
	case name == "completion" && at == 0:
		var all []completed
		for _, shell := range shells {
			all = append(all, completed{word: shell})
		}
		return starting(word, all)
	}
	return completions{}
}

// plugins are the names of the usable plugins. First ones are for the place of
// a command: those of the host's commands, and of plugins that are known to
// have no command, are left out.
func (w *completer) plugins(first bool) []completed {
	var all []completed
	for _, name := range usableNames(w.inventory) {
		d, known := w.known(name)
		switch {
		case first && w.root.Command(name) != nil, first && known && len(d.Commands) == 0:
		case known:
			all = append(all, completed{name, d.Description})
		default:
			all = append(all, completed{name, "a plugin"})
		}
	}
	return all
}

// known looks up what the plugin of that name has said of itself.
func (w *completer) known(name string) (*host.Described, bool) {
	var plugin discovery.Plugin
	plugin, err := w.inventory.Find(name)
	if err != nil {
		return nil, false
	}
	return w.described(plugin)
}

func (w *completer) methods(plugin string) []completed {
	names := []string{protocol.MethodDescribe, protocol.MethodModify}
	if d, ok := w.known(plugin); ok {
		names = methodsOf(d)
	}
	var all []completed
	for _, name := range names {
		all = append(all, completed{word: name})
	}
	return all
}

// ofPlugin completes what belongs to a plugin: its commands, then flags and
// files.
func (w *completer) ofPlugin(word string) completions {
	d, ok := w.known(w.plugin)
	if len(w.theirs) == 0 {
		all := []completed{{"--help", "show the commands of this plugin"}}
		if ok {
			all = append(all, commandWords(d)...)
		}
		if !strings.HasPrefix(word, "-") {
			all = all[1:]
		}
		return starting(word, all)
	}
	var spec protocol.CommandSpec
	if ok {
		spec, _ = d.Command(w.theirs[0]) // none has no flags
	}
	if f, waits := waiting(spec, w.theirs); waits {
		return completions{files: filesOf(f)}
	}
	if name, _, valued := strings.Cut(word, "="); valued && strings.HasPrefix(word, "-") {
		f, _ := flagNamed(spec, name)
		return completions{files: filesOf(f)}
	}
	if strings.HasPrefix(word, "-") && !slices.Contains(w.theirs, "--") {
		return starting(word, flagWords(spec))
	}
	return completions{files: completeFiles}
}

func commandWords(d *host.Described) []completed {
	var all []completed
	for _, c := range d.Commands {
		all = append(all, completed{c.Name, c.Description})
	}
	return all
}

func flagWords(spec protocol.CommandSpec) []completed {
	all := []completed{{"--help", "explain this command"}}
	for _, f := range spec.Flags {
		all = append(all, completed{flagWord(f), f.Description})
	}
	return all
}

// waiting returns the flag whose value comes next.
func waiting(spec protocol.CommandSpec, before []string) (protocol.Flag, bool) {
	f, ok := flagNamed(spec, before[len(before)-1])
	return f, ok && f.Type != protocol.FlagBoolean && !slices.Contains(before, "--")
}

func flagNamed(spec protocol.CommandSpec, word string) (protocol.Flag, bool) {
	i := slices.IndexFunc(spec.Flags, func(f protocol.Flag) bool { return flagWord(f) == word })
	if i < 0 {
		return protocol.Flag{}, false
	}
	return spec.Flags[i], true
}

// filesOf says which names of files a flag takes.
func filesOf(f protocol.Flag) string {
	switch f.Type {
	case protocol.FlagFile:
		return completeFiles
	case protocol.FlagDirectory:
		return completeDirectories
	}
	return ""
}
