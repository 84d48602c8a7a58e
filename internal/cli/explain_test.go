package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

func TestPathsWithDots(t *testing.T) {
	for _, tt := range []struct {
		text string
		want tree.Path
	}{
		{"asn", tree.Path{"asn"}},
		{"peers.Example Transit.asn", tree.Path{"peers", "Example Transit", "asn"}},
		{`peers."a.b".asn`, tree.Path{"peers", "a.b", "asn"}},
		{`"a\"b\\c"."".x`, tree.Path{`a"b\c`, "", "x"}},
		{`a"b.c`, tree.Path{`a"b`, "c"}},
		{"/peers/a.b/asn", tree.Path{"peers", "a.b", "asn"}},
		{"/a~1b/~0", tree.Path{"a/b", "~"}},
		{"", tree.Path{}},
	} {
		got, _, err := readPath(tt.text)
		require.NoError(t, err, tt.text)
		assert.Equal(t, tt.want, got, tt.text)
	}
	for _, text := range []string{".", "a.", ".a", "a..b", `"a`, `"a"b`, `"a".`, `"a\"`, "/~", "/~2"} {
		_, _, err := readPath(text)
		var usage *usageError
		assert.ErrorAs(t, err, &usage, text)
	}
}

// What is suggested can be typed.
func FuzzPathsAreReadAsTheyAreWritten(f *testing.F) {
	f.Add("peers", "a.b", "")
	f.Add(`"`, `\`, "/x~")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		path := tree.Path{a, b, c}
		for _, spell := range []spelling{dotted, tree.Path.String} {
			got, again, err := readPath(spell(path))
			if strings.HasPrefix(a, "/") && err != nil {
				continue // only a pointer can start with such a key
			}
			require.NoError(t, err, spell(path))
			if !strings.HasPrefix(a, "/") {
				assert.Equal(t, path, got, spell(path))
				assert.Equal(t, spell(path), again(got))
			}
		}
	})
}

func TestExplainInColor(t *testing.T) {
	dir := t.TempDir()
	script := `case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"NAME","version":"1","protocols":[1]}}' ;;
modify) echo '{"jsonrpc":"2.0","id":1,"result":{"merge":{"asn":ASN,"peers":{"A\u001b[2J":{"asn":1,"neighbors":["192.0.2.2"]}},"hostname":null}}}' ;;
esac`
	for name, asn := range map[string]string{"one": "2", "two": "3"} {
		text := strings.NewReplacer("NAME", name, "ASN", asn).Replace(script)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "pathvector-plugin-"+name), []byte("#!/bin/sh\n"+text+"\n"), 0o755))
	}
	file := filepath.Join(dir, "c.yml")
	require.NoError(t, os.WriteFile(file, []byte("asn: 1\nhostname: r1\n"), 0o644))
	for _, tt := range []struct {
		terminal bool
		option   string
		environ  []string
		color    bool
	}{
		{terminal: true, color: true},
		{terminal: false},
		{terminal: true, option: "--no-color"},
		{terminal: true, environ: []string{"NO_COLOR=1"}},
	} {
		for _, command := range []string{"explain", "modify --explain", "modify --diff=peers", "modify --diff"} {
			var stdout, stderr bytes.Buffer
			args := append([]string{"-q", "-c", file, "--plugin-dir", dir, "--plugin", "one", "--plugin", "two"}, strings.Fields(command+" "+tt.option)...)
			code := Run(t.Context(), Env{Args: args, Environ: append(os.Environ(), tt.environ...), Stdin: &bytes.Buffer{}, Stdout: &stdout, Stderr: &stderr, Terminal: tt.terminal})
			require.Zero(t, code, stderr.String())
			out := stdout.String()
			assert.Equal(t, tt.color, strings.Contains(out, "\x1b["), "%v %s\n%s", tt, command, out)
			assert.NotContains(t, out, "\x1b[2J", "a key of a plugin's acts on the terminal")
			if tt.color && !strings.Contains(command, "diff") {
				for _, want := range []string{"\x1b[33m1 -> 2\x1b[0m", "\x1b[31m- \"r1\"\x1b[0m", "\x1b[32m+ 1\x1b[0m", "\x1b[36mone 1\x1b[0m", "\x1b[1;31moverwrites one\x1b[0m"} {
					assert.Contains(t, out, want)
				}
			}
		}
	}
}

func TestRowsAreAligned(t *testing.T) {
	rows := []row{{key: "a", what: "+ ü", who: "p 1"}, {key: "  long", where: "x"}, {what: "- 1"}}
	assert.Equal(t, "a       + ü  p 1\n  long            x\n        - 1\n", render(rows, false))
	assert.Equal(t, "  + 1  p\n", render([]row{{what: "+ 1", who: "p"}}, false), "without keys, indented")
	colored := render(rows, true)
	assert.Equal(t, "a       \x1b[32m+ ü\x1b[0m  \x1b[36mp 1\x1b[0m\n  long            x\n        \x1b[31m- 1\x1b[0m\n", colored)
}

func TestNearest(t *testing.T) {
	keys := []string{"asn", "Cloudflare", "R.S. 1", "router-id"}
	for word, want := range map[string]string{"asm": "asn", "CLOUDFLARE": "Cloudflare", "R": "R.S. 1", "routerid": "router-id", "xyz": "", "zzzzzzzzz": ""} {
		assert.Equal(t, want, nearest(word, keys), word)
	}
	many := make([]string, 20)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	assert.Equal(t, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …", someOf(many))
}
