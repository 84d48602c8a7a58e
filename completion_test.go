package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// completing is a command line as it is typed up to the cursor, and what the
// shell must offer for its last word, sorted.
type completing struct {
	line string
	want []string
}

// The real shells complete with our scripts: commands, options with their
// values in the same word and in the next, names with blanks, and plugins,
// without running these.
var completings = []completing{
	{`pathvector-plugin gen`, []string{"generate"}},
	{`pathvector-plugin modify --exp`, []string{"--explain"}},
	{`pathvector-plugin --config my`, []string{"my file.yml"}},
	{`pathvector-plugin --config=my`, []string{"my file.yml"}},
	{`pathvector-plugin --plugin-dir ma`, []string{"many"}},
	{`pathvector-plugin info s`, []string{"spare", "spy"}},
	{`pathvector-plugin --plugin-dir many modify --plugin=oth`, []string{"other"}},
	{`pathvector-plugin --plugin-dir many oth`, []string{"other"}},
	{`pathvector-plugin modify --nothing`, nil},
}

func TestCompletionInBash(t *testing.T) { inShell(t, "bash", bashCompletes) }
func TestCompletionInFish(t *testing.T) { inShell(t, "fish", fishCompletes) }

// inShell runs one script with all lines, each behind a line of its own.
func inShell(t *testing.T, shell string, script func(line string) string) {
	needs(t, shell)
	var all strings.Builder
	for _, c := range completings {
		all.WriteString("echo '== " + c.line + "'\n" + script(c.line))
	}
	out := completionShell(t, shell, all.String())
	answers := strings.Split(out, "== ")[1:]
	require.Len(t, answers, len(completings), out)
	for i, c := range completings {
		line, offered, _ := strings.Cut(answers[i], "\n")
		require.Equal(t, c.line, line)
		var got []string
		for word := range strings.Lines(offered) {
			word, _, _ = strings.Cut(strings.TrimSpace(word), "\t")
			if _, value, ok := strings.Cut(word, "="); ok {
				word = value // fish offers the whole word
			}
			got = append(got, strings.TrimSuffix(word, "/"))
		}
		assert.ElementsMatch(t, c.want, got, "%s in %s", c.line, shell)
	}
}

// bashCompletes cuts the line as bash does.
func bashCompletes(line string) string {
	words := strings.ReplaceAll(line, "=", " = ")
	return "COMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pathvector_plugin; [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"\n"
}

func fishCompletes(line string) string { return "complete -C '" + line + "'\n" }

// zsh completes only in a terminal: it is given one, and the completed lines
// print what they came to.
func TestCompletionInZsh(t *testing.T) {
	needs(t, "zsh")
	out := completionShell(t, "zsh", `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; autoload -Uz compinit; compinit -D -u; eval \"\$(command pathvector-plugin completion zsh)\"; pathvector-plugin() { print -r 'got:' \"\${(@q)@}\" }; print rea'dy'"
zpty -r shell line '*ready*'
for typed in "gen" "modify --exp" "--config my" "--config=my" "--plugin-dir ma" "info sp" "--plugin-dir many modify --plugin=oth" "--plugin-dir many oth"; do
	zpty -n -w shell "pathvector-plugin $typed"$'\t\n'
	zpty -r shell line '*got: *'$'\n'
	print -r -- "${line##*got: }"
done
zpty -d shell
`)
	for _, want := range []string{
		"generate", "modify --explain", `--config my\ file.yml`, `--config=my\ file.yml`, "--plugin-dir many",
		"info sp", "--plugin-dir many modify --plugin=other", "--plugin-dir many other",
	} {
		assert.Contains(t, strings.ReplaceAll(out, "\r", ""), want+"\n")
	}
}

// completionShell runs a script after the one for completion, in a directory
// with plugins that leave a trace when they run, and returns its output.
func completionShell(t *testing.T, shell, script string) string {
	dir := t.TempDir()
	put := func(name, content string) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o755))
	}
	spy := "#!/bin/sh\ntouch " + filepath.Join(dir, "ran") + "\n"
	put("my file.yml", "")
	put("bin/pathvector-plugin-spy", spy)
	put("bin/pathvector-plugin-spare", spy)
	put("many/pathvector-plugin-other", spy)
	start := map[string]string{
		"bash": "source <(pathvector-plugin completion bash)\n",
		"fish": "pathvector-plugin completion fish | source\n",
	}
	put("script", start[shell]+script)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, "script")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "HOME="+dir, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.NoFileExists(t, filepath.Join(dir, "ran"), "a plugin ran")
	return string(out)
}
