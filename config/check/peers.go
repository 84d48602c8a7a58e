package check

import (
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// peerWithoutNeighbors looks at the peer alone: Pathvector wants neighbors
// before it looks at the template.
func peerWithoutNeighbors(s *subject, found report) {
	for _, p := range s.peers {
		v, _ := p.own.Get("neighbors")
		if items, _ := v.([]tree.Value); len(items) == 0 {
			instead := "add the addresses of the peer: neighbors: [192.0.2.1]"
			if v, _ := p.template.Get("neighbors"); v != nil {
				instead = "write neighbors in the peer: Pathvector does not take them from a template"
			}
			found(p.path, "the peer has no neighbors, and Pathvector stops at that", instead)
		}
	}
}

func peerWithoutASN(s *subject, found report) {
	for _, p := range s.peers {
		if v := p.value("asn"); v == nil {
			found(p.path, "the peer has no asn, and BIRD refuses it so", "add the AS number of the peer: asn: 64501")
		}
	}
}

func unknownTemplate(s *subject, found report) {
	templates := object(s.at("templates"))
	for _, p := range s.peers {
		v, _ := p.own.Get("template")
		name, _ := v.(string)
		if name == "" || templates.Has(name) {
			continue
		}
		at := p.path.Child("template")
		instead := "define it under templates, or name one that is there"
		if near := nearest(name, templates.Keys()); near != "" {
			instead = "write " + near
		}
		found(at, "there is no template "+s.show(at, name), instead, tree.Path{"templates", name})
	}
}

// nestedTemplate looks at all templates, as Pathvector does, used or not.
func nestedTemplate(s *subject, found report) {
	for name, v := range object(s.at("templates")).All() {
		if base, _ := object(v).Get("template"); base != nil && base != "" {
			found(tree.Path{"templates", name, "template"}, "a template cannot build on another one, and Pathvector stops at that", "write the values out, or have the inherit plugin do it")
		}
	}
}

func announceConflict(s *subject, found report) {
	for _, p := range s.peers {
		all, at := p.on("announce-all")
		if only, from := p.get("only-announce"); all && only != nil {
			found(from, "only-announce and announce-all: true exclude each other, and Pathvector stops at that", "remove one of the two", at, p.path)
		}
	}
}

func optimizerConflict(s *subject, found report) {
	for _, p := range s.peers {
		optimize, at := p.on("optimize-inbound")
		if preference, from := p.get("default-local-pref"); optimize && preference != nil {
			found(from, "default-local-pref and optimize-inbound: true exclude each other, and Pathvector stops at that", "remove one of the two", at, p.path)
		}
	}
}

func roleRequired(s *subject, found report) {
	for _, p := range s.peers {
		require, at := p.on("require-roles")
		if role := p.value("role"); require && role == nil {
			found(at, "require-roles needs the role of our side, and there is none", "add role: one of provider, rs-server, rs-client, customer, peer", p.path)
		}
	}
}

// asSet returns whether Pathvector has an AS-SET for the peer, or gets one.
func (p peer) asSet() bool {
	set := p.value("as-set")
	auto, _ := p.on("auto-as-set")
	return auto || set != nil && set != ""
}

func irrWithoutASSet(s *subject, found report) {
	for _, p := range s.peers {
		if filter, at := p.on("filter-irr"); filter && !p.asSet() {
			found(at, "filter-irr needs an AS-SET, and there is none", "add as-set, or auto-as-set: true", p.path)
		}
	}
}

func membersWithoutASSet(s *subject, found report) {
	for _, p := range s.peers {
		if auto, at := p.on("auto-as-set-members"); auto && !p.asSet() {
			found(at, "auto-as-set-members without an AS-SET makes Pathvector crash", "add as-set, or auto-as-set: true", p.path)
		}
	}
}

func asSetWithoutMembers(s *subject, found report) {
	for _, p := range s.peers {
		filter, at := p.on("filter-as-set")
		auto, _ := p.on("auto-as-set-members")
		if members, _ := p.value("as-set-members").([]tree.Value); filter && !auto && len(members) == 0 {
			found(at, "filter-as-set needs members, and there are none", "add as-set-members, or auto-as-set-members: true", p.path)
		}
	}
}

func providersEmpty(s *subject, found report) {
	for _, p := range s.peers {
		asn := p.value("asn")
		if filter, at := p.on("filter-aspa"); filter && asn != nil {
			from := tree.Path{"authorized-providers", string(tree.Append(nil, asn))}
			v, _ := tree.Lookup(s.tree, from)
			if list, ok := v.([]tree.Value); ok && len(list) == 0 {
				found(from, "the list is empty, and a peer with filter-aspa has this AS number: Pathvector writes a filter that BIRD cannot read", "name the providers, or remove the AS number", at, p.path)
			}
		}
	}
}

// sessionType finds keys that BIRD takes in one type of session only. It goes
// by the AS numbers of the two sides.
func sessionType(s *subject, found report) {
	for _, p := range s.peers {
		internal, known := s.internal(p)
		client, at := p.on("rr-client")
		switch role, from := p.get("role"); {
		case !known:
		case client && !internal:
			found(at, "only an internal peer (iBGP) can be a route reflector client, and BIRD refuses this one", "remove rr-client, or correct the AS numbers", p.path, tree.Path{"asn"})
		case role != nil && internal:
			found(from, "an internal peer (iBGP) cannot have a role, and BIRD refuses it", "remove role", p.path, tree.Path{"asn"})
		}
		if client, at := p.on("rs-client"); known && client && internal {
			found(at, "only an external peer (eBGP) can be a route server client, and BIRD refuses this one", "remove rs-client, or correct the AS numbers", p.path, tree.Path{"asn"})
		}
	}
}

func (s *subject) internal(p peer) (internal, known bool) {
	theirs := p.value("asn")
	ours := p.value("local-asn")
	if ours == nil || string(tree.Append(nil, ours)) == "0" {
		ours = s.at("asn")
	}
	return tree.Equal(ours, theirs), ours != nil && theirs != nil
}

func confederationRequired(s *subject, found report) {
	for _, p := range s.peers {
		member, at := p.on("confederation-member")
		if id := p.value("confederation"); member && (id == nil || string(tree.Append(nil, id)) == "0") {
			found(at, "confederation-member needs confederation, and BIRD refuses it without", "add confederation: with the confederation's AS number", p.path)
		}
	}
}

// linkLocal leaves peers alone that name their interface in BIRD's words.
func linkLocal(s *subject, found report) {
	for _, p := range s.peers {
		multihop, at := p.on("multihop")
		raw := p.value("session-global")
		if text, _ := raw.(string); strings.Contains(text, "interface") {
			continue
		}
		items, _ := p.value("neighbors").([]tree.Value)
		for i, item := range items {
			text, _ := item.(string)
			ip, _, zoned := strings.Cut(text, "%")
			a, ok := address(ip)
			if !ok || !a.Is6() || !a.IsLinkLocalUnicast() {
				continue
			}
			_, list := p.list("neighbors")
			switch item := list.Child(decimal(i)); {
			case !zoned:
				found(item, "a link-local address needs its interface, and BIRD refuses it without", "write "+ip+"%eth0, with the name of the interface")
			case multihop:
				found(item, "a link-local address cannot be more than one hop away, and BIRD refuses it with multihop", "remove multihop", at)
			}
		}
	}
}

func disableAfterError(s *subject, found report) {
	for _, p := range s.peers {
		if on, at := p.on("disable-after-error"); on {
			found(at, "Pathvector writes this key where BIRD refuses it, in every known version", "remove it, or write session-global: disable after error on;")
		}
	}
}

// routeServersByTemplate: Pathvector asks PeeringDB, and writes the function
// for BIRD, only when a peer itself has the key.
func routeServersByTemplate(s *subject, found report) {
	const key = "filter-never-via-route-servers"
	for _, p := range s.peers {
		if v, _ := p.own.Get(key); v != nil {
			return
		}
	}
	for _, p := range s.peers {
		if on, at := p.on(key); on {
			found(at, "no peer itself has this key, and Pathvector then writes a filter that BIRD cannot read", "write it in a peer that uses the template", p.path)
		}
	}
}

func routeServersQuery(s *subject, found report) {
	const key = "filter-never-via-route-servers"
	for _, p := range s.peers {
		if v, _ := p.own.Get(key); v == false {
			found(p.path.Child(key), "this key makes Pathvector ask PeeringDB even when it is false, and stop when PeeringDB does not answer", "remove it: false is the default")
		}
	}
}
