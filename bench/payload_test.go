package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/config/tree"
)

// The sizes are those that the rows are named for.
func TestConfigurationsHaveTheSizesOfTheRows(t *testing.T) {
	for peers, want := range map[int]int{0: 64, peersSmall: 17_000, peersLarge: 1_700_000, peersLargest: 8_800_000} {
		text := configuration(peers)
		assert.InEpsilon(t, want, len(text), 0.04, "%d peers", peers)
		assert.True(t, json.Valid(text))
	}

	assert.InEpsilon(t, 8_800_000, len(configurationYAML(peersYAML)), 0.04)
}

// The YAML holds the same peers.
func TestConfigurationsInYAMLAndJSONAgree(t *testing.T) {
	doc, err := config.Parse("pathvector.yml", configurationYAML(3))
	require.NoError(t, err)
	want, err := tree.Parse(configuration(3))
	require.NoError(t, err)
	got, _ := tree.Lookup(doc.Tree(), tree.Path{"peers", "P2"})
	peer, _ := tree.Lookup(want, tree.Path{"peers", "P2"})
	assert.JSONEq(t, string(tree.Append(nil, peer)), string(tree.Append(nil, got)))
}
