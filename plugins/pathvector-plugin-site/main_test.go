package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	hosttest "github.com/natesales/pathvector-plugin/plugins/internal/plugintest"
	"github.com/natesales/pathvector-plugin/sdk"
	"github.com/natesales/pathvector-plugin/sdk/plugintest"
)

const siteFile = `
edge1-ams:
  router-id: 192.0.2.1
  source4: 192.0.2.1
  source6: 2001:db8::1
  hostname: edge1.ams.example.net
  communities: [65000:3:1, "65000,31"]
edge1-fra.example.net:
  router-id: 192.0.2.2
  communities: &fra
    - 65000:3:2
edge2-fra: {communities: *fra}
`

// folder makes a configuration folder with the site file sites.yml.
func folder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sites.yml"), []byte(text), 0o600))
	return dir
}

func machine(name string) func() (string, error) {
	return func() (string, error) {
		if name == "" {
			return "", errors.New("no name")
		}
		return name, nil
	}
}

// modify asks the plugin on a machine of that name, for a configuration in dir,
// and once more on its own result (MOD-9).
func modify(t *testing.T, host, dir, config, options string) *plugintest.Modified {
	t.Helper()
	return plugintest.Idempotent(t, plugin(machine(host)), plugintest.Config(config), plugintest.Options(options),
		plugintest.Context(sdk.Context{ConfigDir: dir}))
}

func TestModify(t *testing.T) {
	dir := folder(t, siteFile)
	const ams = `{"hostname":"edge1.ams.example.net","local-communities":["65000:3:1","65000,31"],` +
		`"router-id":"192.0.2.1","source4":"192.0.2.1","source6":"2001:db8::1"}`
	for _, test := range []struct{ name, host, options, config, want string }{
		{"everything", "x", `"router":"edge1-ams"`, `{}`, ams},
		{"what is right stays", "x", `"router":"edge1-ams"`, ams, ams},
		{
			"what is there is replaced", "x", `"router":"edge1-ams"`,
			`{"router-id":"203.0.113.9","source4":"203.0.113.9","source6":"2001:db8::9","hostname":"a","local-communities":["65000:3:1","65000,31"]}`,
			ams,
		},
		{
			"communities are added, in either notation", "x", `"router":"edge1-ams"`,
			`{"local-communities":["65000:1:50","65000,3,1"]}`,
			strings.Replace(ams, `["65000:3:1","65000,31"]`, `["65000:1:50","65000,3,1","65000,31"]`, 1),
		},
		{
			"by the full hostname, and the rest stays", "edge1-fra.example.net", ``,
			`{"source4":"203.0.113.9","hostname":null}`,
			`{"hostname":null,"local-communities":["65000:3:2"],"router-id":"192.0.2.2","source4":"203.0.113.9"}`,
		},
		{"by the short hostname", "edge2-fra.example.net", ``, `{"router-id":"203.0.113.9"}`, `{"local-communities":["65000:3:2"],"router-id":"203.0.113.9"}`},
		{"null list", "edge2-fra", ``, `{"local-communities":null}`, `{"local-communities":["65000:3:2"]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			options := `{"file":"sites.yml"}`
			if test.options != "" {
				options = `{"file":"sites.yml",` + test.options + `}`
			}
			a := modify(t, test.host, dir, test.config, options)
			assert.Nil(t, a.Err)
			assert.Equal(t, test.want, a.Config)
		})
	}
}

func TestModifySaysWhichRouter(t *testing.T) {
	dir := folder(t, siteFile)
	a := modify(t, "edge2-fra.example.net", "/", `{}`, fmt.Sprintf(`{"file":%q}`, dir+"/sites.yml"))
	want := plugintest.Message{Level: "info", Message: `this is router "edge2-fra" of ` + dir + "/sites.yml"}
	assert.Equal(t, []plugintest.Message{want}, a.Messages)
}

func TestModifyRefuses(t *testing.T) {
	dir := folder(t, siteFile)
	const names = "edge1-ams, edge1-fra.example.net, edge2-fra"
	for _, test := range []struct {
		name, host, options string
		code                int
		pointer, want       string
	}{
		{"no file", "x", `{}`, -32002, "/file", "expected the path of the site file, got none"},
		{"OPT-5", "x", `{"files":"a"}`, -32002, "/files", `unknown option "/files", expected one of: file, router`},
		{
			"no such router", "x", `{"file":"sites.yml","router":"edge9"}`, -32002, "/router",
			dir + `/sites.yml has no router "edge9"; it has ` + names,
		},
		{
			"not this machine", "edge9", `{"file":"sites.yml"}`, -32603, "",
			dir + `/sites.yml has no router "edge9", which is this machine's hostname; it has ` + names +
				"; add the router, or name one by the option router",
		},
		{
			"not this machine, with a domain", "edge9.example.net", `{"file":"sites.yml"}`, -32603, "",
			dir + `/sites.yml has no router "edge9.example.net" or "edge9", which is this machine's hostname; it has ` + names +
				"; add the router, or name one by the option router",
		},
		{
			"a short name finds no long one", "edge1-fra", `{"file":"sites.yml"}`, -32603, "",
			dir + `/sites.yml has no router "edge1-fra", which is this machine's hostname; it has ` + names +
				"; add the router, or name one by the option router",
		},
		{
			"no hostname", "", `{"file":"sites.yml"}`, -32603, "",
			"cannot tell this machine's hostname: no name; give the option router",
		},
		{
			"no such file", "x", `{"file":"other.yml"}`, -32603, "",
			"cannot read the site file: open " + dir + "/other.yml: no such file or directory",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := modify(t, test.host, dir, `{}`, test.options)
			require.NotNil(t, a.Err)
			assert.Equal(t, test.code, a.Err.Code)
			assert.Equal(t, test.want, a.Err.Message)
			if test.pointer != "" {
				assert.JSONEq(t, fmt.Sprintf(`{"pointer":%q}`, test.pointer), string(a.Err.Data))
			}
		})
	}
}

// On the example configuration, the plugin changes what the site file has, in
// a view of what it reads, and a second run changes nothing (MOD-9).
func TestEdge(t *testing.T) {
	config := hosttest.YAML(t, edge+"/pathvector.yml")
	const want = `{
		"router-id": "198.51.100.6", "source4": "198.51.100.6", "source6": "2001:db8::6",
		"hostname": "edge2-fra.harbour.example",
		"local-communities": ["64500:1:50", "64500:3:2", "64500:3:20"]
	}`
	options := `{"file":"sites.yml","router":"edge2-fra"}`
	got := modify(t, "x", hosttest.Abs(t, edge), config, options)
	assert.JSONEq(t, want, hosttest.View(t, got.Config, scope))
}

const edge = "../../testdata/edge"

// The program itself describes what the plugin is (DSC-1), with the least that
// it needs (DSC-6), and the README is right.
func TestProgram(t *testing.T) {
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))

	out, stderr := hosttest.Run(t, hosttest.Command{
		Argv:  []string{bin + "/pathvector-plugin-site", "describe"},
		Stdin: hosttest.Request("1", "describe", "", ""),
	})
	assert.Empty(t, stderr)
	described := hosttest.ReadDescribe(t, out)
	assert.Equal(t, "site", described.Name)
	assert.Equal(t, scope, described.Reads)
	assert.Equal(t, scope, described.Writes)
	assert.JSONEq(t, optionsSchema, string(described.Options))

	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	hosttest.README(t, "README.md")
}

// A long list of routers is cut.
func TestManyRouters(t *testing.T) {
	var text strings.Builder
	for i := range 25 {
		fmt.Fprintf(&text, "r%d: {}\n", i)
	}
	a := modify(t, "x", folder(t, text.String()), `{}`, `{"file":"sites.yml","router":"r25"}`)
	assert.Contains(t, a.Err.Message, "it has r0, r1, ")
	assert.True(t, strings.HasSuffix(a.Err.Message, ", r19 and 5 more"), a.Err.Message)
}

// The schema knows the options that the plugin takes, and no others.
func TestOptionsSchema(t *testing.T) {
	var schema struct {
		Properties           map[string]any
		Required             []string
		AdditionalProperties bool
	}
	require.NoError(t, json.Unmarshal([]byte(optionsSchema), &schema))
	assert.ElementsMatch(t, []string{"file", "router"}, keys(schema.Properties))
	assert.Equal(t, []string{"file"}, schema.Required)
	assert.False(t, schema.AdditionalProperties)
}

func keys(m map[string]any) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}
