package yamledit

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/natesales/pathvector-plugin/config/tree"
	"github.com/natesales/pathvector-plugin/internal/lazyregexp"
	"go.yaml.in/yaml/v3"
)

// maxKey keeps keys shorter than what YAML allows for one on a line of its
// own with its value: 1024 characters.
const maxKey = 1000

var (
	// numeric matches what YAML 1.1 or 1.2 readers may take for a number:
	// decimal, octal, hexadecimal and binary with _ or , in between, base 60,
	// and floats. Some readers take less; quoting more does no harm.
	numeric = lazyregexp.New(`^[-+]?(?:` +
		`[0-9][0-9_,]*|0[xX][0-9a-fA-F_,]+|0[bB][01_,]+|0[oO][0-7_,]+|` +
		`[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|` +
		`(?:\.[0-9_]+|[0-9][0-9_,]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?)$`)
	date    = lazyregexp.New(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt \t])`)
	special = lazyregexp.New(`^(?:~|=|<<|[-+]?\.(?i:inf)|\.(?i:nan)|(?i:null|true|false|yes|no|on|off|y|n))$`)
)

// plainSafe reports whether s may be written without quotes: every reader
// takes it for this very string.
func plainSafe(s string, flow bool) bool {
	switch {
	case s == "", strings.TrimSpace(s) != s, strings.ContainsFunc(s, unprintable), strings.ContainsAny(s, "\n\t"):
		return false
	case numeric().MatchString(s), date().MatchString(s), special().MatchString(s):
		return false
	case strings.Contains(s, ": "), strings.HasSuffix(s, ":"), strings.Contains(s, " #"), strings.HasPrefix(s, "---"), strings.HasPrefix(s, "..."):
		return false
	case s[0] == '-' && (len(s) == 1 || s[1] == ' '), strings.IndexByte("?:,[]{}#&*!|>'\"%@`", s[0]) >= 0:
		return false
	case flow && (strings.ContainsAny(s, ",[]{}?") || strings.Contains(s, `:"`) || strings.Contains(s, ":'")):
		return false
	}
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: s}).ShortTag() == strTag
}

// unprintable matches what must be an escape: control characters, line breaks
// other than LF, what cannot be seen, and what no file may hold.
func unprintable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 ||
		r == 0xfffe || r == 0xffff || unicode.Is(unicode.Cf, r)
}

// quoted writes s in the quotes of the given style; in double quotes where
// single ones cannot hold it.
func quoted(s string, style yaml.Style) string {
	if style&yaml.SingleQuotedStyle != 0 && !strings.ContainsFunc(s, unprintable) && !strings.ContainsAny(s, "\n\t") {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		b.WriteString(escape(r))
	}
	b.WriteByte('"')
	return b.String()
}

func escape(r rune) string {
	switch {
	case r == '"' || r == '\\':
		return `\` + string(r)
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case !unprintable(r):
		return string(r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02X`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}

// stringText writes a string on one line: in the style asked for, plain where
// that is 0 and safe.
func (d *Document) stringText(s string, style yaml.Style, flow bool) string {
	if style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return quoted(s, style)
	}
	if plainSafe(s, flow) {
		return s
	}
	return quoted(s, d.style().quotes)
}

// literal returns the header and the lines of a literal block scalar that
// holds exactly s; ok is false where none does, or where it would be hard to
// read.
func literal(s string) (header string, lines []string, ok bool) {
	body := strings.TrimSuffix(s, "\n")
	lines = strings.Split(body, "\n")
	for i, line := range lines {
		blank := strings.Trim(line, " \t") == ""
		if blank && (line != "" || i == 0 || i == len(lines)-1) || i == 0 && (line[0] == ' ' || line[0] == '\t') {
			return "", nil, false
		}
	}
	if strings.ContainsFunc(s, unprintable) {
		return "", nil, false
	}
	if body == s {
		return "|-", lines, true
	}
	return "|", lines, true
}

// wantsLiteral reports whether a new string is best written as a literal
// block scalar.
func wantsLiteral(v tree.Value) bool {
	s, isString := v.(string)
	if !isString || !strings.Contains(s, "\n") {
		return false
	}
	_, _, ok := literal(s)
	return ok
}

// scalarText writes a value that is no collection on one line.
func (d *Document) scalarText(v tree.Value, style yaml.Style, flow bool) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case bool:
		return fmt.Sprint(v), nil
	case json.Number:
		tag := (&yaml.Node{Kind: yaml.ScalarNode, Value: string(v)}).ShortTag()
		if tag != intTag && tag != floatTag {
			return "", fmt.Errorf("the number %s is too large for YAML", quote(string(v)))
		}
		return string(v), nil
	case string:
		return d.stringText(v, style, flow), nil
	case *source:
		return d.inText(v, flow), nil
	}
	return "", fmt.Errorf("internal error: %T is no scalar", v)
}

// keyText writes a key. An integer key of the schema stays without quotes.
func (d *Document) keyText(s string, integer bool, style yaml.Style, flow bool) (string, error) {
	if integer && (&yaml.Node{Kind: yaml.ScalarNode, Value: s}).ShortTag() == intTag {
		return s, nil
	}
	text := d.stringText(s, style, flow)
	if len(text) > maxKey {
		return "", fmt.Errorf("the key %s is too long for YAML: at most %d bytes", quote(s), maxKey)
	}
	return text, nil
}
