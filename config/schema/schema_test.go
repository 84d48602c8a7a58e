package schema

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// keys lists every key of the schema by its path, with * for a name that the
// operator chooses. templates has those of peers without template, and is
// left out.
func keys() map[string]*Node {
	out := map[string]*Node{}
	var walk func(prefix string, n *Node)
	walk = func(prefix string, n *Node) {
		if n == nil {
			return
		}
		for key, child := range n.Properties {
			path := prefix + key
			out[path] = child
			if path == "templates" {
				continue
			}
			walk(path+".", child)
			if entry := child.AdditionalProperties; entry != nil {
				walk(path+".*.", entry)
			}
		}
		walk(prefix, n.ref)
	}
	walk("", Root())
	return out
}

func TestKeyCount(t *testing.T) {
	count := map[string]int{}
	for path := range keys() {
		section, _, nested := strings.Cut(path, ".")
		if !nested {
			section = ""
		}
		count[section]++
	}
	assert.Equal(t, map[string]int{
		"": 51, "peers": 104, "vrrp": 5, "bfd": 4, "mrt": 3, "kernel": 11, "optimizer": 11,
	}, count)
	assert.Len(t, keys(), 189)
}

func TestTemplatesMirrorPeers(t *testing.T) {
	peer, template := At(tree.Path{"peers", "X"}), At(tree.Path{"templates", "X"})
	assert.True(t, peer.Known("template"))
	assert.False(t, template.Known("template"))
	for path, n := range keys() {
		if key, ok := strings.CutPrefix(path, "peers.*."); ok && key != "template" {
			assert.Same(t, n, template.Child(key), key)
			assert.Same(t, n, peer.Child(key), key)
		}
	}
}

// SCP-10
func TestSecrets(t *testing.T) {
	for pointer, want := range map[string]bool{
		"/peeringdb-api-key":       true,
		"/peers/X/password":        true,
		"/templates/X/password":    true,
		"/peers/X/password/deeper": true,
		"/vrrp/X/password":         true,
		"/unknown/password":        true,
		"/password":                true,
		"/peers/password":          false,
		"/peers/password/asn":      false,
		"/kernel/statics/password": false,
		"/peers/X/asn":             false,
		"":                         false,
	} {
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		assert.Equal(t, want, Secret(path), pointer)
	}
}

// SCP-11
func TestGuarded(t *testing.T) {
	var guarded []string
	for path, n := range keys() {
		if n.XGuarded {
			guarded = append(guarded, path)
		}
	}
	sort.Strings(guarded)
	assert.Equal(t, []string{
		"bgpq-args", "bird-binary", "bird-directory", "bird-socket", "blocklist-files", "blocklist-urls",
		"cache-directory", "global-config", "irr-server", "keepalived-config", "log-file", "mrt.*.file",
		"optimizer.alert-script", "peeringdb-url", "peers.*.post-import-filter", "peers.*.pre-export",
		"peers.*.pre-export-final", "peers.*.pre-import-accept", "peers.*.pre-import-filter",
		"peers.*.session-global", "plugins", "rtr-server", "web-ui-file",
	}, guarded)
	for pointer, want := range map[string]bool{
		"/bird-later":                true,
		"/state-directory":           true,
		"/plugins/x":                 true,
		"/templates/X/pre-export":    true,
		"/mrt/X/file":                true,
		"/mrt/X/interval":            false,
		"/peers/bird-later":          false,
		"/peers/state-directory/asn": false,
		"/directory":                 false,
		"/asn":                       false,
	} {
		path, err := tree.ParsePointer(pointer)
		require.NoError(t, err)
		assert.Equal(t, want, Guarded(path), pointer)
	}
}

func TestKnown(t *testing.T) {
	peer := At(tree.Path{"peers", "X"})
	assert.True(t, Root().Known("asn"))
	assert.False(t, Root().Known("bird-later"), "guarded by its name, but no key that is known")
	assert.True(t, At(tree.Path{"peers"}).Known("anything"))
	assert.True(t, peer.Known("asn"))
	assert.False(t, peer.Known("ans"))
	assert.False(t, (*Node)(nil).Known("asn"))
	assert.Nil(t, At(tree.Path{"asn", "deeper"}))
	assert.Equal(t, Any, At(tree.Path{"unknown", "deeper"}).Kind())
	assert.Nil(t, (*Node)(nil).Item())
}

func TestEveryKeySaysEnough(t *testing.T) {
	var file struct {
		Properties map[string]map[string]any `json:"properties"`
		Defs       map[string]struct {
			Properties map[string]map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(text, &file))
	seen := 0
	check := func(properties map[string]map[string]any) {
		for key, p := range properties {
			seen++
			description, _ := p["description"].(string)
			assert.NotEmpty(t, description, key)
			assert.NotEmpty(t, p["x-since"], key)
		}
	}
	check(file.Properties)
	for _, def := range file.Defs {
		check(def.Properties)
	}
	assert.Equal(t, 189, seen)
}
