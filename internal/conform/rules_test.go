package conform

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/natesales/pathvector-plugin/spec"
)

// elsewhere are the rules for plugins that have a MUST and are never named as
// broken, each with the reason.
var elsewhere = map[string]string{
	"FRM-1":  "a line that is no whole message breaks FRM-9, one without LF FRM-8, as the table in the spec says",
	"FRM-10": "a batch is no message: FRM-9",
	"FRM-11": "what is no message on stdout breaks FRM-9",
	"MSG-1":  "without jsonrpc it is no message: FRM-9",
	"NTF-1":  "a notification after the answer breaks MSG-13",
	"CMD-4":  "its MUST is the host's",
	"ENV-3":  "no plugin has a terminal in the test: one that needs it does not answer, MSG-7",
}

// Every MUST for plugins is one that the test finds broken, by a plugin that
// breaks it, or the reason is here.
func TestEveryMustForPluginsIsTested(t *testing.T) {
	found := map[string]bool{}
	for _, b := range broken {
		found[b.rule] = true
	}
	musts := 0
	for _, r := range spec.Rules() {
		if r.Level != spec.Must || !slices.Contains(r.Binds, "plugin") {
			continue
		}
		musts++
		assert.True(t, found[r.ID] != (elsewhere[r.ID] != ""), "%s is tested: %v; the reason why not: %q\n%s", r.ID, found[r.ID], elsewhere[r.ID], r.Text)
	}
	assert.Greater(t, musts, 40)
}

// Every check names a rule, needs only what stands before it, and has a name of
// its own.
func TestChecksAreInOrder(t *testing.T) {
	all, err := checks()
	require.NoError(t, err)
	before := map[string]bool{}
	for _, c := range all {
		assert.NotEmpty(t, c.rules, c.name)
		assert.False(t, before[c.name], "%s stands there twice", c.name)
		for _, name := range c.needs {
			assert.True(t, before[name], "%s needs %s", c.name, name)
		}
		before[c.name] = true
	}
}

// What is recorded for every plugin is tried with every plugin.
func TestTranscriptsForAnyPluginAreChecks(t *testing.T) {
	calls, dialogues, err := transcripts()
	require.NoError(t, err)
	all, err := checks()
	require.NoError(t, err)
	for _, c := range calls {
		assert.NotEmpty(t, mends[c.Rules[0]], c.Rules[0])
		assert.True(t, slices.ContainsFunc(all, func(k check) bool { return k.name == c.Name }), c.Name)
	}
	for _, d := range dialogues {
		assert.NotEmpty(t, mends[d.Rules[0]], d.Rules[0])
		assert.True(t, slices.ContainsFunc(all, func(k check) bool { return k.name == "serve-"+d.Name }), d.Name)
	}
	assert.GreaterOrEqual(t, len(calls), 3)
	assert.GreaterOrEqual(t, len(dialogues), 10)
}
