package cli

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config"
	"github.com/natesales/pathvector-plugin/host"
)

// patternWords says what a scope covers: what the plugin declares, and what the
// settings leave of that.
func patternWords(declared, narrowed []config.Pattern, scope string) []string {
	var words []string
	switch {
	case declared == nil:
		words = []string{"everything, as it declares no " + scope}
	case len(declared) == 0:
		return []string{"nothing"}
	}
	words = append(words, config.InWords(declared)...)
	switch {
	case narrowed == nil:
		return words
	case len(narrowed) == 0:
		return append(words, "but the settings leave nothing of that ("+scope+": [])")
	}
	words = append(words, "but the settings leave of that only:")
	for _, line := range config.InWords(narrowed) {
		words = append(words, "  "+line)
	}
	return words
}

// neverWords says what the plugin does not get at, and which grant would change
// that.
func neverWords(step host.Step, d *host.Described) []string {
	secrets, guarded := config.Scopes{
		Reads: d.ReadPatterns, Writes: d.WritePatterns, NarrowReads: step.Reads, NarrowWrites: step.Writes,
		Secrets: step.Secrets, Guarded: step.Guarded,
	}.Withheld()
	words := []string{}
	if d.ReadPatterns != nil || d.WritePatterns != nil || step.Reads != nil || step.Writes != nil {
		words = append(words, "anything else")
	}
	if len(secrets) > 0 {
		words = append(words, "secrets, also where an alias or a merge key takes them: "+strings.Join(config.InWords(secrets), "; "),
			"  with grants: {secrets: true} it may read and change them where the above covers them")
	}
	if len(guarded) > 0 {
		words = append(words, "changes of keys that run code, name files or decide trust: "+strings.Join(config.InWords(guarded), "; "),
			"  with grants: {guarded: true} it may change them")
	}
	return append(words, "reading plugins, the options of all plugins")
}

func grantWords(step host.Step) []string {
	grants := []string{}
	if step.Secrets {
		grants = append(grants, "secrets: passwords and API keys in what it reads and writes")
	}
	if step.Guarded {
		grants = append(grants, "guarded: keys that run code, name files or decide trust")
	}
	if len(step.Env) > 0 {
		grants = append(grants, "env: the environment variables "+strings.Join(step.Env, ", "))
	}
	if len(grants) == 0 {
		return []string{"none"}
	}
	return grants
}
