package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/natesales/pathvector-plugin/config/schema"
	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
)

// unsafeText finds texts that Pathvector writes between double quotes, or into
// a comment, without looking at them: a quote or a newline ends the text there,
// and BIRD reads what follows as configuration.
func unsafeText(s *subject, found report) {
	s.values(func(n *schema.Node) bool { return n.XQuoted }, func(v value) {
		text, _ := v.text()
		switch {
		case strings.Contains(text, `"`):
			found(v.path, "there is a double quote in the text, with which it ends for BIRD: what follows is read as configuration", "leave the double quote out; single ones do no harm")
		case strings.Contains(text, "\n"):
			found(v.path, "there is a newline in the text, and BIRD takes none", "write it on one line; a block that starts with | or > ends in a newline, |- and >- do not")
		}
	})
	for _, p := range s.peers {
		if strings.Contains(p.name, "\n") {
			found(p.path, "there is a newline in the peer's name: what follows is read as configuration by BIRD", "write the name on one line")
		}
	}
}

var placeholder = lazyregexp.New(`<pathvector\.([^>]*)>`)

// unknownPlaceholder finds placeholders in BIRD filters that Pathvector leaves
// there, as the peer has no such value. BIRD reads them as an error, unless
// they stand in a comment.
func unknownPlaceholder(s *subject, found report) {
	n := schema.At(tree.Path{"peers", "*"})
	keys := slices.DeleteFunc(n.Keys(), func(key string) bool { return !n.Child(key).XPlaceholders })
	for _, p := range s.peers {
		for _, key := range keys {
			v, at := p.get(key)
			text, _ := v.(string)
			for line := range strings.Lines(text) {
				code, _, _ := strings.Cut(line, "#")
				for _, m := range placeholder().FindAllStringSubmatch(code, -1) {
					s.placeholder(p, m[1], at, found)
				}
			}
		}
	}
}

func (s *subject) placeholder(p peer, key string, at tree.Path, found report) {
	n := schema.At(p.path.Child(key))
	switch v := p.value(key); {
	case v != nil && n != nil, n != nil && n.Default != nil, n != nil && n.Kind() == schema.Boolean:
	case n == nil:
		instead := "use the name of one of a peer's keys"
		if near := nearest(key, schema.At(p.path).Keys()); near != "" {
			instead = "write <pathvector." + near + ">"
		}
		found(at, "there is no key for the placeholder <pathvector."+key+">, so BIRD reads it as it is, and fails", instead)
	default:
		found(at, "the peer "+strconv.Quote(p.name)+" has no "+key+" for the placeholder <pathvector."+key+">, so BIRD reads it as it is, and fails", "set "+key+" in the peer or its template", p.path)
	}
}

// community is one as Pathvector reads it.
func community(text string) bool {
	parts := strings.Split(strings.ReplaceAll(text, ",", ":"), ":")
	bits := map[int]int{2: 16, 3: 32}[len(parts)]
	for _, part := range parts {
		if _, err := strconv.ParseUint(part, 10, max(bits, 1)); err != nil {
			return false
		}
	}
	return bits > 0
}

func badCommunity(s *subject, found report) {
	s.texts(func(v value, text string) {
		if !community(text) {
			found(v.path, "expected a community, got "+s.show(v.path, text), "write A:B with numbers to 65535, or A:B:C with numbers to 4294967295; patterns with * do not work")
		}
	}, "community")
}

var (
	asnRange = lazyregexp.New(`^\s*[0-9]+\s*(\.\.\s*[0-9]+\s*)?$`)
	pathPart = lazyregexp.New(`^\s*(([0-9]+|[?*]|\[[0-9., ]+\])\s*)+$`)
	number   = lazyregexp.New(`[0-9]+`)
)

func badASN(s *subject, found report) {
	s.texts(func(v value, text string) {
		form, example := asnRange, "write a number, or two with .. between them, without AS"
		if v.format == "bird-path-part" {
			form, example = pathPart, "write a number, without AS"
		}
		ok := form().MatchString(text)
		for _, n := range number().FindAllString(text, -1) {
			ok = ok && isNumber(n)
		}
		if !ok {
			found(v.path, "expected an AS number, got "+s.show(v.path, text), example)
		}
	}, "bird-asn-range", "bird-path-part")
}

// uncommented returns an entry of a blocklist without its comment.
func uncommented(text string) string {
	text, _, _ = strings.Cut(text, "#")
	return strings.TrimSpace(text)
}

// badBlocklist finds entries that Pathvector stops at, and numbers that it
// takes for other ones, as they are too large.
func badBlocklist(s *subject, found report) {
	s.texts(func(v value, text string) {
		entry := uncommented(text)
		asn := entry
		if len(entry) > 2 && strings.EqualFold(entry[:2], "as") {
			asn = entry[2:]
		}
		if _, ok := readPattern(entry); entry != "" && !isNumber(asn) && (!ok || strings.ContainsAny(entry, "{+-")) {
			found(v.path, "expected an AS number, a prefix or an address, got "+s.show(v.path, text), "write one of 64500, AS64500, 192.0.2.0/24 and 192.0.2.1, behind which a # comment may stand")
		}
	}, "asn-or-prefix")
}
