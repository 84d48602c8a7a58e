package check

// checks are all checks on a document that could be read.
var checks = []Check{
	{"missing-asn", Error, true, missingASN},
	{"missing-router-id", Error, true, missingRouterID},
	{"peer-without-neighbors", Error, true, peerWithoutNeighbors},
	{"peer-without-asn", Error, true, peerWithoutASN},
	{"unknown-key", Warning, false, unknownKey},
	{"no-effect", Info, false, noEffect},
	{"unresolved-tag", Error, false, unresolvedTag},
	{"empty-section", Error, false, emptySection},
	{"out-of-range", Error, false, outOfRange},
	{"not-a-choice", Error, false, notAChoice},
	{"unsafe-text", Error, false, unsafeText},
	{"unknown-placeholder", Error, false, unknownPlaceholder},
	{"bad-address", Error, false, badAddress},
	{"wrong-family", Warning, false, wrongFamily},
	{"bad-prefix", Error, false, badPrefix},
	{"host-bits", Error, false, hostBits},
	{"mixed-families", Error, false, mixedFamilies},
	{"bad-community", Error, false, badCommunity},
	{"bad-asn", Error, false, badASN},
	{"bad-blocklist", Error, false, badBlocklist},
	{"rtr-server", Error, false, rtrServer},
	{"rtr-server-empty", Warning, false, rtrServerEmpty},
	{"name-without-letters", Error, false, nameWithoutLetters},
	{"peer-collision", Error, false, peerCollision},
	{"bfd-collision", Error, false, bfdCollision},
	{"unknown-template", Error, false, unknownTemplate},
	{"nested-template", Error, false, nestedTemplate},
	{"announce-conflict", Error, false, announceConflict},
	{"optimizer-conflict", Error, false, optimizerConflict},
	{"role-required", Error, false, roleRequired},
	{"irr-without-as-set", Error, false, irrWithoutASSet},
	{"members-without-as-set", Error, false, membersWithoutASSet},
	{"as-set-without-members", Error, false, asSetWithoutMembers},
	{"providers-empty", Error, false, providersEmpty},
	{"session-type", Error, false, sessionType},
	{"confederation-required", Error, false, confederationRequired},
	{"link-local", Error, false, linkLocal},
	{"route-servers-by-template", Error, false, routeServersByTemplate},
	{"route-servers-query", Warning, false, routeServersQuery},
	{"disable-after-error", Error, false, disableAfterError},
	{"mrt", Error, false, mrt},
	{"bfd-without-neighbor", Error, false, bfdWithoutNeighbor},
	{"vrrp-state", Error, false, vrrpState},
	{"vrrp-incomplete", Warning, false, vrrpIncomplete},
}

// Codes returns the codes of all findings with their severities.
func Codes() map[string]Severity {
	codes := map[string]Severity{"unreadable": Error, "wrong-type": Error}
	for _, c := range checks {
		codes[c.Code] = c.Severity
	}
	return codes
}
