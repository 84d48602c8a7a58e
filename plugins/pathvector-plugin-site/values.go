package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// setters are the keys of a router's entry that hold one value. Each checks
// the value: Pathvector takes any text there, and BIRD's error would come
// late.
func (r *router) setters() map[string]func(string) error {
	return map[string]func(string) error{
		"router-id": address(&r.RouterID, "router-id", plainIPv4, "an IPv4 address"),
		"source4":   address(&r.Source4, "source4", plainIPv4, "an IPv4 address"),
		"source6":   address(&r.Source6, "source6", plainIPv6, "an IPv6 address"),
		"hostname":  hostname(&r.Hostname),
	}
}

func address(to *string, key string, fits func(netip.Addr) bool, want string) func(string) error {
	return func(text string) error {
		a, err := netip.ParseAddr(text)
		if err != nil || !fits(a) {
			return fmt.Errorf("%s must be %s, got %q", key, want, short(text))
		}
		*to = text
		return nil
	}
}

func plainIPv4(a netip.Addr) bool { return a.Is4() && !a.IsUnspecified() }

func plainIPv6(a netip.Addr) bool {
	return a.Is6() && !a.Is4In6() && !a.IsUnspecified() && a.Zone() == ""
}

// hostname refuses what would end the string in the BIRD configuration that
// the name is written to.
func hostname(to *string) func(string) error {
	return func(text string) error {
		if strings.ContainsFunc(text, notInHostname) {
			return fmt.Errorf("hostname must consist of letters, digits, dots, hyphens and underscores, got %q", short(text))
		}
		*to = text
		return nil
	}
}

func notInHostname(c rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", c)
}

// checkCommunity takes what Pathvector takes: two numbers of 16 bits or three
// of 32, separated by colons or commas.
func checkCommunity(text string) error {
	parts := strings.Split(canonical(text), ":")
	bits := map[int]int{2: 16, 3: 32}[len(parts)]
	if bits == 0 {
		return fmt.Errorf("a community must be A:B or A:B:C, got %q", short(text))
	}
	for _, part := range parts {
		n, err := strconv.ParseUint(part, 10, bits)
		if err != nil || strconv.FormatUint(n, 10) != part {
			return fmt.Errorf("in a community of %d parts each must be a number from 0 to %d, got %q",
				len(parts), uint64(1)<<bits-1, short(text))
		}
	}
	return nil
}

// canonical makes communities comparable: Pathvector reads 65000,1 and
// 65000:1 as the same one.
func canonical(community string) string { return strings.ReplaceAll(community, ",", ":") }

// withCommunities is list followed by what it lacks of more.
func withCommunities(list, more []string) []string {
	have := map[string]bool{}
	for _, c := range list {
		have[canonical(c)] = true
	}
	result := list
	for _, c := range more {
		if !have[canonical(c)] {
			have[canonical(c)] = true
			result = append(result, c)
		}
	}
	return result
}
