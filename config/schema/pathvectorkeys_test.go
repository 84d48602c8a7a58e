package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// pathvectorKeys are the keys of Pathvector's own Go types, by the kind of
// their value, as they are at the commit that the schema names.
var pathvectorKeys = map[string]string{
	"array": `
		add-on-export add-on-import blocklist blocklist-files blocklist-urls bogon-asns bogons4 bogons6 kernel.accept4
		kernel.accept6 kernel.reject4 kernel.reject6 kernel.srd-communities local-communities optimizer.targets
		origin-communities peers.*.add-on-export peers.*.add-on-import peers.*.announce peers.*.as-set-members
		peers.*.dont-announce peers.*.neighbors peers.*.only-announce peers.*.prefixes peers.*.prepend-path
		peers.*.probe-sources peers.*.remove-communities peers.*.tags peers.*.transit-lock prefixes transit-asns
		vrrp.*.vips
	`,
	"boolean": `
		accept-default blackhole-bogon-asns default-route keep-filtered kernel.export kernel.learn
		kernel.reject-connected merge-paths no-accept no-announce optimizer.exit-on-cache-full optimizer.probe-udp
		peeringdb-cache peers.*.add-path-rx peers.*.add-path-tx peers.*.advertise-hostname
		peers.*.allow-blackhole-community peers.*.allow-local-as peers.*.announce-all peers.*.announce-default
		peers.*.announce-originated peers.*.auto-as-set peers.*.auto-as-set-members peers.*.auto-import-limits
		peers.*.bfd peers.*.blackhole-in peers.*.blackhole-out peers.*.clear-path peers.*.confederation-member
		peers.*.direct peers.*.disable-after-error peers.*.disabled peers.*.enforce-first-as
		peers.*.enforce-peer-nexthop peers.*.export peers.*.filter-as-set peers.*.filter-aspa peers.*.filter-blocklist
		peers.*.filter-bogon-asns peers.*.filter-bogon-routes peers.*.filter-irr peers.*.filter-max-prefix
		peers.*.filter-never-via-route-servers peers.*.filter-prefix-length peers.*.filter-rpki
		peers.*.filter-transit-asns peers.*.force-peer-nexthop peers.*.honor-graceful-shutdown peers.*.import
		peers.*.interpret-communities peers.*.irr-accept-child-prefixes peers.*.mp-unicast-46 peers.*.multihop
		peers.*.next-hop-self peers.*.next-hop-self-ebgp peers.*.next-hop-self-ibgp peers.*.optimize-inbound
		peers.*.passive peers.*.prefer-older-routes peers.*.remove-private-asns peers.*.require-roles
		peers.*.rr-client peers.*.rs-client peers.*.set-local-pref peers.*.strict-rpki peers.*.ttl-security
		rpki-enable stun
	`,
	"integer": `
		asn bfd.*.interval bfd.*.multiplier irr-query-timeout kernel.scan-time kernel.table mrt.*.interval
		optimizer.cache-size optimizer.latency-threshold optimizer.modifier optimizer.probe-count
		optimizer.probe-interval optimizer.probe-timeout peeringdb-query-timeout peers.*.asn peers.*.confederation
		peers.*.default-local-pref peers.*.export-limit4 peers.*.export-limit6 peers.*.import-limit4
		peers.*.import-limit6 peers.*.local-asn peers.*.local-port peers.*.local-pref peers.*.local-pref4
		peers.*.local-pref6 peers.*.neighbor-port peers.*.prepends peers.*.receive-limit4 peers.*.receive-limit6
		peers.*.remove-all-communities vrrp.*.priority vrrp.*.vrid
	`,
	"integer-keyed": `
		authorized-providers peers.*.as-prefs
	`,
	"number": `
		optimizer.packet-loss-threshold
	`,
	"object": `
		bfd kernel kernel.statics mrt optimizer peers peers.*.community-prefs peers.*.prefix-communities plugins
		templates vrrp
	`,
	"string": `
		bfd.*.interface bfd.*.neighbor bgpq-args bird-binary bird-directory bird-socket cache-directory global-config
		hostname irr-server keepalived-config log-file mrt.*.file mrt.*.table optimizer.alert-script peeringdb-api-key
		peeringdb-url peers.*.as-set peers.*.description peers.*.export-limit-violation peers.*.export-next-hop
		peers.*.import-limit-violation peers.*.import-next-hop peers.*.listen4 peers.*.listen6 peers.*.password
		peers.*.post-import-filter peers.*.pre-export peers.*.pre-export-final peers.*.pre-import-accept
		peers.*.pre-import-filter peers.*.receive-limit-violation peers.*.role peers.*.session-global peers.*.template
		router-id rtr-server source4 source6 vrrp.*.interface vrrp.*.state web-ui-file
	`,
}

func TestTheKeysArePathvectors(t *testing.T) {
	have := keys()
	listed := 0
	for kind, names := range pathvectorKeys {
		for path := range strings.FieldsSeq(names) {
			listed++
			n := have[path]
			if !assert.NotNil(t, n, path) {
				continue
			}
			got := string(n.Kind())
			if n.IntegerKeys() {
				got = "integer-keyed"
			}
			assert.Equal(t, kind, got, path)
			delete(have, path)
		}
	}
	assert.Equal(t, 189, listed)
	assert.Empty(t, slices.Collect(maps.Keys(have)), "keys that Pathvector does not have")
}
