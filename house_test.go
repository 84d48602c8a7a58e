package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

const module = "github.com/natesales/pathvector-plugin"

// mayImport says which packages of this module each one may import. A package
// that is not named may import none.
var mayImport = map[string][]string{
	".":                              {"internal/cli", "host"},
	"internal/scaffold":              {"sdk/python", "sdk/sh", "internal/lazyregexp"},
	"internal/cli":                   {"internal/scaffold", "sdk/python", "sdk/sh", "internal/settings", "internal/conform", "internal/recording", "host", "discovery", "config", "config/check", "config/schema", "config/tree", "protocol"},
	"internal/conform":               {"host", "discovery", "config", "config/tree", "protocol", "spec"},
	"conform":                        {"internal/conform", "internal/settings", "host", "discovery", "config", "config/tree"},
	"internal/recording":             {"config/tree", "protocol"},
	"internal/settings":              {"config", "config/tree", "protocol", "internal/lazyregexp"},
	"host":                           {"discovery", "config", "config/tree", "protocol", "protocol/conn", "internal/jsonschema"},
	"discovery":                      {"protocol"},
	"config":                         {"config/schema", "config/tree", "config/yamledit", "protocol", "internal/lazyregexp"},
	"config/check":                   {"config", "config/schema", "config/tree", "protocol", "internal/lazyregexp"},
	"config/schema":                  {"config/tree"},
	"config/yamledit":                {"config/tree", "internal/lazyregexp"},
	"protocol/conn":                  {"protocol"},
	"internal/jsonschema":            {"config/tree"},
	"spec":                           {"config/tree", "internal/jsonschema", "internal/lazyregexp"},
	"sdk":                            {"protocol"},
	"sdk/plugintest":                 {"sdk", "protocol"},
	"plugins/pathvector-plugin-site": {"sdk"},
	"plugins/internal/plugintest":    {"spec"},

	"testdata/sdk/pathvector-plugin-names": {"sdk"},

	"bench":                                  {"bench/internal/goplugin", "host", "discovery", "config", "config/tree", "protocol"},
	"bench/internal/goplugin":                {"bench/internal/work"},
	"bench/plugins/grpc":                     {"bench/internal/goplugin"},
	"bench/plugins/netrpc":                   {"bench/internal/goplugin"},
	"bench/plugins/line":                     {"bench/internal/work"},
	"bench/plugins/pathvector-plugin-noop":   {"sdk"},
	"bench/plugins/pathvector-plugin-decode": {"bench/internal/work", "sdk"},
	"bench/plugins/pathvector-plugin-small":  {"sdk"},
}

// onlyImporter says which package alone may import a module from outside.
var onlyImporter = map[string]string{
	"github.com/urfave/cli/v2":                 "internal/cli",
	"github.com/sourcegraph/jsonrpc2":          "protocol/conn",
	"github.com/google/renameio/v2":            "internal/cli",
	"github.com/aymanbagabas/go-udiff":         "internal/cli",
	"github.com/santhosh-tekuri/jsonschema/v6": "", // tests alone: it costs every start 7 ms
}

// standardLibraryOnly are packages that whoever imports them pays nothing for.
var standardLibraryOnly = []string{"protocol", "sdk", "sdk/plugintest", "config/tree"}

func TestImportsGoOneWay(t *testing.T) {
	for _, f := range sources(t) {
		pkg := filepath.ToSlash(filepath.Dir(f.name))
		for _, spec := range f.ast.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			own, inside := strings.CutPrefix(path, module+"/")
			if inside {
				assert.Contains(t, mayImport[pkg], own, "%s imports %s", f.name, own)
				continue
			}
			if only, ok := onlyImporter[path]; ok {
				assert.Equal(t, only, pkg, "%s imports %s", f.name, path)
			}
			if slices.Contains(standardLibraryOnly, pkg) {
				assert.NotContains(t, strings.SplitN(path, "/", 2)[0], ".", "%s imports %s", f.name, path)
			}
		}
	}
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, f := range sources(t) {
		lines := f.set.Position(f.ast.FileEnd).Line
		assert.LessOrEqual(t, lines, 300, "%s has %d lines: is it two things?", f.name, lines)
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			length := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1
			assert.LessOrEqual(t, length, 60, "%s: %s has %d lines: is it two things?", f.name, fn.Name.Name, length)
		}
	}
}

func TestEveryRuleOfTheSpecIsCitedByATest(t *testing.T) {
	rules := spec.Rules()
	require.NotEmpty(t, rules)
	var tests strings.Builder
	walk(t, func(name string) {
		if strings.HasPrefix(name, "spec/") {
			return // the spec's own tests read the rules, they prove none
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".txtar") || strings.HasSuffix(name, "_test.py") {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			tests.Write(data)
		}
	})
	words := strings.FieldsFunc(tests.String(), func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
	cited := map[string]bool{}
	for _, w := range words {
		cited[w] = true
	}
	for _, rule := range rules {
		assert.True(t, cited[rule.ID], "no test cites %s: %s", rule.ID, rule.Text)
	}
}

type source struct {
	name string
	set  *token.FileSet
	ast  *ast.File
}

// sources parses every Go file that is no test.
func sources(t *testing.T) []source {
	var out []source
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		require.NoError(t, err)
		out = append(out, source{name, set, file})
	})
	require.NotEmpty(t, out)
	return out
}

// walk calls visit for every file of the project.
func walk(t *testing.T, visit func(name string)) {
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (name == ".git" || name == "bin" || name == "tools") {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			visit(filepath.ToSlash(name))
		}
		return nil
	})
	require.NoError(t, err)
}
