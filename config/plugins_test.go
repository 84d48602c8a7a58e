package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlugins(t *testing.T) {
	d := load(t, `asn: 1
plugins:
  zoo: |
    tags: [a, 0123]   # typed by YAML alone
    when: 2024-01-01
  site: "file: /etc/sites.yml"
  bare:
  blank: ""
  comment: "# nothing yet"
  folded: >-
    a: 1
`)
	entries, err := d.Plugins()
	require.NoError(t, err)
	want := []struct {
		name, options string
		line          int
	}{
		{"zoo", `{"tags":["a",83],"when":"2024-01-01"}`, 3},
		{"site", `{"file":"/etc/sites.yml"}`, 6},
		{"bare", "", 7},
		{"blank", "", 8},
		{"comment", "", 9},
		{"folded", `{"a":1}`, 10},
	}
	require.Len(t, entries, len(want))
	for i, w := range want {
		assert.Equal(t, w.name, entries[i].Name)
		assert.Equal(t, w.line, entries[i].Line)
		assert.Equal(t, 3, entries[i].Column)
		if w.options == "" {
			assert.Nil(t, entries[i].Options, w.name)
			continue
		}
		assert.Equal(t, w.options, asJSON(entries[i].Options))
	}
}

func TestNoPlugins(t *testing.T) {
	for _, yaml := range []string{"", "asn: 1", "plugins:", "plugins: {}"} {
		entries, err := load(t, yaml).Plugins()
		require.NoError(t, err)
		assert.Empty(t, entries)
	}
}

func TestPluginsByAlias(t *testing.T) {
	entries, err := load(t, "later: &p {a: \"x: 1\"}\nplugins: {b: &o \"y: 2\", <<: *p, c: *o}").Plugins()
	require.NoError(t, err)
	require.Len(t, entries, 3)
	assert.Equal(t, []string{"b", "c", "a"}, []string{entries[0].Name, entries[1].Name, entries[2].Name})
	assert.Equal(t, `{"y":2}`, asJSON(entries[1].Options))
}

func TestPluginErrors(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"in a literal block", "plugins:\n  a: |\n    x: 1\n    y: .inf\n", "edge.yml:4:8: /plugins/a/y: expected a finite number"},
		{"after empty lines", "plugins:\n  a: |\n\n\n      x: 1\n      x: 2\n", "edge.yml:6:7: /plugins/a:"},
		{"a list", "plugins:\n  a: |\n    - x\n", "edge.yml:3:5: /plugins/a: the options of a must be a mapping"},
		{"plain text", "plugins:\n  a: x\n", "edge.yml:2:6: /plugins/a: the options of a must be a mapping"},
		{"a number", "plugins:\n  a: 5\n", "edge.yml:2:6: /plugins/a:"},
		{"on one line in quotes", "plugins:\n  a: 'x: {y: .nan}'\n", "edge.yml:2:14: /plugins/a/x/y:"},
		{"over several lines in quotes", "plugins:\n  a: \"x: 1\\ny: .nan\"\n", "edge.yml:2:6: /plugins/a/y:"},
		{"in a folded block", "plugins:\n  a: >\n    x: .nan\n", "edge.yml:2:6: /plugins/a/x:"},
		{"a secret", "plugins:\n  a: *p\n", "edge.yml:1:"},
		{"a syntax error", "plugins:\n  a: |\n    x: [1\n", "edge.yml:3:5: /plugins/a: the options of a must be a mapping: did not"},
	}
	for _, tt := range tests {
		if strings.Contains(tt.yaml, "*p") {
			tt.yaml = "peers: {A: {password: &p s3cret}}\n" + tt.yaml
		}
		entries, err := load(t, tt.yaml).Plugins()
		require.NoError(t, err, tt.name)
		require.Len(t, entries, 1, tt.name)
		assert.Nil(t, entries[0].Options, tt.name)
		var e *Error
		if assert.ErrorAs(t, entries[0].Err, &e, tt.name) {
			assert.Contains(t, e.Error(), tt.want, tt.name)
			assert.NotEmpty(t, e.Hint(), tt.name)
			assert.NotContains(t, e.Error(), "s3cret")
		}
	}
}

// A text may be meant for Pathvector: it spoils nothing for the other entries.
func TestPluginsOfPathvector(t *testing.T) {
	entries, err := load(t, "plugins:\n  calico: /etc/kubeconfig\n  site: \"file: x\"\n").Plugins()
	require.NoError(t, err)
	require.Len(t, entries, 2)
	assert.EqualError(t, entries[0].Err, "edge.yml:2:11: /plugins/calico: the options of calico must be a mapping")
	assert.NoError(t, entries[1].Err)
	assert.Equal(t, `{"file":"x"}`, asJSON(entries[1].Options))
}
