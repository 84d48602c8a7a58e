package settings_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/adrg/xdg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/settings"
	"github.com/natesales/pathvector-plugin/spec"
)

const full = `plugins:
  - name: calico
    enabled: false
    options: {kubeconfig: /etc/calico.kubeconfig, retries: 3}
    timeout: 90s
    reads: ["/asn"]
    writes: ["/peers/Calico*"]
    grants: {secrets: true, guarded: true, env: [KUBECONFIG]}
  - name: drain
`

func TestParse(t *testing.T) {
	s, err := settings.Parse("s.yml", []byte(full))
	require.NoError(t, err)
	assert.True(t, s.Listed)
	require.Len(t, s.Plugins, 2)
	p := s.Plugins[0]
	assert.Equal(t, "calico", p.Name)
	assert.False(t, p.Enabled)
	assert.Equal(t, `{"kubeconfig":"/etc/calico.kubeconfig","retries":3}`, string(tree.Append(nil, p.Options)))
	assert.Equal(t, 90*time.Second, p.Timeout)
	assert.Equal(t, "/asn", p.Reads[0].String())
	assert.Equal(t, "/peers/Calico*", p.Writes[0].String())
	assert.Equal(t, settings.Grants{Secrets: true, Guarded: true, Env: []string{"KUBECONFIG"}}, p.Grants)
	assert.Equal(t, settings.Plugin{Name: "drain", Enabled: true}, s.Plugins[1])
}

// What is accepted here is valid by the published schema, and what the schema
// refuses is refused here, with the place and advice.
func TestParseAgreesWithTheSchema(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{full, ""},
		{"", ""},
		{"# nothing yet\n", ""},
		{"plugins: []\n", ""},
		{`{"plugins":[{"name":"a"}]}`, ""},
		{"plugins:\n  - name: a\n    reads: []\n", ""},
		{"---\nplugins: []\n...\n", ""},
		{"---\n", ""},
		{"plugins: [{name: a, options: }]\n", ""},
		{"plugins: [{name: a, options: ~}, {name: b, options: {}}]\n", ""},
		{"plugins: [{name: a, timeout: 1h1.5m2s300ms}]\n", ""},
		{"plugins: [{name: \"0\", timeout: 0h1s, reads: [\"\", /a~0b/*]}]\n", ""},
		{"plugins: [{name: a, enabled: True, grants: {env: [_A1, b]}}]\n", ""},
		{"plugins: [&a {name: &n a, grants: {env: [&e A]}, reads: &r [/a]}, {name: b, reads: *r, grants: {env: [*e]}}]\n", ""},
		{"plugin: []\n", `s.yml:1:1: unknown key "plugin" in the settings`},
		{"plugins: a\n", `s.yml:1:10: plugins must be a list, not "a"`},
		{"plugins:\n", `s.yml:1:9: plugins must be a list, not nothing`},
		{"[]\n", `s.yml:1:1: the settings must be a mapping, not a list`},
		{"plugins: [a]\n", `s.yml:1:11: a plugins entry must be a mapping, not "a"`},
		{"plugins: [{enabled: true}]\n", `s.yml:1:11: a plugins entry has no name`},
		{"plugins: [{name: Drain}]\n", `s.yml:1:18: "Drain" is no plugin name`},
		{"plugins: [{name: a, enabled: maybe}]\n", `s.yml:1:30: enabled must be true or false, not "maybe"`},
		{"plugins: [{name: a, timeout: 30}]\n", `s.yml:1:30: timeout must be a duration above zero, not "30"`},
		{"plugins: [{name: a, timeout: -1s}]\n", `s.yml:1:30: timeout must be a duration above zero, not "-1s"`},
		{"plugins: [{name: a, enabled: \"yes\"}]\n", `s.yml:1:30: enabled must be true or false, not "yes"`},
		{"plugins: [{name: a, enabled: yes}]\n", `enabled must be true or false, not "yes"`},
		{"plugins: [{name: a, enabled: \"true\"}]\n", `enabled must be true or false, not "true"`},
		{"plugins: [{name: a, enabled: ~}]\n", `enabled must be true or false, not nothing`},
		{"plugins: [{name: a, enabled: 1}]\n", `enabled must be true or false, not "1"`},
		{"plugins: [{name: a, grants: {secrets: on}}]\n", `secrets must be true or false, not "on"`},
		{"plugins: [{name: a, grants: }]\n", `grants must be a mapping, not nothing`},
		{"plugins: [{name: 12}]\n", `s.yml:1:18: name must be a text, and "12" without quotes is none in YAML`},
		{"plugins: [{name: null}]\n", `s.yml:1:18: name must be a text, not nothing`},
		{"plugins: [{name: true}]\n", `name must be a text, and "true" without quotes`},
		{"plugins: [{name: [a]}]\n", `name must be a text, not a list`},
		{"plugins: [{name: a, timeout: 100us}]\n", `s.yml:1:30: timeout must be a duration above zero, not "100us"`},
		{"plugins: [{name: a, timeout: +5s}]\n", `timeout must be a duration above zero, not "+5s"`},
		{"plugins: [{name: a, timeout: .5s}]\n", `not ".5s"`},
		{"plugins: [{name: a, timeout: 0s}]\n", `not "0s"`},
		{"plugins: [{name: a, timeout: 0.0s0m}]\n", `not "0.0s0m"`},
		{"plugins: [{name: a, timeout: }]\n", `not nothing`},
		{"plugins: [{name: a, timeout: [1s]}]\n", `not a list`},
		{"plugins: [{name: a, reads: }]\n", `reads must be a list, not nothing`},
		{"plugins: [{name: a, reads: [1]}]\n", `s.yml:1:29: an item of reads must be a text, and "1" without quotes`},
		{"plugins: [{name: a, reads: [~]}]\n", `an item of reads must be a text, not nothing`},
		{"plugins: [{name: a, reads: [/a~3]}]\n", `in reads: `},
		{"plugins: [{name: a, grants: {env: [A=b]}}]\n", `s.yml:1:36: in env: "A=b" is no name of an environment variable`},
		{"plugins: [{name: a, grants: {env: [\"\"]}}]\n", `in env: "" is no name`},
		{"plugins: [{name: a, grants: {env: [1A]}}]\n", `in env: "1A" is no name`},
		{"plugins: [{name: a, grants: {env: [A, B, A]}}]\n", `s.yml:1:42: in env: A stands there twice`},
		{"plugins: [&a [], *a]\n", `a plugins entry must be a mapping, not a list`},
		{"plugins: [{name: a, options: [1]}]\n", `s.yml:1:30: options must be a mapping, not a list`},
		{"plugins: [{name: a, reads: /asn}]\n", `s.yml:1:28: reads must be a list, not "/asn"`},
		{"plugins: [{name: a, writes: [asn]}]\n", `s.yml:1:30: in writes: `},
		{"plugins: [{name: a, grants: {all: true}}]\n", `s.yml:1:30: unknown key "all" in grants`},
		{"plugins: [{name: a, grants: {env: KUBECONFIG}}]\n", `s.yml:1:35: env must be a list, not "KUBECONFIG"`},
	} {
		_, err := settings.Parse("s.yml", []byte(tc.text))
		valid := spec.Validate("settings", asJSON(t, tc.text))
		if tc.want == "" {
			assert.NoError(t, err, tc.text)
			assert.NoError(t, valid, tc.text)
			continue
		}
		require.ErrorContains(t, err, tc.want, tc.text)
		var hint interface{ Hint() string }
		require.ErrorAs(t, err, &hint)
		assert.NotEmpty(t, hint.Hint(), tc.text)
		assert.Error(t, valid, tc.text)
	}
}

func asJSON(t *testing.T, text string) []byte {
	var v any
	require.NoError(t, yaml.Unmarshal([]byte(text), &v))
	if v == nil {
		v = map[string]any{}
	}
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return data
}

func TestParseRefusesWhatNoSchemaCanTell(t *testing.T) {
	_, err := settings.Parse("s.yml", []byte("plugins: [{name: a}, {name: a}]\n"))
	assert.EqualError(t, err, "s.yml:1:22: the plugin a is listed twice")
	_, err = settings.Parse("s.yml", []byte("plugins: [{name: a, name: b}]\n"))
	assert.EqualError(t, err, `s.yml:1:21: the key "name" stands twice in a plugins entry`)
	_, err = settings.Parse("s.yml", []byte("plugins: [\n"))
	assert.ErrorContains(t, err, "s.yml: yaml: line ")
	_, err = settings.Parse("s.yml", []byte("plugins: [{name: a, timeout: 9999999999h}]\n"))
	assert.ErrorContains(t, err, `timeout must be a duration above zero, not "9999999999h"`)
	_, err = settings.Parse("s.yml", []byte("base: &b {name: a}\n"))
	assert.ErrorContains(t, err, `s.yml:1:1: unknown key "base" in the settings`)
	_, err = settings.Parse("s.yml", []byte("plugins: [&b {name: a}, {<<: *b, name: b}]\n"))
	assert.ErrorContains(t, err, `s.yml:1:26: unknown key "<<" in a plugins entry`)
	_, err = settings.Parse("s.yml", []byte("plugins: &a [*a]\n"))
	assert.ErrorContains(t, err, "a plugins entry must be a mapping, not a list")
	_, err = settings.Parse("s.yml", []byte("plugins: [{name: a, options: &o {x: *o}}]\n"))
	assert.Error(t, err)
}

// The rest of the file would be ignored, silently.
func TestParseRefusesASecondDocument(t *testing.T) {
	for text, want := range map[string]string{
		"plugins: []\n---\nplugins: [{name: a}]\n": "s.yml:2:1: a second YAML document starts here",
		"---\n---\nplugins: []\n":                  "s.yml:2:1: a second YAML document starts here",
		"plugins: []\n---\n":                       "s.yml:2:1: a second YAML document starts here",
		"plugins: []\n---\n{\n":                    "s.yml: yaml: line ",
	} {
		s, err := settings.Parse("s.yml", []byte(text))
		assert.Nil(t, s)
		assert.ErrorContains(t, err, want, text)
	}
}

// An alias stands for what it names in lists too, also for a whole entry.
func TestParseFollowsAliases(t *testing.T) {
	s, err := settings.Parse("s.yml", []byte("plugins: [{name: a, reads: [&p /asn], grants: {env: [&e A]}}, {name: b, reads: [*p], grants: {env: [*e]}}]\n"))
	require.NoError(t, err)
	assert.Equal(t, "/asn", s.Plugins[1].Reads[0].String())
	assert.Equal(t, []string{"A"}, s.Plugins[1].Grants.Env)
	_, err = settings.Parse("s.yml", []byte("plugins: [&a {name: a}, *a]\n"))
	assert.ErrorContains(t, err, "the plugin a is listed twice")
}

func TestSelect(t *testing.T) {
	option := func(text string) tree.Value {
		v, err := tree.Parse([]byte(text))
		require.NoError(t, err)
		return v
	}
	listed := &settings.Settings{Listed: true, Plugins: []settings.Plugin{
		{Name: "b", Enabled: true},
		{Name: "a", Enabled: false, Options: option(`{"from":"settings"}`)},
		{Name: "c", Enabled: true, Options: option(`{"from":"settings"}`)},
	}}
	entries := []config.PluginEntry{
		{Name: "c", Options: option(`{"from":"configuration"}`)},
		{Name: "b", Options: option(`{"from":"configuration"}`)},
		{Name: "d"},
	}
	for _, tc := range []struct {
		name     string
		settings *settings.Settings
		named    []string
		want     []string
	}{
		{"the settings' list", listed, nil, []string{`b {"from":"configuration"}`, `c {"from":"settings"}`}},
		{"names replace it, also for disabled ones", listed, []string{"c", "a"}, []string{`c {"from":"settings"}`, `a {"from":"settings"}`}},
		{"the configuration's section", &settings.Settings{}, nil, []string{`c {"from":"configuration"}`, `b {"from":"configuration"}`, "d null"}},
		{"an empty list runs nothing", &settings.Settings{Listed: true}, nil, nil},
	} {
		var got []string
		selected, err := tc.settings.Select(tc.named, entries)
		require.NoError(t, err, tc.name)
		for _, p := range selected {
			got = append(got, p.Name+" "+string(tree.Append(nil, p.Options)))
		}
		assert.Equal(t, tc.want, got, tc.name)
	}
}

// Options that are none stop only what would use them.
func TestSelectRefusesOptions(t *testing.T) {
	broken := errors.New("no mapping")
	entries := []config.PluginEntry{{Name: "a"}, {Name: "calico", Err: broken}}
	none, listed := &settings.Settings{}, &settings.Settings{Listed: true, Plugins: []settings.Plugin{{Name: "a", Enabled: true}}}
	own := &settings.Settings{Listed: true, Plugins: []settings.Plugin{{Name: "calico", Enabled: true, Options: &tree.Object{}}}}
	for _, tc := range []struct {
		name     string
		settings *settings.Settings
		named    []string
		want     error
	}{
		{"the section is the list", none, nil, broken},
		{"named", listed, []string{"calico"}, broken},
		{"not named", none, []string{"a"}, nil},
		{"not listed", listed, nil, nil},
		{"options from the settings", own, nil, nil},
	} {
		_, err := tc.settings.Select(tc.named, entries)
		assert.Equal(t, tc.want, err, tc.name)
	}
}

func TestFindTakesTheFirstFileOnly(t *testing.T) {
	home, etc := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("XDG_CONFIG_DIRS", etc)
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	assert.Empty(t, settings.Find())
	write := func(dir string) string {
		path := filepath.Join(dir, "pathvector-plugin", "settings.yml")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte("plugins: []\n"), 0o600))
		return path
	}
	second := write(etc)
	assert.Equal(t, second, settings.Find())
	first := write(home)
	assert.Equal(t, first, settings.Find())
	s, err := settings.Load(first)
	require.NoError(t, err)
	assert.Equal(t, first, s.File)
}

func TestLoadSaysThatAFileIsMissing(t *testing.T) {
	_, err := settings.Load(filepath.Join(t.TempDir(), "none.yml"))
	assert.ErrorContains(t, err, "there is no such settings file")
}
