package settings_test

import (
	"encoding/json"
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
		for _, p := range tc.settings.Select(tc.named, entries) {
			got = append(got, p.Name+" "+string(tree.Append(nil, p.Options)))
		}
		assert.Equal(t, tc.want, got, tc.name)
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
