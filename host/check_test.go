//go:build linux

package host_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// checker is a plugin that only checks. It keeps its request in the directory.
func checker(t *testing.T, dir, name, more, findings string) host.Step {
	return pluginStep(t, name, fmt.Sprintf(`cat > '%s/%s-'$1
case $1 in
describe) echo '{"jsonrpc":"2.0","id":1,"result":{"name":"%[2]s","version":"2","protocols":[1],"methods":["describe","check"]%[3]s}}' ;;
check) echo '{"jsonrpc":"2.0","id":1,"result":{"findings":[%[4]s]}}' ;;
esac`, dir, name, more, findings))
}

// CHK-1, CHK-2, CHK-6, DSC-4: every plugin that checks is shown the result and
// the changes, as far as it may read them, after the last modify.
func TestCheckShowsTheResult(t *testing.T) {
	dir := t.TempDir()
	limits := checker(t, dir, "limits", `,"reads":["/peers/*/import-limit4","/peers/*/password"]`, "")
	all := checker(t, dir, "all", "", "")
	all.Secrets = true
	setter := fixed(t, "setter", "", `{"merge":{"asn":65001,"peers":{"A":{"import-limit4":7}}}}`)
	keys := fixed(t, "keys", "", `{"merge":{"peers":{"A":{"password":"hunter2"}}}}`)
	keys.Secrets = true
	h := newHost()
	out := modify(t, h, edge, limits, setter, keys, all)
	assert.Empty(t, out.Messages, "a plugin that checks need not modify")
	found, err := h.Check(context.Background(), out)
	require.NoError(t, err)
	assert.Empty(t, found)

	sent := readFile(t, dir, "limits-check")
	assert.NoError(t, spec.Validate("check-request", []byte(sent)))
	assert.Contains(t, sent, `"params":{"protocol":1,"options":{},"context":{`)
	assert.Contains(t, sent, `},"changes":[{"pointer":"/peers/A/import-limit4","op":"add","after":7,"plugin":"setter"}],`+
		`"config":{"peers":{"A":{"import-limit4":7}}}}}`)

	sent = readFile(t, dir, "all-check")
	assert.NoError(t, spec.Validate("check-request", []byte(sent)))
	assert.Contains(t, sent, `"password":"hunter2"`)
	assert.Contains(t, sent, `{"pointer":"/asn","op":"replace","before":65530,"after":65001,"plugin":"setter"}`)
	assert.Contains(t, sent, `{"pointer":"/peers/A/password","op":"replace","before":"open-sesame","after":"hunter2","plugin":"keys"}`)
	_, err = os.Stat(filepath.Join(dir, "all-modify"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// CHK-4, CHK-5: findings carry the plugin's name; what is proposed is shown
// with secrets masked, and nothing of it gets into the configuration.
func TestCheckReturnsFindings(t *testing.T) {
	h := newHost()
	step := checker(t, t.TempDir(), "lint", "", `{"severity":"error","pointer":"/asn","message":"m","code":"c","proposed":1},`+
		`{"severity":"warning","pointer":"/peers/A/password","message":"n","proposed":"hunter2"},{"severity":"info","pointer":"/peers/A","message":"o","proposed":{"password":"hunter2"}}`)
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	out, err := h.Open(context.Background(), doc, []host.Step{step})
	require.NoError(t, err)
	found, err := h.Check(context.Background(), out)
	require.NoError(t, err)
	assert.Equal(t, []host.Finding{
		{"lint", protocol.LevelError, "c", "/asn", "m", []byte(`1`)},
		{"lint", protocol.LevelWarning, "", "/peers/A/password", "n", []byte(`"********"`)},
		{"lint", protocol.LevelInfo, "", "/peers/A", "o", []byte(`{"password":"********"}`)},
	}, found)
	edited, err := out.Edit()
	require.NoError(t, err)
	assert.Equal(t, edge, string(edited.Text))
}

func TestCheckFails(t *testing.T) {
	h := newHost()
	step := checker(t, t.TempDir(), "lint", "", `{"severity":"bad"}`)
	doc, err := config.Parse("edge.yml", []byte(edge))
	require.NoError(t, err)
	out, err := h.Open(context.Background(), doc, []host.Step{step})
	require.NoError(t, err)
	_, err = h.Check(context.Background(), out)
	require.ErrorAs(t, err, new(*host.PluginError))
	assert.ErrorContains(t, err, "plugin lint: check: ")
}

// A trace of check holds no secret, not even one that was replaced.
func TestCheckIsTracedWithoutSecrets(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	h := newHost()
	h.Runner.Trace = func(e host.TraceEntry) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, string(e.Line))
	}
	keys := fixed(t, "keys", "", `{"merge":{"peers":{"A":{"password":"hunter2"}}}}`)
	copies := fixed(t, "copies", "", `{"merge":{"peers":{"A":{"password":"in-between","description":"in-between again"}}}}`)
	all := checker(t, t.TempDir(), "all", "", "")
	keys.Secrets, copies.Secrets, all.Secrets = true, true, true
	out := modify(t, h, edge, copies, keys, all)
	_, err := h.Check(context.Background(), out)
	require.NoError(t, err)
	mu.Lock()
	defer mu.Unlock()
	trace := strings.Join(lines, "\n")
	assert.Contains(t, trace, `"changes":[{"pointer":"/peers/A/password","op":"replace","before":"********","after":"********"`)
	assert.NotContains(t, trace, "hunter2")
	assert.NotContains(t, trace, "open-sesame")
	_, check, _ := strings.Cut(trace, `"method":"check"`)
	assert.NotContains(t, check, "in-between")
}
