package conform

import (
	"slices"

	"github.com/natesales/pathvector-plugin/protocol"
	"github.com/natesales/pathvector-plugin/spec"
)

// check is one thing that is tried.
type check struct {
	name  string
	title string
	rules string   // that it can find broken, besides those of every exchange
	needs []string // checks without which it makes no sense
	run   func(*tester) error
}

// exchangeRules are those that every line and every answer is held to, the last
// three those of a plugin that is kept running.
const exchangeRules = "FRM-3 FRM-4 FRM-5 FRM-6 FRM-7 FRM-8 FRM-9 MSG-3 MSG-4 MSG-5 MSG-6 MSG-7 MSG-10 MSG-12 MSG-13 NTF-2 NTF-3 CMD-8 ERR-1 ERR-2 ERR-3 INV-8 ENV-6 NTF-4 ASK-1 ASK-2"

const modifyRules = "INV-2 VER-3 VER-5 OPT-2 MOD-2 MOD-3 MOD-4 MOD-5 MOD-7 TYP-6 SCP-8 SCP-9 SCP-10 SCP-11"

// checks returns all that is tried, in order. A check that a later one needs
// stands before it.
func checks() ([]check, error) {
	calls, dialogues, err := transcripts()
	if err != nil {
		return nil, err
	}
	describe := []string{"describe"}
	all := []check{
		{"name", "the file has the name of a plugin", "NAM-1", nil, (*tester).fileName},
		{"describe", "it says what it is", "DSC-1 DSC-2 DSC-7 NAM-2 SCP-1 OPT-2 CMD-1 CMD-4 VER-3 VER-5", []string{"name"}, (*tester).describe},
	}
	for _, c := range calls {
		all = append(all, check{c.Name, c.Title, c.Rules[0] + " DSC-3", describe, replayed(c)})
	}
	all = append(all, callChecks...)
	all = append(all, modifyChecks...)
	all = append(all, keptChecks...)
	for _, d := range dialogues {
		all = append(all, check{"serve-" + d.Name, "serve: " + d.Title, d.Rules[0] + " INV-14", serveNeeds(d), played(d)})
	}
	return append(all, servingChecks...), nil
}

// serveNeeds keeps a plugin that does not take CR before LF at all from being
// told so twice, by two rules.
func serveNeeds(d spec.Dialogue) []string {
	needs := []string{"serve"}
	if slices.Contains(d.Rules, "FRM-2") {
		needs = append(needs, "crlf")
	}
	return needs
}

var callChecks = []check{
	{"scopes", "it declares what it reads and writes", "DSC-6", []string{"describe"}, (*tester).scopes},
	{"crlf", "it takes CR before LF", "FRM-2 DSC-3", []string{"describe"}, (*tester).crlf},
	{"large-request", "it takes a request of 1 MiB", "MSG-7 DSC-3", []string{"describe"}, large(1 << 20)},
	{"largest-request", "it takes a request of almost 64 MiB", "MSG-7 DSC-3", []string{"large-request"}, (*tester).largest},
	{"no-request", "it answers what is no request", "MSG-10", []string{"describe"}, (*tester).noRequest},
	{"unknown-method", "it refuses methods that it does not provide", "INV-5", []string{"describe"}, (*tester).unknownMethod},
	{"later-version", "it refuses versions that it does not speak", "VER-2", []string{"no-request"}, (*tester).laterVersion},
	{"sigterm", "SIGTERM ends it", "ENV-5", []string{"describe"}, (*tester).sigterm},
	{"options", "its options have a schema that takes their defaults", "OPT-2", []string{"describe"}, (*tester).options},
}

var modifyChecks = []check{
	{"modify", "it changes what it may, in the documented form", modifyRules, []string{"options"}, (*tester).modify},
	{"modify-again", "it makes the same change of the same configuration", modifyRules + " MOD-9", []string{"modify"}, (*tester).modifyAgain},
	{"modify-twice", "it changes nothing when its change has been made", modifyRules + " MOD-9", []string{"modify"}, (*tester).modifyTwice},
	{"modify-unknown-fields", "modify ignores fields of later versions", modifyRules + " MSG-9", []string{"modify"}, (*tester).modifyUnknownFields},
	{"modify-large", "modify takes a request of 1 MiB", modifyRules, []string{"modify"}, (*tester).modifyLarge},
	{"modify-nothing", "modify answers when there is nothing to see", modifyRules, []string{"modify"}, (*tester).modifyNothing},
	{"check", "check answers with findings", "INV-2 VER-3 VER-5 OPT-2 CHK-3", []string{"options"}, (*tester).checkConfig},
	{"commands", "its commands answer in the documented form", "INV-2 VER-3 VER-5 OPT-2 CMD-5", []string{"options"}, (*tester).commands},
}

var keptChecks = []check{
	{"serve", "serve: it answers until stdin ends", "INV-14 DSC-3", []string{"describe"}, (*tester).serves},
	{"serve-no-argument", "without an argument it does the same", "INV-14 DSC-3", []string{"serve"}, (*tester).servesBare},
}

var servingChecks = []check{
	{"serve-modify", "serve: modify, one call after the other", modifyRules + " MOD-9", []string{"serve", "modify"}, (*tester).serveModify},
	{"serve-cancel", "serve: a cancelled call is answered all the same", "MSG-7", []string{"serve"}, (*tester).serveCancel},
	{"serve-no-request", "serve: it answers what is no request", "MSG-10", []string{"serve", "no-request"}, (*tester).serveNoRequest},
	{"serve-large", "serve: it takes a request of 1 MiB", "MSG-7", []string{"serve", "large-request"}, (*tester).serveLarge},
	{"serve-sigterm", "serve: SIGTERM ends it", "ENV-5", []string{"serve", "sigterm"}, (*tester).serveSigterm},
}

// notKept skips what is for plugins that are kept running.
func (t *tester) notKept() error {
	if t.keptRunning() {
		return nil
	}
	return &skipped{reason: `it does not describe "mode":"` + protocol.ModeKeptRunning + `"`}
}
