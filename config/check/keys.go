package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
)

func missingASN(s *subject, found report) {
	if s.at("asn") == nil {
		found(nil, "there is no asn, and Pathvector needs one", "add the AS number of this network: asn: 64500")
	}
}

func missingRouterID(s *subject, found report) {
	if id := s.at("router-id"); id == nil || id == "" {
		found(nil, "there is no router-id, and Pathvector needs one", "add the BGP identifier: router-id: 192.0.2.1")
	}
}

// unknownKey looks through the whole tree, unused templates included: a key
// that Pathvector does not know is fatal wherever it stands.
func unknownKey(s *subject, found report) {
	var visit func(v tree.Value, n *schema.Node, path tree.Path)
	visit = func(v tree.Value, n *schema.Node, path tree.Path) {
		fixed := n.Fixed()
		for key, child := range object(v).All() {
			at := append(path, key)
			if fixed && !n.Known(key) && !inTemplate(at) {
				message, instead := "unknown key "+s.showKey(at, key), "remove it: Pathvector stops at keys that it does not know, unless this one is of a later version or a fork"
				if near := nearest(key, n.Keys()); near != "" {
					message, instead = message+": did you mean "+near+"?", "write "+near
				}
				found(at, message, instead)
				continue
			}
			visit(child, n.Child(key), at)
		}
	}
	visit(s.tree, schema.Root(), make(tree.Path, 0, deep))
}

// inTemplate reports whether a path is that of a template's own template key,
// which is known and wrong: nestedTemplate tells.
func inTemplate(path tree.Path) bool {
	return len(path) == 3 && path[0] == "templates" && path[2] == "template"
}

func (s *subject) showKey(at tree.Path, key string) string {
	if s.doc.Secret(at[:len(at)-1]) {
		return "********"
	}
	return strings.Trim(s.show(nil, key), `"`)
}

// nearest returns the key that comes nearest to a misspelt one, "" if none is
// near.
func nearest(key string, known []string) string {
	best, least := "", 3
	if len(key) < 4 {
		least = 2
	}
	folded := strings.ReplaceAll(strings.ToLower(key), "_", "-")
	for _, k := range known {
		d := levenshtein.ComputeDistance(folded, k)
		if letters(folded) == letters(k) {
			d = min(d, 1) // two of them changed places
		}
		if d < least {
			best, least = k, d
		}
	}
	return best
}

func letters(word string) string {
	b := []byte(word)
	slices.Sort(b)
	return string(b)
}

func noEffect(s *subject, found report) {
	s.values(func(n *schema.Node) bool { return n.XNoEffect }, func(v value) {
		if v.v != nil {
			found(v.path, "Pathvector does nothing with this key", "remove it")
		}
	})
}

func unresolvedTag(s *subject, found report) {
	for _, tag := range s.doc.Tags() {
		name := " " + tag.Name
		if s.doc.Secret(tag.Path) {
			name = "" // it may be a password that starts with an exclamation mark
		}
		found(tag.Path, "the tag"+name+" means nothing to Pathvector, which takes the text behind it as the value",
			"write the value itself, in quotes if it starts with !, or leave the key out and have a plugin set it")
	}
}

// emptySection finds the nulls that Pathvector crashes on. An empty list, or
// an empty section of another kind, does not matter to it.
func emptySection(s *subject, found report) {
	const message, instead = "nothing stands here, and Pathvector crashes on that", "write the keys below it, indented, or remove it"
	if v, ok := tree.Lookup(s.tree, tree.Path{"kernel"}); ok && v == nil {
		found(tree.Path{"kernel"}, message, instead)
	}
	for _, section := range []string{"peers", "templates", "vrrp", "bfd"} {
		for name, v := range object(s.at(section)).All() {
			if v == nil {
				found(tree.Path{section, name}, message, instead)
			}
		}
	}
}

func outOfRange(s *subject, found report) {
	s.values(func(n *schema.Node) bool { return n.Kind() == schema.Integer }, func(v value) {
		if v.v == nil {
			return
		}
		if _, m := v.node.Fit(v.v); m != nil {
			found(v.path, "expected "+m.Want+", got "+s.show(v.path, v.v), "write a number that is in range")
		}
	})
}

func notAChoice(s *subject, found report) {
	s.values(func(n *schema.Node) bool { return len(n.Enum) > 0 }, func(v value) {
		text, _ := v.text()
		if _, m := v.node.Fit(v.v); m != nil {
			instead := "write " + m.Want
			if near := nearest(text, v.node.Choices()); near != "" {
				instead = "write " + near
			}
			found(v.path, "expected "+m.Want+", got "+s.show(v.path, v.v), instead)
		}
	})
}

func rtrServer(s *subject, found report) {
	at := tree.Path{"rtr-server"}
	server, _ := s.at(at...).(string)
	host, port, _ := strings.Cut(server, ":")
	if n, err := strconv.ParseUint(port, 10, 16); server != "" && (err != nil || n == 0 || host == "") {
		found(at, "expected host:port, got "+s.show(at, server), "write a name or an IPv4 address, a colon and a port from 1 to 65535; an IPv6 address does not work here, a name for one does")
	}
}

func rtrServerEmpty(s *subject, found report) {
	if s.at("rtr-server") == "" && s.at("rpki-enable") != false {
		found(tree.Path{"rtr-server"}, "it is empty, so BIRD has no server to ask, and no route is found invalid",
			"write host:port, or say rpki-enable: false", tree.Path{"rpki-enable"})
	}
}
