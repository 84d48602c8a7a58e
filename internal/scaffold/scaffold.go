// Package scaffold makes new plugins: a directory with a working plugin, its
// test, and the SDK that it needs, so that nothing has to be fetched.
package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"github.com/natesales/pathvector-plugin/sdk/python"
	"github.com/natesales/pathvector-plugin/sdk/sh"
)

//go:embed templates
var templates embed.FS

const module = "github.com/natesales/pathvector-plugin"

// Plugin is what to make.
type Plugin struct {
	Name string // follows the grammar of NAM-1
	Lang string // the Name of a Language
	// Version is the host's. A plugin in Go names it as the SDK's, if it is a
	// released one.
	Version string
	// Sources are the files of this module that a plugin in Go brings along: go.mod,
	// LICENSE, and the packages sdk and protocol.
	Sources fs.FS
}

// Language is what a plugin can be written in.
type Language struct {
	Name  string `json:"name"`
	About string `json:"about"` // one line: what comes with it, and what it needs

	templates map[string]string // the template of each file
	test      string            // the command that runs the plugin's own test
	more      func(Plugin, map[string][]byte) error
}

var languages = []Language{
	{
		Name: "go", About: "with the Go SDK in vendor; needs Go to build",
		templates: map[string]string{
			"go.mod": "go/go.mod", "main.go": "go/main.go", "main_test.go": "go/main_test.go", "README.md": "go/README.md",
			".gitignore": "go/gitignore", "vendor/modules.txt": "go/modules.txt",
		},
		test: "go build && go test ./...",
		more: vendor,
	},
	{
		Name: "python", About: "with the Python SDK, one file; needs Python 3.9",
		templates: map[string]string{
			"": "python/plugin", "test_plugin.py": "python/test_plugin.py", "README.md": "python/README.md", ".gitignore": "python/gitignore",
		},
		test: "python3 -m unittest",
		more: func(_ Plugin, files map[string][]byte) error {
			files[python.FileName] = []byte(python.File)
			return nil
		},
	},
	{
		Name: "sh", About: "POSIX shell with its SDK, one file; needs jq",
		templates: map[string]string{"": "sh/plugin", "test.sh": "sh/test.sh", "README.md": "sh/README.md"},
		test:      "sh test.sh",
		more: func(_ Plugin, files map[string][]byte) error {
			files[sh.FileName] = []byte(sh.File)
			return nil
		},
	},
}

// Languages returns what plugins can be made in, sorted by name.
func Languages() []Language { return languages }

// Directory returns the name of the plugin's directory. A host finds the plugin
// in it, as its executable has the same name.
func (p Plugin) Directory() string { return "pathvector-plugin-" + p.Name }

// Test returns the command that runs the plugin's own test, in its directory.
func (p Plugin) Test() string { return p.language().test }

func (p Plugin) language() Language {
	for _, l := range languages {
		if l.Name == p.Lang {
			return l
		}
	}
	return Language{}
}

// Files returns the plugin's files by their names, with slashes.
func (p Plugin) Files() (map[string][]byte, error) {
	lang := p.language()
	if lang.Name == "" {
		return nil, fmt.Errorf("there is no template for plugins in %q", p.Lang)
	}
	values, err := p.values()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if files["LICENSE"], err = render("LICENSE", values); err != nil {
		return nil, err
	}
	for name, from := range lang.templates {
		if name == "" {
			name = p.Directory()
		}
		if files[name], err = render(from, values); err != nil {
			return nil, err
		}
	}
	return files, lang.more(p, files)
}

// values are what the templates may name.
type values struct{ Name, Module, Version, Go string }

var (
	released    = lazyregexp.New(`^v?(\d+\.\d+\.\d+)$`)
	goDirective = lazyregexp.New(`(?m)^go (\S+)$`)
)

func (p Plugin) values() (values, error) {
	v := values{Name: p.Name, Module: module, Version: "v0.0.0"}
	if m := released().FindStringSubmatch(p.Version); m != nil {
		v.Version = "v" + m[1]
	}
	text, err := fs.ReadFile(p.Sources, "go.mod")
	if err != nil {
		return v, err
	}
	directive := goDirective().FindSubmatch(text)
	if directive == nil {
		return v, fmt.Errorf("expected the version of Go in go.mod, got %q", text)
	}
	v.Go = string(directive[1])
	return v, nil
}

func render(name string, v values) ([]byte, error) {
	t, err := template.ParseFS(templates, "templates/"+name+".tmpl")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Option("missingkey=error").Execute(&out, v)
	return out.Bytes(), err
}

// vendor adds the packages that a plugin in Go imports, and their licence.
func vendor(p Plugin, files map[string][]byte) error {
	return fs.WalkDir(p.Sources, ".", func(name string, d fs.DirEntry, err error) error {
		dir := path.Dir(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && name != "sdk" && name != "sdk/plugintest" && name != "protocol":
			return fs.SkipDir
		case name != "LICENSE" && (dir == "." || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go")):
			return nil
		}
		text, err := fs.ReadFile(p.Sources, name)
		files["vendor/"+module+"/"+name] = text
		return err
	})
}
