package check

import (
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
)

// protocolName returns the name that a peer or a BFD session has in BIRD's
// configuration and in names of files; "" when nothing of it is left.
func protocolName(name string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r == '_', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, strings.ToUpper(name))
	if out != "" && out[0] >= '0' && out[0] <= '9' {
		out = "PEER_" + out
	}
	return out
}

func nameWithoutLetters(s *subject, found report) {
	for _, section := range []string{"peers", "bfd"} {
		for name := range object(s.at(section)).All() {
			at := tree.Path{section, name}
			if protocolName(name) == "" {
				found(at, "of the name "+s.show(at, name)+" nothing is left once Pathvector has taken out all but A-Z, 0-9 and _, and it crashes on that", "add letters of the Latin alphabet to the name")
			}
		}
	}
}

func peerCollision(s *subject, found report) {
	first := make(map[[2]string]int, len(s.peers))
	for i, p := range s.peers {
		asn := p.value("asn")
		name := protocolName(p.name)
		if name == "" || asn == nil {
			continue
		}
		number := string(tree.Append(nil, asn))
		id := [2]string{name, number}
		at, taken := first[id]
		if !taken {
			first[id] = i
			continue
		}
		other := s.peers[at]
		found(p.path, "the peer has the AS number of "+s.show(other.path, other.name)+", and for BIRD its name too: both are written to AS"+number+"_"+name+".conf, where one overwrites the other",
			"give it a name that differs in more than case and other characters than letters and digits", other.path)
	}
}

func bfdCollision(s *subject, found report) {
	first := map[string]string{"ASN": ""}
	for name := range object(s.at("bfd")).All() {
		id, at := protocolName(name), tree.Path{"bfd", name}
		other, taken := first[id]
		switch {
		case id == "":
		case taken && other == "":
			found(at, "the name is taken: Pathvector itself gives BIRD a constant ASN", "give it another name")
		case taken:
			found(at, "for BIRD the name is the same as that of "+s.show(at, other)+", and it refuses that", "give it a name that differs in more than case and other characters than letters and digits", tree.Path{"bfd", other})
		default:
			first[id] = name
		}
	}
}

func bfdWithoutNeighbor(s *subject, found report) {
	for name, v := range object(s.at("bfd")).All() {
		if neighbor, _ := object(v).Get("neighbor"); v != nil && neighbor == nil {
			found(tree.Path{"bfd", name}, "there is no neighbor, and Pathvector crashes on that", "add the address of the other side: neighbor: 192.0.2.1")
		}
	}
}

func vrrpState(s *subject, found report) {
	for name, v := range object(s.at("vrrp")).All() {
		if state, _ := object(v).Get("state"); v != nil && state == nil {
			found(tree.Path{"vrrp", name}, "there is no state, and Pathvector stops at that", "add state: primary, or state: backup")
		}
	}
}

func vrrpIncomplete(s *subject, found report) {
	for name, v := range object(s.at("vrrp")).All() {
		var missing []string
		for _, key := range []string{"interface", "vrid", "priority", "vips"} {
			if part, _ := object(v).Get(key); part == nil {
				missing = append(missing, key)
			}
		}
		if v != nil && len(missing) > 0 {
			found(tree.Path{"vrrp", name}, "keepalived cannot do without "+strings.Join(missing, ", "), "add what is missing")
		}
	}
}

func mrt(s *subject, found report) {
	for name := range object(s.at("mrt")).All() {
		found(tree.Path{"mrt", name}, "Pathvector cannot write MRT dumps in any known version, and stops at them", "write the BIRD protocol into global-config: protocol mrt { … }")
	}
}

func decimal(i int) string { return strconv.Itoa(i) }
