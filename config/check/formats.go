package check

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
)

// zone is an interface behind an address, as BIRD reads it.
var zone = lazyregexp.New(`^([A-Za-z_][A-Za-z0-9_]*|'[A-Za-z0-9_.:-]+')$`)

// leadingZero is one in an IPv4 address, which BIRD takes.
var leadingZero = lazyregexp.New(`(^|\.)0+([0-9])`)

// address reads an IP address.
func address(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil && !strings.Contains(text, ":") {
		a, err = netip.ParseAddr(leadingZero().ReplaceAllString(text, "$1$2"))
	}
	return a, err == nil && a.Zone() == ""
}

func badAddress(s *subject, found report) {
	s.texts(func(v value, text string) {
		ip, iface, zoned := strings.Cut(text, "%")
		a, ok := address(ip)
		switch {
		case isRouterID(v.path) && (a.Is4() || text == "" || isNumber(text)):
		case !isRouterID(v.path) && text == "" && !isNeighbor(v.path): // as if it were absent
		case !ok || zoned && v.format != "ip-zone" || isRouterID(v.path):
			found(v.path, "expected an IP address, got "+s.show(v.path, text), "write an address alone, without a prefix length, brackets or a port")
		case zoned && !zone().MatchString(iface):
			found(v.path, "BIRD does not read the interface in "+s.show(v.path, text), `put the interface in single quotes, and all of it in double ones: "`+ip+"%'"+strings.Trim(iface, `'"`)+`'"`)
		}
	}, "ipv4", "ipv6", "ip", "ip-zone")
}

func isRouterID(path tree.Path) bool { return len(path) == 1 && path[0] == "router-id" }

// isNeighbor reports whether an address must be there: one of a peer, of BFD
// or of a static route.
func isNeighbor(path tree.Path) bool {
	return len(path) > 2 && (path[2] == "neighbors" || path[2] == "neighbor" || path[1] == "statics")
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 32)
	return err == nil
}

// wrongFamily finds addresses of the other family than their key is for. BIRD
// takes them, and never uses them.
func wrongFamily(s *subject, found report) {
	s.texts(func(v value, text string) {
		a, ok := address(text)
		if ok && a.Is4() != (v.format == "ipv4") && !isRouterID(v.path) {
			found(v.path, s.show(v.path, text)+" is no "+familyName(v.format == "ipv4")+" address, so it is of no use here", "write "+otherKey(v.path)+" for it")
		}
	}, "ipv4", "ipv6")
	for _, key := range []string{"bogons4", "bogons6"} {
		items, _ := s.at(key).([]tree.Value)
		is4 := key == "bogons4"
		for i, item := range items {
			if p, ok := readPrefix(item); ok && p.addr.Is4() != is4 {
				found(tree.Path{key, strconv.Itoa(i)}, "this is no "+familyName(is4)+" prefix, so it is of no use here", "move it to "+otherKey(tree.Path{key}))
			}
		}
	}
}

func familyName(is4 bool) string {
	if is4 {
		return "IPv4"
	}
	return "IPv6"
}

// otherKey returns the key for the other address family.
func otherKey(path tree.Path) string {
	key := path[len(path)-1]
	if stem, ok := strings.CutSuffix(key, "4"); ok {
		return stem + "6"
	}
	return strings.TrimSuffix(key, "6") + "4"
}

// prefixPattern is a prefix as BIRD's prefix sets have it.
type prefixPattern struct {
	addr netip.Addr
	bits int
}

var patternForm = lazyregexp.New(`^\s*([0-9A-Fa-f:.]+)(?:/([0-9]{1,3}))?\s*(?:[+-]|\{\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*\})?\s*$`)

// readPattern reads a prefix, behind which a range of lengths may stand.
func readPattern(text string) (prefixPattern, bool) {
	m := patternForm().FindStringSubmatch(text)
	if m == nil {
		return prefixPattern{}, false
	}
	a, ok := address(m[1])
	bits, low, high := a.BitLen(), 0, a.BitLen()
	if m[2] != "" {
		bits, _ = strconv.Atoi(m[2])
	}
	if m[3] != "" {
		low, _ = strconv.Atoi(m[3])
		high, _ = strconv.Atoi(m[4])
	}
	return prefixPattern{a, bits}, ok && bits <= a.BitLen() && low <= high && high <= a.BitLen()
}

// readPrefix reads an item of a list of prefixes, which in a blocklist may have
// a comment.
func readPrefix(v tree.Value) (prefixPattern, bool) {
	text, _ := v.(string)
	if p, ok := readPattern(text); ok {
		return p, true
	}
	return readPattern(uncommented(text))
}

func badPrefix(s *subject, found report) {
	s.texts(func(v value, text string) {
		ip, _, err := net.ParseCIDR(text)
		switch {
		case err != nil:
			found(v.path, "expected a prefix, got "+s.show(v.path, text), "write an address, a slash and a length, as in 192.0.2.0/24")
		case ip.To4() != nil && strings.Contains(text, ":"):
			found(v.path, "Pathvector takes "+s.show(v.path, text)+" for IPv4, and BIRD for IPv6", "write the IPv4 prefix without ::ffff:")
		}
	}, "cidr", "cidr-address")
	s.texts(func(v value, text string) {
		if _, ok := readPattern(text); !ok {
			found(v.path, "expected a prefix pattern of BIRD, got "+s.show(v.path, text), "write a prefix, behind which +, - or {LOW,HIGH} may stand, as in 192.0.2.0/24{24,32}")
		}
	}, "bird-prefix-pattern")
}

// hostBits finds prefixes with bits set behind their length: BIRD takes none.
func hostBits(s *subject, found report) {
	s.texts(func(v value, text string) {
		p, ok := readPrefix(text)
		if !ok {
			return // badPrefix and badBlocklist tell
		}
		if masked := netip.PrefixFrom(p.addr, p.bits).Masked(); masked.Addr() != p.addr {
			found(v.path, s.show(v.path, text)+" has bits set behind the prefix length, which BIRD refuses",
				"write "+masked.String()+", or the address with /"+strconv.Itoa(p.addr.BitLen()))
		}
	}, "cidr", "bird-prefix-pattern", "asn-or-prefix")
}

// mixedFamilies finds lists that BIRD gets as one prefix set, which can hold
// prefixes of one address family only.
func mixedFamilies(s *subject, found report) {
	for _, key := range []string{"bogons4", "bogons6", "blocklist"} {
		items, _ := s.at(key).([]tree.Value)
		oneFamily(items, tree.Path{key}, found)
	}
	for _, p := range s.peers {
		for _, key := range []string{"dont-announce", "only-announce"} {
			items, at := p.list(key)
			oneFamily(items, at, found)
		}
	}
}

func oneFamily(items []tree.Value, at tree.Path, found report) {
	var has4, has6 bool
	for _, item := range items {
		if p, ok := readPrefix(item); ok {
			has4 = has4 || p.addr.Is4()
			has6 = has6 || !p.addr.Is4()
		}
	}
	if has4 && has6 {
		found(at, "IPv4 and IPv6 prefixes stand in one list, which BIRD refuses", "keep those of one address family")
	}
}
